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

const ESCAPE = /\\(?:([\\'"abfnrtv\n])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g;

/** The value of a string literal, and the way back from an offset in it to the one in the literal. */
export interface ReadString {
  readonly value: string;
  readonly toLiteral: (offset: number) => number;
}

/** The value of a string literal that is no format string, as Python reads it. */
export function stringValue(literal: string): string {
  return readString(literal).value;
}

/** {@link stringValue}, with the way back. */
export function readString(literal: string): ReadString {
  const open = /^([a-zA-Z]*)("""|'''|"|')/.exec(literal);
  if (!open) return { value: literal, toLiteral: (offset) => offset };
  const head = open[0].length;
  const quotes = open[2] ?? '';
  const closed = literal.endsWith(quotes) && literal.length >= head + quotes.length;
  const inner = literal.slice(head, closed ? -quotes.length : undefined);
  if (/r/i.test(open[1] ?? '') || !inner.includes('\\')) {
    return { value: inner, toLiteral: (offset) => head + offset };
  }
  /** The ends of the escapes in the value, ascending, and by how much the literal is longer up to each. */
  const escapes: { readonly end: number; readonly longer: number }[] = [];
  let value = '';
  let at = 0;
  for (const match of inner.matchAll(ESCAPE)) {
    value += inner.slice(at, match.index) + unescaped(match);
    at = match.index + match[0].length;
    escapes.push({ end: value.length, longer: at - value.length });
  }
  const toLiteral = (offset: number): number =>
    head + offset + (escapes.findLast(({ end }) => end <= offset)?.longer ?? 0);
  return { value: value + inner.slice(at), toLiteral };
}

function unescaped([whole, simple, octal, x, u, long]: RegExpMatchArray): string {
  if (simple !== undefined) return ESCAPES[simple] ?? whole;
  const code = octal === undefined ? parseInt(x ?? u ?? long ?? '0', 16) : parseInt(octal, 8);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
