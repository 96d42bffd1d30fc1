/** What a test expected and what it got, as source text of the test's language. */
export interface Comparison {
  readonly expected: string;
  readonly actual: string;
}

/**
 * What was compared, by the message of a failed assertion: `assert f(1) == 2: got 3`. Undefined where the message is of
 * another kind, or does not tell for sure.
 */
export function compared(message: string): Comparison | undefined {
  const both = /^assert (.+?): left is (.*), right is (.*)$/s.exec(message);
  if (both !== null) return comparedBoth(both);
  const [, source, got] = /^(assert\b.+?): got (.*)$/s.exec(message) ?? [];
  if (source === undefined || got === undefined) return undefined;
  return source.startsWith('assert ') ? comparedByAssert(source, got) : comparedByCall(source, got);
}

function comparedBoth([, source = '', left = '', right = '']: RegExpExecArray): Comparison | undefined {
  const told = sides(source);
  if (told === undefined || told.note || left.includes(', right is ')) return undefined;
  return { expected: right, actual: left };
}

/** `assert f(1) == 2`, of Python: the side that is plain data is what was expected. */
function comparedByAssert(source: string, got: string): Comparison | undefined {
  const told = sides(source.slice('assert '.length));
  if (told === undefined || told.note) return undefined;
  const expected = [told.right, told.left].find(isPlainData);
  return expected === undefined ? undefined : { expected, actual: got };
}

/** `assert.equal(f(1), 2)`, of JavaScript: the second argument is what was expected. */
function comparedByCall(source: string, got: string): Comparison | undefined {
  const call = /^assert(?:\.strict)?\.(?:deepStrictEqual|strictEqual|deepEqual|equal)\((.*)\)$/s.exec(source);
  const parts = split(call?.[1] ?? '', ',');
  const [, expected] = parts;
  if (parts.length !== 2 || expected === undefined) return undefined;
  const said = /^(.*), expected (.*)$/s.exec(got);
  if (said?.[1] !== undefined && said[2] !== undefined) return { expected: said[2], actual: said[1] };
  return isPlainData(expected) ? { expected: expected.trim(), actual: got } : undefined;
}

/** The two sides of the one comparison for equality that a source is. `note`: something is said besides, after a comma. */
function sides(source: string): { left: string; right: string; note: boolean } | undefined {
  const [comparison = '', ...note] = split(source, ',');
  const [left, right, ...more] = split(comparison, ' == ', ' is ');
  if (left === undefined || right === undefined || more.length > 0) return undefined;
  if (split(comparison, ' and ', ' or ', ' if ', ' != ', ' in ', ' < ', ' > ', ' <= ', ' >= ').length > 1)
    return undefined;
  if (/^not\b/.test(left.trim()) || /^not\b/.test(right.trim())) return undefined;
  return { left: left.trim(), right: right.trim(), note: note.length > 0 };
}

const OPENING = '([{';
const CLOSING = ')]}';

/** Splits a source at separators that stand in no brackets and no string. */
function split(source: string, ...separators: readonly string[]): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < source.length; at++) {
    const character = source.charAt(at);
    const separator = depth > 0 ? undefined : separators.find((one) => source.startsWith(one, at));
    if (separator !== undefined) {
      parts.push(source.slice(from, at));
      from = at + separator.length;
      at = from - 1;
    } else if (OPENING.includes(character)) depth++;
    else if (CLOSING.includes(character)) depth--;
    else if (`'"\``.includes(character)) at = endOfString(source, at);
  }
  return [...parts, source.slice(from)];
}

/** The offset of the quote that ends the string which starts here. */
function endOfString(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === source[start]) return at;
  }
  return source.length;
}

/** Whether a source is made of numbers, strings, constants and brackets only: nothing is called or looked up in it. */
function isPlainData(source: string): boolean {
  const rest = source
    .replace(/(?:\b[bru]{1,2})?(["'`])(?:\\.|(?!\1)[^\\])*\1/gis, '')
    .replace(/\b(?:True|False|None|true|false|null|undefined|NaN|Infinity)\b/g, '')
    .replace(/\b\d[\w.]*/g, '');
  return /^[\s()[\]{},.:+-]*$/.test(rest) && source.trim() !== '';
}
