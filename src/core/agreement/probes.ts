import type { SyntaxNode } from '@lezer/common';
import { loadGrammar } from '../task/grammar';
import { textOf } from '../task/nodes';
import type { Task } from '../task/task';
import type { Dialect, Variant } from './dialect';
import { PYTHON } from './pythonDialect';
import { SCRIPT } from './scriptDialect';

/** Probes of a task at most: enough to tell answers apart, few enough for one run of the sandbox. */
const MOST_PROBES = 40;

/** Calls of the tests that are made as they stand: answers that pass the tests differ on others. */
const MOST_ASKED = 20;

/** Calls of the tests, and arguments of each, that are varied: what nobody writes is not to take long to read. */
const VARIED_CALLS = 60;
const VARIED_ARGUMENTS = 12;

/** How much of an argument is varied: its own value, and those of its first parts. */
const VARIED_PARTS = 3;

/** A call of the entry point. */
export interface Probe {
  /** Its source, an expression in which the entry point is called `f`. */
  readonly call: string;
  /** The source of its arguments alone. */
  readonly args: string;
  /** An input at the edge of its kind, such as an empty list, of which the task may not speak. */
  readonly atEdge: boolean;
}

/** A probe that is written only where it is used. */
type Later = () => Probe;

/** Why there is nothing to compare answers by. */
export type NoProbes = 'no tests' | 'no entry point' | 'no plain call';

/** The probes of a task, and why there are none where there are none. */
export interface Probing {
  readonly probes: readonly Probe[];
  readonly none?: NoProbes;
}

/**
 * Calls of the entry point that nobody knows the result of: the calls of the visible tests, and the same with one
 * argument varied, or two of a kind mixed.
 */
export async function probingOf({ language, tests, entryPoint }: Task): Promise<Probing> {
  if (tests.length === 0) return { probes: [], none: 'no tests' };
  if (entryPoint === undefined) return { probes: [], none: 'no entry point' };
  const dialect = language === 'python' ? PYTHON : SCRIPT;
  const grammar = await loadGrammar(language);
  const asked: Probe[] = [];
  const varied: Later[] = [];
  for (const test of tests) {
    if (asked.length >= VARIED_CALLS) break;
    for (const values of dialect.argumentsIn(grammar.parse(test), test, entryPoint)) {
      const texts = values.map((value) => textOf(value, test));
      const some = values.slice(0, VARIED_ARGUMENTS);
      asked.push(probeOf(texts));
      some.forEach((value, index) => {
        for (const { source, atEdge } of variantsOf(dialect, value, test)) {
          varied.push(() => probeOf(texts.with(index, source), atEdge));
        }
      });
      varied.push(...mixed(dialect, some, texts, test));
      if (asked.length >= VARIED_CALLS) break;
    }
  }
  const all = [...asked.slice(0, MOST_ASKED), ...spread(varied).map((probe) => probe())];
  const distinct = new Map(all.map((probe) => [probe.call, probe]));
  // What a test asks is an ordinary input, however near to an edge.
  for (const probe of asked) if (distinct.has(probe.call)) distinct.set(probe.call, probe);
  const probes = [...distinct.values()].slice(0, MOST_PROBES);
  return probes.length === 0 ? { probes, none: 'no plain call' } : { probes };
}

/** The probes of {@link probingOf}. Empty where the tests hold no call with plain data. */
export async function probesOf(task: Task): Promise<readonly Probe[]> {
  return (await probingOf(task)).probes;
}

/** The arguments with two of a kind swapped, or made the same. */
function mixed(
  dialect: Dialect,
  values: readonly SyntaxNode[],
  texts: readonly string[],
  text: string,
): readonly Later[] {
  const found: Later[] = [];
  for (const [i, one] of values.entries()) {
    for (const [j, other] of values.entries()) {
      const [a, b] = [texts[i], texts[j]];
      if (i >= j || a === undefined || b === undefined) continue;
      if (dialect.kindOf(one, text) !== dialect.kindOf(other, text)) continue;
      found.push(
        () => probeOf(texts.with(i, b).with(j, a)),
        () => probeOf(texts.with(i, b)),
        () => probeOf(texts.with(j, a)),
      );
      const mirrored = dialect.mirrored(one, a);
      if (mirrored !== undefined) found.push(() => probeOf(texts.with(j, mirrored)));
    }
  }
  return found;
}

function probeOf(values: readonly string[], atEdge = false): Probe {
  const args = values.join(', ');
  return { call: `f(${args})`, args, atEdge };
}

function variantsOf(dialect: Dialect, value: SyntaxNode, text: string): readonly Variant[] {
  return [...dialect.variantsOf(value, text), ...partsVaried(dialect, value, text)];
}

function partsVaried(dialect: Dialect, collection: SyntaxNode, text: string): readonly Variant[] {
  const parts = dialect.partsOf(collection, text);
  return parts.slice(0, VARIED_PARTS).flatMap((part) =>
    variantsOf(dialect, part, text)
      .slice(0, 4)
      .map(({ source, atEdge }) => ({
        source: text.slice(collection.from, part.from) + source + text.slice(part.to, collection.to),
        atEdge,
      })),
  );
}

/** So that a limit takes something of every argument, and not all of the first. */
function spread(probes: readonly Later[]): readonly Later[] {
  if (probes.length <= MOST_PROBES) return probes;
  const step = probes.length / MOST_PROBES;
  return Array.from({ length: MOST_PROBES }, (_, index) => probes[Math.floor(index * step)]).filter(
    (probe) => probe !== undefined,
  );
}
