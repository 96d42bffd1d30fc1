import { lineEnd, lineStart } from '../source';

const STARTS =
  /(?:export|function|async|class|abstract|const|let|var|import|interface|type|enum|declare|namespace|assert|console|test|describe|it|\/\*|\/\/)/y;

/**
 * The lines around a selection that can be parsed by themselves: from one top-level statement after a blank line to
 * the next such place. Keeps large documents fast; a region that is cut wrongly only gives more error nodes.
 * @param text LF lines
 */
export function regionAround(text: string, from: number, to: number): { readonly from: number; readonly to: number } {
  let start = lineStart(text, from);
  while (start > 0 && !isBoundary(text, start)) start = lineStart(text, start - 1);
  let end = lineEnd(text, to) + 1;
  while (end < text.length && !isBoundary(text, end)) end = lineEnd(text, end) + 1;
  return { from: start, to: Math.min(end, text.length) };
}

function isBoundary(text: string, at: number): boolean {
  STARTS.lastIndex = at;
  if (!STARTS.test(text)) return false;
  const before = text.slice(lineStart(text, at - 1), at - 1);
  return before.trim() === '';
}
