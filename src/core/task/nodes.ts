import type { SyntaxNode } from '@lezer/common';
import type { Grammar } from './grammar';

/** The direct children of a node, in order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** The source of a node. */
export function textOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to);
}

/** Whether the parser had to guess anywhere in this node. */
export function hasError(node: SyntaxNode): boolean {
  let found = false;
  node.cursor().iterate((n) => {
    if (n.type.isError) found = true;
    return !found;
  });
  return found;
}

/** All nodes with one of these names, outermost first, in order of the source. */
export function nodesNamed(node: SyntaxNode, ...names: string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node.cursor().iterate((n) => {
    if (names.includes(n.name)) found.push(n.node);
  });
  return found;
}

const ATOMS = new Set(['Number', 'String', 'ContinuedString', 'Boolean', 'None', 'BooleanLiteral', 'null']);
const COLLECTIONS = new Set([
  'ArrayExpression',
  'TupleExpression',
  'ParenthesizedExpression',
  'DictionaryExpression',
  'SetExpression',
  'ObjectExpression',
  'Property',
]);
const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ':', 'PropertyDefinition']);

/** Whether a node is plain data: numbers, strings, true and false, nothing, and collections of these. */
export function isLiteral(node: SyntaxNode): boolean {
  if (ATOMS.has(node.name)) return !hasError(node);
  if (node.name === 'UnaryExpression') {
    const [operator, operand] = childrenOf(node);
    return operator?.name === 'ArithOp' && operand?.name === 'Number';
  }
  if (!COLLECTIONS.has(node.name)) return false;
  return childrenOf(node).every((child) => PUNCTUATION.has(child.name) || isLiteral(child));
}

/** The one expression that a text consists of; undefined for anything else and for broken text. */
export function soleExpression(grammar: Grammar, text: string): SyntaxNode | undefined {
  const root = grammar.parse(text);
  const statements = childrenOf(root).filter((child) => !child.name.endsWith('Comment'));
  const statement = statements[0];
  if (statements.length !== 1 || statement?.name !== 'ExpressionStatement' || hasError(root)) return undefined;
  const parts = childrenOf(statement).filter((child) => child.name !== ';' && !child.name.endsWith('Comment'));
  return parts.length === 1 ? parts[0] : undefined;
}

/** Whether a text is plain data and nothing else. */
export function isLiteralText(grammar: Grammar, text: string): boolean {
  // An object literal at the start of a statement would read as a block, hence the parentheses.
  const wrapped = grammar.language !== 'python' && text.trimStart().startsWith('{') ? `(${text})` : text;
  const node = soleExpression(grammar, wrapped);
  return node !== undefined && isLiteral(node);
}
