import type { SyntaxNode } from '@lezer/common';
import type { Grammar } from '../../task/grammar';
import { childrenOf, hasError, nodesNamed, textOf } from '../../task/nodes';
import { type Definition, definitionsIn } from '../../task/script/definitions';

/** A statement of the stub that the code and the tests may rely on. */
export interface Helper {
  readonly kind: 'class' | 'other';
  readonly text: string;
  /** Whether the code has its own of that name. */
  readonly answered: boolean;
}

/** What a prompt gives the code, where it is a stub, and the names that it declares. */
export interface Stub {
  readonly helpers: readonly Helper[];
  readonly declared: readonly string[];
}

const STATEMENTS = [
  'FunctionDeclaration',
  'ClassDeclaration',
  'VariableDeclaration',
  'ImportDeclaration',
  'ExportDeclaration',
  'ExpressionStatement',
];

/**
 * Reads a prompt that is a stub: its imports, constants, and functions and classes that are written already. Free text
 * may parse by accident; only whole definitions and imports tell of a stub.
 * @param code the answer
 */
export function readStub(grammar: Grammar, prompt: string, entry: string | undefined, code: string): Stub {
  const root = grammar.parse(prompt);
  const definitions = definitionsIn(root, prompt);
  const statements = childrenOf(root).filter((node) => STATEMENTS.includes(node.name));
  const told = statements.some((node) => node.name !== 'ExpressionStatement' && !hasError(node));
  if (!told) return { helpers: [], declared: [] };
  const answered = new Set(declaredBy(grammar.parse(code), code));
  const helpers = statements.flatMap((node): Helper[] => {
    if (hasError(node) || node.name === 'ExpressionStatement') return [];
    const names = namesOf(node, prompt);
    const unwritten = names.some((name) => name === entry || isUnwritten(name, definitions));
    if (unwritten) return [];
    const isClass = node.name === 'ClassDeclaration' || node.getChild('ClassDeclaration') !== null;
    const text = textOf(node, prompt);
    return [{ kind: isClass ? 'class' : 'other', text, answered: names.some((name) => answered.has(name)) }];
  });
  return {
    helpers,
    declared: definitions.filter((one) => !one.nested && one.kind !== 'method').map(({ name }) => name),
  };
}

function isUnwritten(name: string, definitions: readonly Definition[]): boolean {
  return definitions.some((one) => one.name === name && one.stub && !one.nested);
}

/** The names that a program declares at its top. */
function declaredBy(root: SyntaxNode, text: string): string[] {
  return childrenOf(root).flatMap((node) => namesOf(node, text));
}

function namesOf(node: SyntaxNode, text: string): string[] {
  const inner =
    node.name === 'ExportDeclaration' ? childrenOf(node).find((one) => one.name.endsWith('Declaration')) : node;
  if (!inner) return [];
  if (inner.name === 'ImportDeclaration')
    return nodesNamed(inner, 'VariableDefinition').map((one) => textOf(one, text));
  const direct = inner.getChildren('VariableDefinition').map((one) => textOf(one, text));
  const patterns = childrenOf(inner).filter((one) => one.name.endsWith('Pattern'));
  return [
    ...direct,
    ...patterns.flatMap((one) => nodesNamed(one, 'VariableDefinition').map((name) => textOf(name, text))),
  ];
}
