import type { SyntaxNode } from '@lezer/common';
import { loadGrammar } from '../task/grammar';
import { childrenOf, isLiteral, nodesNamed, textOf } from '../task/nodes';
import type { Task } from '../task/task';

/** Probes of a task at most: enough to tell answers apart, few enough for one run of the sandbox. */
const MOST_PROBES = 40;

/** How much of an argument is varied: its own value, and those of its first parts. */
const VARIED_PARTS = 3;

/**
 * Calls of the entry point that nobody knows the result of: the calls of the visible tests, and the same with one
 * argument varied. The source of each is an expression in which the entry point is called `f`. Empty where the tests
 * hold no call with plain data.
 */
export async function probesOf({ language, tests, entryPoint }: Task): Promise<readonly string[]> {
  if (entryPoint === undefined || language !== 'python') return [];
  const grammar = await loadGrammar(language);
  const asked: string[] = [];
  const varied: string[] = [];
  for (const test of tests) {
    for (const call of nodesNamed(grammar.parse(test), 'CallExpression')) {
      const values = plainArguments(call, test, entryPoint);
      if (values === undefined) continue;
      const texts = values.map((value) => textOf(value, test));
      asked.push(callOf(texts));
      values.forEach((value, index) => {
        for (const variant of variantsOf(value, test)) varied.push(callOf(texts.with(index, variant)));
      });
      varied.push(...mixed(values, texts).map(callOf));
    }
  }
  return [...new Set([...asked, ...spread(varied)])].slice(0, MOST_PROBES);
}

/** The arguments of a call of the entry point; undefined where it is another call, or not all of them are plain data. */
function plainArguments(call: SyntaxNode, text: string, entryPoint: string): readonly SyntaxNode[] | undefined {
  const [callee, args] = childrenOf(call);
  if (callee === undefined || args?.name !== 'ArgList' || textOf(callee, text) !== entryPoint) return undefined;
  const values = childrenOf(args).filter(({ name }) => !['(', ')', ','].includes(name));
  return values.length > 0 && values.every(isLiteral) ? values : undefined;
}

/** The arguments with two of a kind swapped, or made the same. */
function mixed(values: readonly SyntaxNode[], texts: readonly string[]): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  for (const [i, one] of values.entries()) {
    for (const [j, other] of values.entries()) {
      const [a, b] = [texts[i], texts[j]];
      if (i >= j || one.name !== other.name || a === undefined || b === undefined) continue;
      found.push(texts.with(i, b).with(j, a), texts.with(i, b), texts.with(j, a));
    }
  }
  return found;
}

function callOf(args: readonly string[]): string {
  return `f(${args.join(', ')})`;
}

/** The source of values near that of a literal: those at which programs that look alike differ most. */
function variantsOf(literal: SyntaxNode, text: string): readonly string[] {
  const source = textOf(literal, text);
  const value = `(${source})`;
  switch (literal.name) {
    case 'Number':
    case 'UnaryExpression':
      return [`${value} + 1`, `${value} - 1`, '0', '1', `-${value}`, `${value} * 2`];
    case 'String':
    case 'ContinuedString':
      return [
        ...["''", `${value}[::-1]`, `${value} * 2`, `${value}[1:]`, `${value}[:-1]`, `${value}.swapcase()`],
        ...[`${value} + ' '`, `${value}.replace(' ', '   ')`, `${value} + ' ' + ${value}[:1]`],
      ];
    case 'Boolean':
      return [`not ${value}`];
    case 'ArrayExpression':
      return ['[]', `${value}[::-1]`, `${value} * 2`, `${value}[1:]`, `${value}[:-1]`, ...partsVaried(literal, text)];
    case 'TupleExpression':
      return ['()', `${value}[::-1]`, `${value} * 2`, `${value}[1:]`, `${value}[:-1]`, ...partsVaried(literal, text)];
    case 'DictionaryExpression':
      return ['{}'];
    default:
      return [];
  }
}

function partsVaried(collection: SyntaxNode, text: string): readonly string[] {
  const parts = childrenOf(collection).filter((child) => isLiteral(child));
  return parts.slice(0, VARIED_PARTS).flatMap((part) =>
    variantsOf(part, text)
      .slice(0, 3)
      .map((variant) => text.slice(collection.from, part.from) + variant + text.slice(part.to, collection.to)),
  );
}

/** So that a limit takes something of every argument, and not all of the first. */
function spread(texts: readonly string[]): readonly string[] {
  if (texts.length <= MOST_PROBES) return texts;
  const step = texts.length / MOST_PROBES;
  return Array.from({ length: MOST_PROBES }, (_, index) => texts[Math.floor(index * step)] ?? '');
}
