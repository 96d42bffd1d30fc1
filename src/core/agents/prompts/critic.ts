import type { ChatMessage } from '../../providers/message';
import type { Task } from '../../task/task';
import { countdown } from './countdown';
import { NAMES } from './language';
import { unseenTests } from './unseenTests';

/**
 * The conversation that asks a critic why code fails. It sees the code, the tests and the failing output, and how many
 * calls are left to mend it: with one left only the surest change is worth asking for.
 */
export function critiqueMessages(task: Task, code: string, failure: string, left?: number): ChatMessage[] {
  const unseen = unseenTests(task, `${task.prompt}\n${failure}`);
  const tests = unseen.length === 0 ? '' : `\n\nOther tests:\n${unseen.join('\n')}`;
  const text =
    `This ${NAMES[task.language]} code fails its tests. Say what is wrong and how to mend it, in at most three sentences, without code, as JSON alone: {"issues": "..."}.\n\n` +
    `Task:\n${task.prompt.trim()}${tests}\n\nCode:\n${code.trim()}\n\nFailing:\n${failure}${countdown(left)}`;
  return [{ role: 'user', content: text }];
}

/** The conversation that asks a critic whether code is right, where nothing was run. It sees code and tests. */
export function auditMessages(task: Task, code: string): ChatMessage[] {
  const tests = task.tests.length === 0 ? '' : `\n\nTests:\n${task.tests.join('\n')}`;
  const text =
    `Audit this ${NAMES[task.language]} code; do not run or rewrite it. Answer with JSON alone: ` +
    `{"approved": whether it is right, "issues": "what is wrong, in at most three sentences"}.\n\n` +
    `Task:\n${task.prompt.trim()}${tests}\n\nCode:\n${code.trim()}`;
  return [{ role: 'user', content: text }];
}
