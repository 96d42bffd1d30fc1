import { linesOf, literalPrefix, type CallExample } from './examples';
import type { Range } from './extraction';
import type { Grammar } from './grammar';
import { childrenOf, isLiteral, soleExpression, textOf } from './nodes';

const SENTENCE =
  /^\s*(?:[-*•]\s*)?(?:for|if|when|with)\s+(.+?),?\s+(?:then\s+)?the\s+(?:output|result|answer)\s+(?:should be|is)\s+(.+)$/i;
const INPUT = /^\s*(?:[-*•]\s*)?inputs?:\s*(.+)$/i;
const OUTPUT = /^\s*(?:[-*•]\s*)?outputs?:\s*(.+)$/i;

/**
 * Finds examples that name the arguments instead of calling: "For x = 1, the output should be 2", and "Input: x = 1"
 * with "Output: 2" on the next line. They count only when every parameter gets plain data and the result is plain data.
 * @param parameters the names that a caller must give, in order
 */
export function labelledExamples(
  grammar: Grammar,
  text: string,
  entryPoint: string,
  parameters: readonly string[],
): CallExample[] {
  const found: CallExample[] = [];
  const add = (given: string, result: string, place: Range): void => {
    const values = argumentsIn(grammar, given, parameters);
    const value = values && literalPrefix(grammar, result);
    if (values && value !== undefined)
      found.push({ call: `${entryPoint}(${values.join(', ')})`, result: value, place });
  };
  const lines = linesOf(text).filter(({ line }) => line.trim() !== '');
  lines.forEach(({ line, from }, index) => {
    if (line.length > 10_000) return;
    const start = from + (line.length - line.trimStart().length);
    const sentence = SENTENCE.exec(line);
    if (sentence) add(sentence[1] ?? '', sentence[2] ?? '', { start, end: from + line.trimEnd().length });
    const next = lines[index + 1];
    const input = INPUT.exec(line);
    const output = OUTPUT.exec(next?.line ?? '');
    if (next && input && output) {
      add(input[1] ?? '', output[1] ?? '', { start, end: next.from + next.line.trimEnd().length });
    }
  });
  return found;
}

/** The values of `a = 1, b = 2`, or of the only value where there is but one parameter; undefined where some is missing. */
function argumentsIn(grammar: Grammar, given: string, parameters: readonly string[]): string[] | undefined {
  const source = `_(${given.trim().replace(/[,;]$/, '')})`;
  const args = soleExpression(grammar, source)?.getChild('ArgList');
  if (!args) return undefined;
  const named = new Map<string, string>();
  const values: string[] = [];
  for (const child of childrenOf(args)) {
    if (['(', ')', ',', 'AssignOp'].includes(child.name) || child.nextSibling?.name === 'AssignOp') continue;
    if (!isLiteral(child)) return undefined;
    const name = child.prevSibling?.name === 'AssignOp' ? child.prevSibling.prevSibling : undefined;
    if (name) named.set(textOf(name, source), textOf(child, source));
    else values.push(textOf(child, source));
  }
  if (named.size === 0) return values.length === 1 && parameters.length === 1 ? values : undefined;
  const ordered = parameters.map((parameter) => named.get(parameter));
  if (values.length > 0 || named.size !== parameters.length) return undefined;
  return ordered.every((value) => value !== undefined) ? ordered : undefined;
}
