import type { Task } from '../../task/task';
import { NAMES } from './language';
import { unseenTests } from './unseenTests';

/** The task as it is put to an executor. */
export function taskPrompt(task: Task): string {
  const named = isNamed(task) ? '' : ` Name it \`${task.entryPoint ?? ''}\`.`;
  const unseen = unseenTests(task, task.prompt);
  const tests = unseen.length === 0 ? '' : `\n\nIt must pass:\n${unseen.join('\n')}`;
  return `Write this ${NAMES[task.language]} code, whole, in one code block, without explanation.${named}\n\n${task.prompt.trim()}${tests}`;
}

/** How agents that answer side by side are told apart; the first one is asked plainly. */
export const STYLES = ['', 'Mind the edge cases.', 'Take another approach than the obvious one.'] as const;

/**
 * What an executor is told of its previous answer. It is not told how many calls are left: it writes the whole code in
 * this one, whatever comes after.
 */
export function revisionPrompt(failure: string, critique?: string): string {
  const advice = critique === undefined ? '' : `\n\nA reviewer says:\n${critique}`;
  return `That fails:\n${failure}${advice}\n\nWrite the corrected code, whole, in one code block.`;
}

/** What is asked where an answer held no code. */
export const NO_CODE_PROMPT = 'That holds no code. Write the code, whole, in one code block.';

/** What the last of several executors is asked where no test can tell. */
export const REVIEW_PROMPT = 'Check that against the task. Write the final code, whole, in one code block.';

function isNamed({ entryPoint, prompt }: Task): boolean {
  return entryPoint === undefined || prompt.split(/[^\p{ID_Continue}$]+/u).includes(entryPoint);
}
