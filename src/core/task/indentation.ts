import type { SyntaxNode } from '@lezer/common';

/** How a text is indented: by tabs, or by so many spaces. */
export type IndentUnit = string;

/** Characters of a document that are looked at to learn its indentation. */
const SAMPLE = 200_000;

/** The step by which a text's lines most often go in; four spaces where none does. */
export function indentUnit(text: string): IndentUnit {
  const steps = new Map<number, number>();
  let tabs = 0;
  let spaces = 0;
  let before = 0;
  for (const [, white = ''] of text.slice(0, SAMPLE).matchAll(/^([ \t]*)(?=[^\s])/gm)) {
    if (white.startsWith('\t')) tabs++;
    else if (white !== '') spaces++;
    const step = white.length - before;
    if (step >= 2 && step <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    before = white.length;
  }
  if (tabs > spaces) return '\t';
  const [most] = [...steps].sort(([a, countA], [b, countB]) => countB - countA || b - a);
  return ' '.repeat(most?.[0] ?? 4);
}

/** Nodes of strings over several lines whose text is data, so that no line of them may move; offsets are the code's. */
export type FixedStrings = readonly Pick<SyntaxNode, 'from' | 'to'>[];

const isFixed = (strings: FixedStrings, start: number): boolean => strings.some((s) => s.from < start && s.to >= start);

/** Takes `indent` away from every line but the first, where it is there and the line is no data. */
export function outdented(code: string, strings: FixedStrings, indent: string): string {
  if (indent === '') return code;
  return mapLines(code, (line, start) =>
    start > 0 && line.startsWith(indent) && !isFixed(strings, start) ? line.slice(indent.length) : line,
  );
}

/**
 * Indents code for a place in a document, in the document's own style.
 * @param indent white space before every line but the first
 * @param counts whether the indentation of the line at an offset means something; the style is changed only where
 *   all lines that count are indented by whole steps, because uneven ones could fall together
 */
export function reindented(
  code: string,
  strings: FixedStrings,
  indent: string,
  unit: IndentUnit,
  counts: (lineStart: number) => boolean,
): string {
  const own = indentUnit(code);
  let even = own !== unit;
  mapLines(code, (line, start) => {
    const white = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (counts(start) && white !== own.repeat(white.length / own.length)) even = false;
    return line;
  });
  return mapLines(code, (line, start) => {
    if (isFixed(strings, start)) return line;
    if (line.trim() === '') return '';
    const prefix = start === 0 ? '' : indent;
    if (!even) return prefix + line;
    let steps = 0;
    while (line.startsWith(own, steps * own.length)) steps++;
    return prefix + unit.repeat(steps) + line.slice(steps * own.length);
  });
}

function mapLines(code: string, change: (line: string, start: number) => string): string {
  let start = 0;
  return code
    .split('\n')
    .map((line) => {
      const changed = change(line, start);
      start += line.length + 1;
      return changed;
    })
    .join('\n');
}
