import type { Range } from './extraction';
import type { Grammar } from './grammar';
import { childrenOf, isLiteral, soleExpression, textOf } from './nodes';

/** A call with plain data and the plain data it should give, as found in prose. */
export interface CallExample {
  readonly call: string;
  readonly result: string;
  /** Where it stands in the text that was searched. */
  readonly place: Range;
}

const ARROWS = /^`?\s*(?:\/\/\s*)?(?:===?>?|=>|-+>|→|➞|⟶|returns?\b|should return\b|gives\b)\s*(?:\/\/\s*)?/;
const EQUALS = /^`?\s*=(?![=>])\s*/;

/**
 * Finds examples such as `f([1, 2]) == 3`, `f(2) => 4`, `f(2) -> 4` and `f(2) returns 4` in the lines of a text.
 * Only calls of `entryPoint` with plain data on both sides count: anything else may be a definition or prose.
 * `f(2) = 4` is taken too, but only while all such lines give the same kind of data: in a text that also defines
 * a mathematical function of that name they do not.
 */
export function callExamples(grammar: Grammar, text: string, entryPoint: string): CallExample[] {
  const sure: CallExample[] = [];
  const equations: CallExample[] = [];
  for (const { line, from } of linesOf(text)) {
    if (line.length > 10_000 || line.includes('>>>')) continue;
    const at = indexOfCall(line, entryPoint);
    if (at < 0) continue;
    const rest = line.slice(at);
    const call = literalCall(grammar, rest);
    if (call === undefined) continue;
    const after = rest.slice(call.length);
    const equation = EQUALS.exec(after);
    const separator = equation ?? ARROWS.exec(after);
    if (!separator) continue;
    const result = literalPrefix(grammar, after.slice(separator[0].length));
    if (result === undefined) continue;
    const place = { start: from + at, end: from + line.replace(/\s*(?:\*\/)?\s*$/, '').length };
    (equation ? equations : sure).push({ call, result, place });
  }
  const kinds = new Set(equations.map(({ result }) => kindOf(grammar, result)));
  return kinds.size === 1 ? [...sure, ...equations] : sure;
}

/** The lines of a text with the offset that each starts at. */
export function linesOf(text: string): { readonly line: string; readonly from: number }[] {
  let next = 0;
  return text.split('\n').map((line) => {
    const from = next;
    next += line.length + 1;
    return { line, from };
  });
}

/** Where `name(` stands in a line as a word of its own; only the first place, and none inside a string. */
function indexOfCall(line: string, name: string): number {
  for (let at = line.indexOf(`${name}(`); at >= 0; at = line.indexOf(`${name}(`, at + 1)) {
    const before = line.slice(0, at);
    if (!/[\p{L}\p{N}_.$]$/u.test(before))
      return /^[\s\-*•>#/]*(?:\d+[.)]\s*)?(?:for |e\.g\.,? |example:? )?[`\s]*$/i.test(before) ? at : -1;
  }
  return -1;
}

function literalCall(grammar: Grammar, text: string): string | undefined {
  let node = grammar.parse(text).firstChild;
  while (node?.from === 0 && node.name !== 'CallExpression') node = node.firstChild;
  if (node?.from !== 0) return undefined;
  const args = node.getChild('ArgList');
  if (args?.lastChild?.name !== ')' || node.firstChild?.name !== 'VariableName') return undefined;
  const plain = childrenOf(args).every((child) => ['(', ')', ','].includes(child.name) || isLiteral(child));
  return plain ? textOf(node, text) : undefined;
}

/** The plain data that a text is, but for a comment or a full stop behind it. */
export function literalPrefix(grammar: Grammar, text: string): string | undefined {
  const words = text
    .replaceAll('`', '')
    .replace(/\*\/\s*$/, '')
    .trim();
  for (const candidate of [words, words.replace(/\s*\/\/.*$/, ''), words.replace(/[.,;]$/, '')]) {
    const value = asValue(grammar, candidate);
    if (value === '') continue;
    // An object literal at the start of a statement would read as a block.
    const braced = grammar.language !== 'python' && value.startsWith('{');
    const source = braced ? `[${value}]` : value;
    const node = soleExpression(grammar, source);
    // A single value in parentheses is a tuple to whoever wrote it, and none to Python.
    if (!node || node.name === 'ParenthesizedExpression' || !isLiteral(node)) continue;
    return braced ? value : textOf(node, source);
  }
  return undefined;
}

/** `true` in a Python docstring means True. */
function asValue(grammar: Grammar, text: string): string {
  if (grammar.language !== 'python') return text;
  if (text === 'true') return 'True';
  if (text === 'false') return 'False';
  return text === 'null' || text === 'none' ? 'None' : text;
}

function kindOf(grammar: Grammar, literal: string): string {
  const wrapped = grammar.language !== 'python' && literal.startsWith('{') ? `[${literal}]` : literal;
  const node = grammar.parse(wrapped).firstChild?.firstChild;
  return node?.name === 'UnaryExpression' ? 'Number' : (node?.name ?? '');
}
