/** A range of a text in UTF-16 offsets. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

/** Lines on each side of an empty region by which it is found again. */
const CONTEXT_LINES = 2;

/**
 * Finds a region of `before` in `after`, the same document some edits later. Undefined where the region itself was
 * edited, went away, or cannot be told from another of the same text.
 */
export function findRegion(before: string, region: Region, after: string): Region | undefined {
  const old = withLineEnds(before, region, after.includes('\r\n') ? '\r\n' : '\n');
  const found = byCommonEnds(old.text, old.region, after) ?? bySearch(old.text, old.region, after);
  return found !== undefined && endsAsBefore(old.text, old.region, after, found) ? found : undefined;
}

/** The number of the line that an offset is on; 1 is the first. */
export function lineNumber(text: string, offset: number): number {
  return (text.slice(0, offset).match(/\r\n?|\n/g)?.length ?? 0) + 1;
}

/** The smallest replacement that turns `before` into `after`. */
export function difference(before: string, after: string): Region & { readonly text: string } {
  const { prefix, suffix } = commonEnds(before, after);
  return { start: prefix, end: before.length - suffix, text: after.slice(prefix, after.length - suffix) };
}

function withLineEnds(text: string, { start, end }: Region, eol: string): { text: string; region: Region } {
  const convert = (part: string): string => part.replace(/\r?\n/g, eol);
  return {
    text: convert(text),
    region: { start: convert(text.slice(0, start)).length, end: convert(text.slice(0, end)).length },
  };
}

/** The usual case: all edits lie on one side of the region. */
function byCommonEnds(before: string, { start, end }: Region, after: string): Region | undefined {
  const { prefix, suffix } = commonEnds(before, after);
  if (end <= prefix) return { start, end };
  const shift = after.length - before.length;
  return start >= before.length - suffix ? { start: start + shift, end: end + shift } : undefined;
}

function bySearch(before: string, { start, end }: Region, after: string): Region | undefined {
  const text = before.slice(start, end);
  if (text.trim() !== '') {
    const places = occurrences(after, text);
    const line = lineBefore(before, start);
    const chosen = places.length > 1 ? places.filter((at) => lineBefore(after, at) === line) : places;
    const [at] = chosen;
    return at === undefined || chosen.length > 1 ? undefined : { start: at, end: at + text.length };
  }
  const ahead = contextAhead(before, start);
  const context = ahead + before.slice(start, end) + contextBehind(before, end);
  const [at, ...others] = context.trim() === '' ? [] : occurrences(after, context);
  if (at === undefined || others.length > 0) return undefined;
  return { start: at + ahead.length, end: at + ahead.length + (end - start) };
}

/** Code that was added right below a region and deeper than it belongs to it: then the region was edited after all. */
function endsAsBefore(before: string, old: Region, after: string, found: Region): boolean {
  if (old.start === old.end) return true;
  const then = before.slice(old.end);
  const now = after.slice(found.end);
  const restOfLine = /^[^\r\n]*/;
  if (restOfLine.exec(then)?.[0].trim() !== restOfLine.exec(now)?.[0].trim()) return false;
  const next = nextLine(now);
  return next === nextLine(then) || indentOf(next) <= indentOf(after.slice(lineStart(after, found.start)));
}

function commonEnds(a: string, b: string): { prefix: number; suffix: number } {
  const most = Math.min(a.length, b.length);
  let prefix = 0;
  while (prefix < most && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix++;
  let suffix = 0;
  while (suffix < most - prefix && a.charCodeAt(a.length - 1 - suffix) === b.charCodeAt(b.length - 1 - suffix))
    suffix++;
  return { prefix, suffix };
}

function occurrences(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
}

function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function lineBefore(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return start === 0 ? '' : text.slice(lineStart(text, start - 1), start);
}

function contextAhead(text: string, offset: number): string {
  let from = lineStart(text, offset);
  for (let lines = 0; lines < CONTEXT_LINES && from > 0; lines++) from = lineStart(text, from - 1);
  return text.slice(from, offset);
}

function contextBehind(text: string, offset: number): string {
  let to = offset;
  for (let lines = 0; lines < CONTEXT_LINES && to < text.length; lines++) {
    const end = text.indexOf('\n', to);
    to = end < 0 ? text.length : end + 1;
  }
  return text.slice(offset, to);
}

/** The next line with text on it after the line that `rest` starts on. */
function nextLine(rest: string): string {
  return (
    rest
      .split(/\r?\n/)
      .slice(1)
      .find((line) => line.trim() !== '') ?? ''
  );
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}
