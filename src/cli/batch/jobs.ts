import type { Task } from '../../core/task/task';
import { parseTasks, type TaskLine } from '../../core/task/taskFile';

/** One line of a tasks file: a task to run, or the error that becomes its result. */
export type Job = { readonly id: string } & ({ readonly task: Task } | { readonly error: string });

/**
 * The lines of a tasks file as jobs, each with an id of its own: that of the task, or of the broken line where it can be
 * read and no other line has it, or else "line 3".
 */
export function readJobs(text: string): Job[] {
  const lines = parseTasks(text);
  const taken = new Set(lines.flatMap((line) => ('task' in line ? [line.task.id] : [])));
  return lines.map((line) => {
    if ('task' in line) return { id: line.task.id, task: line.task };
    const id = ownId(line, taken);
    taken.add(id);
    return { id, error: line.error };
  });
}

function ownId({ line, id }: Exclude<TaskLine, { task: Task }>, taken: ReadonlySet<string>): string {
  return id === undefined || taken.has(id) ? `line ${line}` : id;
}
