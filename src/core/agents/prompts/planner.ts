import type { ChatMessage } from '../../providers/message';
import type { Task } from '../../task/task';
import { countdown } from './countdown';
import { NAMES } from './language';

/**
 * The conversation that asks a planner for steps. After a plan that failed it sees where that one has led. It sees how
 * many calls are left for its steps, where somebody counts them.
 */
export function planMessages(task: Task, code?: string, failure?: string, left?: number): ChatMessage[] {
  const so = code === undefined ? '' : `\n\nCode so far:\n${code.trim()}\n\nFailing:\n${failure ?? 'nothing was run'}`;
  const text =
    `Plan how other models write this ${NAMES[task.language]} code. Answer with JSON alone: a list of at most six steps ` +
    `{"do": "write" | "test" | "critique" | "revise" | "stop", "note": "a hint in a few words"}.\n\n` +
    `Task:\n${task.prompt.trim()}${so}${countdown(left)}`;
  return [{ role: 'user', content: text }];
}
