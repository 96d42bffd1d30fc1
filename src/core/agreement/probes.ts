import type { SyntaxNode } from '@lezer/common';
import { loadGrammar } from '../task/grammar';
import { childrenOf, isLiteral, nodesNamed, textOf } from '../task/nodes';
import type { Task } from '../task/task';

/** Probes of a task at most: enough to tell answers apart, few enough for one run of the sandbox. */
const MOST_PROBES = 40;

/** How much of an argument is varied: its own value, and those of its first parts. */
const VARIED_PARTS = 3;

/** A call of the entry point. */
export interface Probe {
  /** Its source, an expression in which the entry point is called `f`. */
  readonly call: string;
  /** An input at the edge of its kind, such as an empty list, of which the task may not speak. */
  readonly atEdge: boolean;
}

/** The source of a value, and whether it is at the edge of its kind. */
interface Variant {
  readonly source: string;
  readonly atEdge: boolean;
}

/**
 * Calls of the entry point that nobody knows the result of: the calls of the visible tests, and the same with one
 * argument varied, or two of a kind mixed. Empty where the tests hold no call with plain data.
 */
export async function probesOf({ language, tests, entryPoint }: Task): Promise<readonly Probe[]> {
  if (entryPoint === undefined || language !== 'python') return [];
  const grammar = await loadGrammar(language);
  const asked: Probe[] = [];
  const varied: Probe[] = [];
  for (const test of tests) {
    for (const call of nodesNamed(grammar.parse(test), 'CallExpression')) {
      const values = plainArguments(call, test, entryPoint);
      if (values === undefined) continue;
      const texts = values.map((value) => textOf(value, test));
      asked.push(probeOf(texts));
      values.forEach((value, index) => {
        for (const { source, atEdge } of variantsOf(value, test)) {
          varied.push(probeOf(texts.with(index, source), atEdge));
        }
      });
      varied.push(...mixed(values, texts).map((mix) => probeOf(mix)));
    }
  }
  const distinct = new Map([...asked, ...spread(varied)].map((probe) => [probe.call, probe]));
  return [...distinct.values()].slice(0, MOST_PROBES);
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
      if (isSequence(one)) found.push(texts.with(j, `(${a})[::-1]`));
    }
  }
  return found;
}

function isSequence({ name }: SyntaxNode): boolean {
  return ['String', 'ContinuedString', 'ArrayExpression', 'TupleExpression'].includes(name);
}

function probeOf(args: readonly string[], atEdge = false): Probe {
  return { call: `f(${args.join(', ')})`, atEdge };
}

/** Values near that of a literal: those at which programs that look alike differ most. */
function variantsOf(literal: SyntaxNode, text: string): readonly Variant[] {
  const source = textOf(literal, text);
  const value = `(${source})`;
  const edges = (...sources: readonly string[]): Variant[] => sources.map((one) => ({ source: one, atEdge: true }));
  const near = (...sources: readonly string[]): Variant[] => sources.map((one) => ({ source: one, atEdge: false }));
  const cut = near(`${value}[::-1]`, `${value} * 2`, `${value}[1:]`, `${value}[:-1]`);
  switch (literal.name) {
    case 'Number':
    case 'UnaryExpression':
      return [...near(`${value} + 1`, `${value} - 1`, `${value} * 2`), ...edges('0', '1', `-${value}`)];
    case 'String':
    case 'ContinuedString':
      return [
        ...[...cut, ...near(`${value}.swapcase()`, `${value}.replace(' ', '   ')`)],
        ...edges("''", `${value} + ' '`, `${value} + ' ' + ${value}[:1]`),
      ];
    case 'Boolean':
      return near(`not ${value}`);
    case 'ArrayExpression':
      return [...cut, ...edges('[]'), ...partsVaried(literal, text)];
    case 'TupleExpression':
      return [...cut, ...edges('()'), ...partsVaried(literal, text)];
    case 'DictionaryExpression':
      return edges('{}');
    default:
      return [];
  }
}

function partsVaried(collection: SyntaxNode, text: string): readonly Variant[] {
  const parts = childrenOf(collection).filter((child) => isLiteral(child));
  return parts.slice(0, VARIED_PARTS).flatMap((part) =>
    variantsOf(part, text)
      .slice(0, 4)
      .map(({ source, atEdge }) => ({
        source: text.slice(collection.from, part.from) + source + text.slice(part.to, collection.to),
        atEdge,
      })),
  );
}

/** So that a limit takes something of every argument, and not all of the first. */
function spread(probes: readonly Probe[]): readonly Probe[] {
  if (probes.length <= MOST_PROBES) return probes;
  const step = probes.length / MOST_PROBES;
  return Array.from({ length: MOST_PROBES }, (_, index) => probes[Math.floor(index * step)]).filter(
    (probe) => probe !== undefined,
  );
}
