import type { Verdict } from '../core/sandbox/verdict';
import type { Task } from '../core/task/task';
import { nameOf } from './place';
import type { Question } from './question';
import { documentOf } from './testPlace';

/** The code that stands where an answer was asked for, or in a sentence why there is none. */
export type CurrentAnswer =
  | { readonly kind: 'code'; readonly code: string; readonly name: string }
  | { readonly kind: 'none'; readonly why: string };

/** Reads what now stands in the document, saved or not, where a question asked for its answer. */
export async function currentAnswer({ task, destination }: Question): Promise<CurrentAnswer> {
  if (destination === undefined) {
    return none('This task was typed, so its answer has no place in a document that its tests could be run against.');
  }
  const { source, snapshot, target } = destination;
  const name = nameOf(source);
  const document = await documentOf(source);
  if (document === undefined) return none(`${name} was deleted, moved or closed.`);
  const { currentCode } = await import('../core/task');
  const { entryPoint } = task;
  const code = await currentCode(document.getText(), { snapshot, target, entryPoint }, task.language);
  if (code !== undefined) return { kind: 'code', code, name };
  const wanted = target.name ?? entryPoint;
  return none(
    wanted === undefined
      ? `The answer has no name by which it could be found in ${name}.`
      : `${wanted} is not in ${name}, or more than once, so its tests cannot be run against it.`,
  );
}

/** A task with some of its tests only. */
export function withTests(task: Task, chosen: readonly number[]): Task {
  return { ...task, tests: task.tests.filter((_, index) => chosen.includes(index)) };
}

/** A verdict of all tests as one of some of them. */
export function atIndices(verdict: Verdict, chosen: readonly number[]): Verdict {
  const tests = verdict.tests.filter((_, index) => chosen.includes(index));
  return { ...verdict, tests, total: tests.length, passed: tests.filter(({ ok }) => ok).length };
}

function none(why: string): CurrentAnswer {
  return { kind: 'none', why };
}
