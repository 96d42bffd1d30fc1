import type { SyntaxNode } from '@lezer/common';
import { childrenOf, textOf } from '../nodes';

/** The function or class under its decorators; the node itself where there are none. */
export function definitionOf(node: SyntaxNode): SyntaxNode {
  if (node.name !== 'DecoratedStatement') return node;
  return node.getChild('FunctionDefinition') ?? node.getChild('ClassDefinition') ?? node;
}

/** The name that a (decorated) function or class definition gives. */
export function definedName(node: SyntaxNode, text: string): string | undefined {
  const name = definitionOf(node).getChild('VariableName');
  return name ? textOf(name, text) : undefined;
}

/** The statements of a function's or class's body. */
export function bodyStatements(definition: SyntaxNode): SyntaxNode[] {
  const body = definition.getChild('Body');
  if (!body) return [];
  return childrenOf(body).filter((child) => child.name !== ':' && child.name !== 'Comment' && !child.type.isError);
}

/** The docstring of a function or class, as the node with its quotes. */
export function docstringOf(definition: SyntaxNode): SyntaxNode | undefined {
  const first = bodyStatements(definition)[0];
  const string = first?.name === 'ExpressionStatement' ? first.firstChild : null;
  return string?.name === 'String' ? string : undefined;
}

/** Whether a function has nothing to run yet: no body, `pass`, `...` or `raise NotImplementedError`. */
export function isStub(node: SyntaxNode, text: string): boolean {
  const definition = definitionOf(node);
  if (definition.name === 'ClassDefinition') {
    const statements = bodyStatements(definition);
    const methods = statements.filter((s) => definitionOf(s).name === 'FunctionDefinition');
    if (methods.length > 0) return methods.some((method) => isStub(method, text));
    return statements.every((statement) => isPlaceholder(statement, text));
  }
  return bodyStatements(definition).every((statement) => isPlaceholder(statement, text));
}

function isPlaceholder(statement: SyntaxNode, text: string): boolean {
  if (statement.name === 'PassStatement') return true;
  if (statement.name === 'ExpressionStatement') {
    return ['Ellipsis', 'String', 'ContinuedString'].includes(statement.firstChild?.name ?? '');
  }
  if (statement.name !== 'RaiseStatement') return false;
  return /^raise\s+NotImplementedError\b/.test(textOf(statement, text));
}

/** The parameters of a function that have no default and are not starred, in order. */
export function requiredParameters(definition: SyntaxNode, text: string): string[] {
  const list = definition.getChild('ParamList');
  if (!list) return [];
  return childrenOf(list)
    .filter((child) => {
      const [before, after] = [child.prevSibling?.name ?? '', child.nextSibling];
      const value = after?.name === 'TypeDef' ? after.nextSibling : after;
      return child.name === 'VariableName' && !['AssignOp', '*', '**'].includes(before) && value?.name !== 'AssignOp';
    })
    .map((child) => textOf(child, text));
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** The value of a string literal that is no format string, as Python reads it. */
export function stringValue(literal: string): string {
  const open = /^([a-zA-Z]*)("""|'''|"|')/.exec(literal);
  if (!open) return literal;
  const quotes = open[2] ?? '';
  const closed = literal.endsWith(quotes) && literal.length >= open[0].length + quotes.length;
  const inner = literal.slice(open[0].length, closed ? -quotes.length : undefined);
  if (/r/i.test(open[1] ?? '') || !inner.includes('\\')) return inner;
  return inner.replace(
    /\\(?:([\\'"abfnrtv\n])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g,
    (whole: string, simple?: string, octal?: string, x?: string, u?: string, long?: string) => {
      if (simple !== undefined) return ESCAPES[simple] ?? whole;
      const code = octal === undefined ? parseInt(x ?? u ?? long ?? '0', 16) : parseInt(octal, 8);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
