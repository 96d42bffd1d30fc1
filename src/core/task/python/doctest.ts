import type { SyntaxNode } from '@lezer/common';
import { linesOf } from '../examples';
import type { Range } from '../extraction';
import type { FoundTest } from '../foundTest';
import type { Grammar } from '../grammar';
import { childrenOf, isLiteralText, nodesNamed, soleExpression, textOf } from '../nodes';
import { indented } from '../source';
import { BUILTINS, boundNames, mentionedNames } from './names';

/** One `>>>` of a docstring. */
interface Example {
  /** The statement, without prompts and trailing comment. */
  readonly code: string;
  /** The lines that should be printed; empty for none. */
  readonly expected: string;
  /** The expression where the statement is one; undefined for other statements. */
  readonly expression: { readonly node: SyntaxNode; readonly text: string } | undefined;
  readonly binds: ReadonlySet<string>;
  readonly mentions: ReadonlySet<string>;
  /** From its prompt to the end of what should be printed. */
  readonly place: Range;
}

export interface DoctestOptions {
  /** Only examples that mention this function, class or method become tests; undefined takes all. */
  readonly entryPoint: string | undefined;
  /** Source of the return annotation where there is one: it tells printed from returned, and None from no example. */
  readonly returns?: string | undefined;
}

/** {@link foundDoctests} without their places. */
export function doctests(grammar: Grammar, docstring: string, options: DoctestOptions): string[] {
  return foundDoctests(grammar, docstring, options).map(({ code }) => code);
}

/**
 * Turns the doctests of a text into test statements, with their places in that text. Examples that print, or whose
 * output is no value, are left out.
 */
export function foundDoctests(grammar: Grammar, docstring: string, options: DoctestOptions): FoundTest[] {
  const examples = readExamples(grammar, docstring);
  const bound = new Set(examples.flatMap((example) => [...example.binds]));
  const tests: FoundTest[] = [];
  examples.forEach((example, index) => {
    const check = checkOf(grammar, example, options);
    if (check === undefined) return;
    const before = neededBefore(examples, index, bound).map((earlier) => earlier.code);
    const code = [...before, check].join('\n');
    if (options.entryPoint !== undefined && !mentions(grammar, code, options.entryPoint)) return;
    tests.push({ code, place: example.place });
  });
  return tests;
}

function readExamples(grammar: Grammar, docstring: string): Example[] {
  const positions = linesOf(docstring);
  const lines = positions.map(({ line }) => line);
  const examples: Example[] = [];
  for (let i = 0; i < lines.length; i++) {
    const prompt = /^(\s*)>>>(?: (.*))?$/.exec(lines[i] ?? '');
    if (!prompt) continue;
    const indent = prompt[1] ?? '';
    const start = (positions[i]?.from ?? 0) + indent.length;
    const code = [prompt[2] ?? ''];
    for (; /^\s*\.\.\.(?: |$)/.test(lines[i + 1] ?? ''); i++)
      code.push((lines[i + 1] ?? '').replace(/^\s*\.\.\. ?/, ''));
    const expected: string[] = [];
    for (; i + 1 < lines.length; i++) {
      const next = lines[i + 1] ?? '';
      if (next.trim() === '' || /^\s*>>>/.test(next)) break;
      expected.push(next.startsWith(indent) ? next.slice(indent.length) : next.trimStart());
    }
    const place = { start, end: (positions[i]?.from ?? 0) + (lines[i]?.trimEnd().length ?? 0) };
    examples.push({ ...readExample(grammar, code.join('\n').trimEnd(), expected.join('\n').trimEnd()), place });
  }
  return examples;
}

function readExample(grammar: Grammar, source: string, expected: string): Omit<Example, 'place'> {
  const root = grammar.parse(source);
  const comment = nodesNamed(root, 'Comment').at(-1);
  const trailing = comment !== undefined && comment.to >= source.length && comment.from > 0;
  const code =
    trailing && !source.slice(comment.from).includes('doctest:') ? source.slice(0, comment.from).trimEnd() : source;
  const text = code === source ? source : code;
  const tree = code === source ? root : grammar.parse(text);
  const expression = soleExpression(grammar, text);
  return {
    code: text,
    expected,
    expression: expression ? { node: expression, text } : undefined,
    binds: boundNames(tree, text),
    mentions: mentionedNames(tree, text),
  };
}

/** The earlier statements of the docstring that an example builds on: those that share a variable with it. */
function neededBefore(examples: readonly Example[], index: number, bound: ReadonlySet<string>): Example[] {
  const ofBound = (names: Iterable<string>): string[] => [...names].filter((name) => bound.has(name));
  const wanted = new Set(ofBound(examples[index]?.mentions ?? []));
  const needed: Example[] = [];
  for (let j = index - 1; j >= 0 && wanted.size > 0; j--) {
    const earlier = examples[j];
    if (!earlier || earlier.expected.startsWith('Traceback')) continue;
    const shared = ofBound([...earlier.binds, ...earlier.mentions]);
    if (!shared.some((name) => wanted.has(name))) continue;
    shared.forEach((name) => wanted.add(name));
    needed.unshift(earlier);
  }
  return needed;
}

/** The statement that raises unless the example holds; undefined where the example checks nothing that can be told. */
function checkOf(grammar: Grammar, example: Example, options: DoctestOptions): string | undefined {
  const { expected, expression, code } = example;
  if (/#\s*doctest:/.test(code)) return undefined;
  if (expected.startsWith('Traceback (most recent call last)')) return raises(code, expected);
  if (!expression || example.mentions.has('print') || options.returns === 'None') return undefined;
  const { node, text } = expression;
  const source = textOf(node, text);
  if (expected === '') {
    if (isComparison(node)) return `assert ${source}`;
    // No output means None, but also that somebody only shows a call: the annotation decides, where there is one.
    const mayBeNone = options.returns === undefined ? false : /\bNone\b|\bOptional\b/.test(options.returns);
    return node.name === 'CallExpression' && mayBeNone ? `assert ${source} == None` : undefined;
  }
  if (expected.includes('...')) return undefined;
  if (isComparison(node) && expected === 'True') return `assert ${source}`;
  const left = needsParentheses(node) ? `(${source})` : source;
  if (isLiteralText(grammar, expected)) return `assert ${left} == ${expected}`;
  return isRepr(grammar, expected) ? `assert repr(${source}) == ${pythonString(expected)}` : undefined;
}

/**
 * A test that passes only where `code` raises what a traceback ends in.
 * @param traceback its last line that is not indented is `Name: message`
 */
function raises(code: string, traceback: string): string | undefined {
  const last = traceback.split('\n').findLast((line) => /^[A-Za-z_]/.test(line) && !line.startsWith('Traceback'));
  const name = /^([\w.]+)(?=:|$)/.exec(last ?? '')?.[1];
  return name === undefined ? undefined : raisesTest(code, name);
}

/** A test that passes only where `code` raises an exception of this name. */
export function raisesTest(code: string, exception: string): string {
  const failure = pythonString(`${code.split('\n').at(-1)?.trim() ?? 'it'} did not raise ${exception}`);
  const head = `try:\n${indented(code, '    ')}\n`;
  // A name that is no builtin may live in a module that the test does not import: then only the name is compared.
  if (BUILTINS.has(exception))
    return `${head}except ${exception}:\n    pass\nelse:\n    raise AssertionError(${failure})`;
  const short = pythonString(exception.split('.').at(-1) ?? exception);
  return `${head}except Exception as error:\n    assert ${short} in [c.__name__ for c in type(error).__mro__]\nelse:\n    raise AssertionError(${failure})`;
}

/** Whether an expression is `a == b`, `a in b`, `not a` and the like, which can be asserted as it stands. */
export function isComparison(node: SyntaxNode): boolean {
  return node.name === 'BinaryExpression' && childrenOf(node).some((c) => ['CompareOp', 'in', 'is'].includes(c.name));
}

/** Whether an expression must be put in parentheses before it is compared with something. */
export function needsParentheses(node: SyntaxNode): boolean {
  if (['ConditionalExpression', 'LambdaExpression', 'NamedExpression', 'AwaitExpression'].includes(node.name))
    return true;
  if (isComparison(node)) return true;
  if (node.name === 'TupleExpression') return node.firstChild?.name !== '(';
  if (node.name === 'UnaryExpression') return node.firstChild?.name === 'not';
  return node.name === 'BinaryExpression' && childrenOf(node).some((c) => c.name === 'and' || c.name === 'or');
}

/** Whether output looks like the repr of an object rather than like printed text. */
function isRepr(grammar: Grammar, output: string): boolean {
  if (/^-?(?:inf|nan)$/.test(output)) return true;
  const node = soleExpression(grammar, output);
  return node !== undefined && /^(?:Call|Array|Tuple|Dictionary|Set)Expression$/.test(node.name);
}

function mentions(grammar: Grammar, test: string, name: string): boolean {
  if (!test.includes(name)) return false;
  return nodesNamed(grammar.parse(test), 'VariableName', 'PropertyName').some((node) => textOf(node, test) === name);
}

/** A Python literal for a text of one or several lines. */
export function pythonString(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `'${escaped}'`;
}
