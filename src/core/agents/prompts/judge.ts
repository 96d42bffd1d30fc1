import type { ChatMessage } from '../../providers/message';
import type { Task } from '../../task/task';

/** The conversation that asks a judge which of several answers is right. It sees no verdict: it is asked where none tells. */
export function judgeMessages(task: Task, candidates: readonly string[]): ChatMessage[] {
  const answers = candidates.map((code, index) => `Answer ${index + 1}:\n${code.trim()}`).join('\n\n');
  const text =
    `Which answer is right for most inputs? Answer with JSON alone: {"best": its number, "why": "a few words"}.\n\n` +
    `Task:\n${task.prompt.trim()}\n\n${answers}`;
  return [{ role: 'user', content: text }];
}
