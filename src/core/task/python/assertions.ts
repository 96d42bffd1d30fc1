import type { SyntaxNode } from '@lezer/common';
import { childrenOf, textOf } from '../nodes';
import { dedent, indentAt, indented, withoutIndent } from '../source';
import { isComparison, needsParentheses, raisesTest } from './doctest';

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The source of statements with the checks of unittest and pytest written as plain asserts, so that a test runs
 * where neither is installed. What it cannot write so stays as it is, and still mentions `self` or `pytest`.
 * @param from start of the first statement, @param to end of the last one, both in `text`
 */
export function plainAsserts(statements: readonly SyntaxNode[], text: string, from: number, to: number): string {
  const edits: Edit[] = [];
  for (const statement of statements) collect(statement, text, edits);
  let result = '';
  let at = from;
  for (const edit of edits) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return dedent(indentAt(text, from) + result + text.slice(at, to)).trimEnd();
}

function collect(node: SyntaxNode, text: string, edits: Edit[]): void {
  const replacement = replacementOf(node, text);
  if (replacement !== undefined) {
    const indent = indentAt(text, node.from);
    const end = node.from + text.slice(node.from, node.to).trimEnd().length;
    edits.push({ from: node.from, to: end, text: indented(replacement, indent).slice(indent.length) });
    return;
  }
  for (const body of node.getChildren('Body'))
    childrenOf(body).forEach((child) => {
      collect(child, text, edits);
    });
}

function replacementOf(statement: SyntaxNode, text: string): string | undefined {
  if (statement.name === 'ExpressionStatement') return fromUnittest(statement.firstChild, text);
  if (statement.name === 'AssertStatement') return fromApprox(statement, text);
  return statement.name === 'WithStatement' ? fromRaises(statement, text) : undefined;
}

/** Source of the positional arguments; undefined where there are starred ones. Keyword arguments come apart. */
function argumentsOf(
  call: SyntaxNode,
  text: string,
): { positional: SyntaxNode[]; keywords: Map<string, string> } | undefined {
  const positional: SyntaxNode[] = [];
  const keywords = new Map<string, string>();
  const args = call.getChild('ArgList');
  if (!args) return undefined;
  for (const child of childrenOf(args)) {
    if (child.name === '*' || child.name === '**') return undefined;
    if (['(', ')', ',', 'AssignOp', 'Comment'].includes(child.name)) continue;
    if (child.nextSibling?.name === 'AssignOp') continue;
    if (child.prevSibling?.name === 'AssignOp') {
      const key = child.prevSibling.prevSibling;
      if (key) keywords.set(textOf(key, text), textOf(child, text));
    } else positional.push(child);
  }
  return { positional, keywords };
}

const BINARY: Readonly<Record<string, string>> = {
  assertEqual: '==',
  assertEquals: '==',
  assertListEqual: '==',
  assertTupleEqual: '==',
  assertDictEqual: '==',
  assertSetEqual: '==',
  assertSequenceEqual: '==',
  assertMultiLineEqual: '==',
  assertNotEqual: '!=',
  assertIs: 'is',
  assertIsNot: 'is not',
  assertIn: 'in',
  assertNotIn: 'not in',
  assertGreater: '>',
  assertGreaterEqual: '>=',
  assertLess: '<',
  assertLessEqual: '<=',
};

function fromUnittest(call: SyntaxNode | null, text: string): string | undefined {
  const method = call?.name === 'CallExpression' ? selfMethod(call, text) : undefined;
  const args = call && method !== undefined ? argumentsOf(call, text) : undefined;
  if (method === undefined || !args) return undefined;
  const [a, b, third] = args.positional;
  if (!a) return undefined;
  const source = (node: SyntaxNode): string =>
    needsParentheses(node) ? `(${textOf(node, text)})` : textOf(node, text);
  const operator = BINARY[method];
  if (operator !== undefined) return b && `assert ${source(a)} ${operator} ${source(b)}`;
  switch (method) {
    case 'assertTrue':
      return `assert ${textOf(a, text)}`;
    case 'assertFalse':
      return needsParentheses(a) && !isComparison(a)
        ? `assert not (${textOf(a, text)})`
        : `assert not ${textOf(a, text)}`;
    case 'assertIsNone':
      return `assert ${source(a)} is None`;
    case 'assertIsNotNone':
      return `assert ${source(a)} is not None`;
    case 'assertIsInstance':
      return b && `assert isinstance(${textOf(a, text)}, ${textOf(b, text)})`;
    case 'assertNotIsInstance':
      return b && `assert not isinstance(${textOf(a, text)}, ${textOf(b, text)})`;
    case 'assertAlmostEqual':
    case 'assertAlmostEquals': {
      if (!b) return undefined;
      const difference = `abs((${textOf(a, text)}) - (${textOf(b, text)}))`;
      const delta = args.keywords.get('delta');
      if (delta !== undefined) return `assert ${difference} <= ${delta}`;
      const places = args.keywords.get('places') ?? (third ? textOf(third, text) : '7');
      return `assert round(${difference}, ${places}) == 0`;
    }
    case 'assertRaises': {
      if (!b) return undefined;
      const rest = args.positional.slice(2).map((node) => textOf(node, text));
      const named = [...args.keywords].map(([key, value]) => `${key}=${value}`);
      return raisesTest(`${source(b)}(${[...rest, ...named].join(', ')})`, textOf(a, text));
    }
    default:
      return undefined;
  }
}

function selfMethod(call: SyntaxNode, text: string): string | undefined {
  const callee = call.firstChild;
  const property = callee?.getChild('PropertyName');
  if (!callee?.firstChild || !property || textOf(callee.firstChild, text) !== 'self') return undefined;
  return textOf(property, text);
}

/** `with pytest.raises(E):` and `with self.assertRaises(E):`, as long as nobody looks at the exception. */
function fromRaises(statement: SyntaxNode, text: string): string | undefined {
  const call = statement.getChild('CallExpression');
  const body = statement.getChild('Body');
  const callee = call?.firstChild;
  if (!call || !body || !callee || statement.getChild('as')) return undefined;
  if (!['pytest.raises', 'self.assertRaises', 'raises'].includes(textOf(callee, text))) return undefined;
  const args = argumentsOf(call, text);
  const exception = args?.positional[0];
  if (!exception || args.positional.length !== 1 || args.keywords.size > 0) return undefined;
  if (!/^(?:VariableName|MemberExpression)$/.test(exception.name)) return undefined;
  const statements = childrenOf(body).filter((child) => child.name !== ':' && child.name !== 'Comment');
  const first = statements[0];
  const last = statements.at(-1);
  if (!first || !last) return undefined;
  const source = withoutIndent(text.slice(first.from, last.to), indentAt(text, first.from)).trimEnd();
  return raisesTest(source, textOf(exception, text));
}

/** `assert a == pytest.approx(1.5)`, with its default tolerances, where the value is a number. */
function fromApprox(statement: SyntaxNode, text: string): string | undefined {
  const comparison = statement.getChild('BinaryExpression');
  const [left, operator, right] = comparison ? childrenOf(comparison) : [];
  if (!left || !operator || right?.name !== 'CallExpression' || textOf(operator, text) !== '==') return undefined;
  if (!right.firstChild || !/^(?:pytest\.)?approx$/.test(textOf(right.firstChild, text))) return undefined;
  const args = argumentsOf(right, text);
  const value = args?.positional[0];
  if (!value || args.positional.length !== 1 || args.keywords.size > 0) return undefined;
  if (value.name !== 'Number' && value.name !== 'UnaryExpression') return undefined;
  const number = textOf(value, text);
  return `assert abs((${textOf(left, text)}) - (${number})) <= max(1e-6 * abs(${number}), 1e-12)`;
}
