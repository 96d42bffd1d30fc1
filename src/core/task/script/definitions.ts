import type { SyntaxNode } from '@lezer/common';
import { childrenOf, nodesNamed, textOf } from '../nodes';
import { lineEnd, lineStart } from '../source';

/** A function, class or method of a script. Offsets are those of the text that was parsed. */
export interface Definition {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'method';
  /** The range without `export`, and without the comment above. */
  readonly from: number;
  readonly to: number;
  /** Where the comment directly above starts; `from`'s own statement start where there is none. */
  readonly head: number;
  readonly stub: boolean;
  /** The class that a method belongs to. */
  readonly owner: SyntaxNode | undefined;
  /** Whether another definition is around it. */
  readonly nested: boolean;
}

const FUNCTIONS = ['ArrowFunction', 'FunctionExpression'];
const DEFINING = [
  'FunctionDeclaration',
  'ClassDeclaration',
  'MethodDeclaration',
  'VariableDeclaration',
  'PropertyDeclaration',
];

/** All definitions in a tree, outer ones first. */
export function definitionsIn(root: SyntaxNode, text: string): Definition[] {
  const found: Definition[] = [];
  for (const node of nodesNamed(root, ...DEFINING)) {
    const definition = definitionAt(node, text);
    if (definition) found.push(definition);
  }
  return found;
}

function definitionAt(node: SyntaxNode, text: string): Definition | undefined {
  const nameNode =
    node.getChild('VariableDefinition') ??
    node.getChild('PropertyDefinition') ??
    node.getChild('PrivatePropertyDefinition');
  if (!nameNode) return undefined;
  const member = node.name === 'MethodDeclaration' || node.name === 'PropertyDeclaration';
  let fn: SyntaxNode | undefined = node;
  if (node.name === 'VariableDeclaration' || node.name === 'PropertyDeclaration') {
    fn = childrenOf(node).find((child) => FUNCTIONS.includes(child.name));
    if (!fn || node.getChildren('VariableDefinition').length > 1) return undefined;
  }
  const statement = node.parent?.name === 'ExportDeclaration' ? node.parent : node;
  const owner = member ? (node.parent?.parent ?? undefined) : undefined;
  let nested = false;
  for (let up = statement.parent; up; up = up.parent) {
    if (up.name === 'Block' || FUNCTIONS.includes(up.name)) nested = true;
  }
  return {
    name: textOf(nameNode, text),
    kind: member ? 'method' : node.name === 'ClassDeclaration' ? 'class' : 'function',
    from: node.from,
    to: node.to,
    head: headOf(statement, text),
    stub: node.name === 'ClassDeclaration' ? isClassStub(node, text) : isStub(fn, text),
    owner,
    nested,
  };
}

/** The start of the comment that stands directly above a statement. */
function headOf(statement: SyntaxNode, text: string): number {
  let head = statement.from;
  for (let before = statement.prevSibling; before; before = before.prevSibling) {
    if (!before.name.endsWith('Comment')) break;
    if (lineEnd(text, before.to) + 1 !== lineStart(text, head)) break;
    if (text.slice(lineStart(text, before.from), before.from).trim() !== '') break;
    head = before.from;
  }
  return head;
}

function isStub(fn: SyntaxNode, text: string): boolean {
  const block = fn.getChild('Block');
  if (!block) return !FUNCTIONS.includes(fn.name);
  const statements = childrenOf(block).filter(
    (child) => !/^(?:[{}]|.*Comment)$/.test(child.name) && child.to > child.from,
  );
  return statements.every((s) => s.name === 'ThrowStatement' && /^throw\s+new\s+Error\b/.test(textOf(s, text)));
}

function isClassStub(node: SyntaxNode, text: string): boolean {
  const methods = node.getChild('ClassBody')?.getChildren('MethodDeclaration') ?? [];
  return (
    methods.every((m) => m.getChild('PropertyDefinition')?.name === 'constructor') ||
    methods.some((m) => isStub(m, text))
  );
}
