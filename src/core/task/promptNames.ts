/** Words in backticks or after "named" that are no name of a function to be written. */
const NO_NAMES = new Set(
  (
    'None True False int str list dict tuple set float bool bytes object self cls print len range sum min max sorted ' +
    'return def class lambda import from for while if else elif try except raise with as in is not and or pass yield ' +
    'null undefined true false string number boolean array function const let var this assert async await Array Object ' +
    'String Number Map Set Promise any void never unknown that which to the a an it'
  ).split(' '),
);

/**
 * The function or class that a free text asks for, as long as it names one and only one: by a definition in it, by
 * "function called X", by "named X", or else by the only identifier in backticks.
 */
export function entryPointOf(text: string): string | undefined {
  const identifier = '[\\p{L}_$][\\p{L}\\p{N}_$]*';
  const patterns = [
    new RegExp(`^[ \\t]*(?:async\\s+)?def\\s+(${identifier})\\s*\\(`, 'gmu'),
    new RegExp(`\\bdef\\s+(${identifier})\\s*\\(`, 'gu'),
    new RegExp(`\\bfunction\\s+(${identifier})\\s*\\(`, 'gu'),
    new RegExp(`\\b(?:called|named)\\s+[\`'"*]*(${identifier})`, 'giu'),
    new RegExp(`\\b(?:function|method|class)\\s+[\`]+(${identifier})`, 'giu'),
    new RegExp(`\`(${identifier})\\([^\`]*\\)\``, 'gu'),
    new RegExp(`\`(${identifier})\``, 'gu'),
  ];
  for (const [index, pattern] of patterns.entries()) {
    const names = [...text.matchAll(pattern)].map((match) => match[1]).filter((name) => name !== undefined);
    const distinct = [...new Set(names)].filter((name) => !NO_NAMES.has(name));
    if (distinct.length === 1) return distinct[0];
    // Of several definitions in code the last is the one that is left to write; prose that names several names none.
    if (distinct.length > 1) return index === 0 ? distinct.at(-1) : undefined;
  }
  return undefined;
}
