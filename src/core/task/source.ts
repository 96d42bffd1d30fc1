import type { Range } from './extraction';

/** The end-of-line marks that editors know. */
export type Eol = '\n' | '\r\n';

/**
 * A document as the analysis sees it: every line ends in LF and there is no byte order mark, so that CRLF and LF
 * documents give the same task. Offsets convert both ways.
 */
export interface Source {
  readonly text: string;
  /** The offset in the document of an offset in `text`. */
  toDocument(offset: number): number;
  /** The offset in `text` of an offset in the document; any number is taken, and clamped. */
  fromDocument(offset: number): number;
}

/** Reads a document; costs nothing where it already is plain LF. */
export function readSource(document: string): Source {
  const length = document.length;
  const clamp = (offset: number, max: number): number =>
    Number.isFinite(offset) ? Math.min(Math.max(Math.trunc(offset), 0), max) : offset > 0 ? max : 0;
  if (!document.includes('\r') && document.charCodeAt(0) !== 0xfeff) {
    return { text: document, toDocument: (o) => clamp(o, length), fromDocument: (o) => clamp(o, length) };
  }
  /** Offsets in the document of the characters that `text` does not have, ascending. */
  const dropped: number[] = [];
  if (document.charCodeAt(0) === 0xfeff) dropped.push(0);
  for (let at = document.indexOf('\r\n'); at >= 0; at = document.indexOf('\r\n', at + 2)) dropped.push(at);
  const text = document
    .slice(dropped[0] === 0 && document.charCodeAt(0) === 0xfeff ? 1 : 0)
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n');
  const countBefore = (test: (index: number) => boolean): number => {
    let low = 0;
    let high = dropped.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (test(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    text,
    toDocument(offset) {
      const at = clamp(offset, text.length);
      // An offset just before a line break stays before its CR, whereas the mark at the very start is stepped over.
      return at + countBefore((i) => (dropped[i] ?? 0) - i < at || (i === 0 && document.charCodeAt(0) === 0xfeff));
    },
    fromDocument(offset) {
      const at = clamp(offset, length);
      return at - countBefore((i) => (dropped[i] ?? 0) < at);
    },
  };
}

/** A range of a source's text as the range of the document. */
export function documentRange(source: Source, { start, end }: Range): Range {
  return { start: source.toDocument(start), end: source.toDocument(end) };
}

/** The mark that most lines of a document end in; LF for a document of one line. */
export function dominantEol(document: string): Eol {
  const all = count(document, '\n');
  return all > 0 && count(document, '\r\n') * 2 > all ? '\r\n' : '\n';
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found++;
  return found;
}

/** Offset of the first character of the line that `offset` is on. */
export function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset just after the last character of the line that `offset` is on, its line break not counted. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at;
}

/** The white space at the start of the line that `offset` is on, up to `offset` at most. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  let end = start;
  while (end < offset && (text[end] === ' ' || text[end] === '\t')) end++;
  return text.slice(start, end);
}

/** Takes `indent` away from the start of every line but the first, where it is there. */
export function withoutIndent(text: string, indent: string): string {
  if (indent === '') return text;
  return text
    .split('\n')
    .map((line, i) => (i > 0 && line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n');
}

/** Takes away the white space that all lines with text have in common. */
export function dedent(text: string): string {
  const lines = text.split('\n');
  let common: string | undefined;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const own = /^[ \t]*/.exec(line)?.[0] ?? '';
    common ??= own;
    while (!own.startsWith(common)) common = common.slice(0, -1);
    if (common === '') return text;
  }
  const cut = common?.length ?? 0;
  return lines.map((line) => (line.trim() === '' ? '' : line.slice(cut))).join('\n');
}

/** Puts `indent` before every line that has text. */
export function indented(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join('\n');
}

/** Number of lines of a text. */
export function lineCount(text: string): number {
  return count(text, '\n') + 1;
}
