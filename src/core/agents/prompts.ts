import type { Language, Task } from '../task/task';
import type { ChatMessage } from '../providers/message';

/**
 * All that agents say to models, in one place. Every token here is paid for with every call, so an executor's fixed
 * overhead stays within 60 tokens (held by a test). Change the version with any change of a text.
 */
export const PROMPT_VERSION = 2;

const NAMES: Readonly<Record<Language, string>> = {
  python: 'Python',
  javascript: 'JavaScript',
  typescript: 'TypeScript',
};

/** The task as it is put to an executor. */
export function taskPrompt(task: Task): string {
  const named = isNamed(task) ? '' : ` Name it \`${task.entryPoint ?? ''}\`.`;
  const unseen = task.tests.filter((test) => !isShown(test, task.prompt));
  const tests = unseen.length === 0 ? '' : `\n\nIt must pass:\n${unseen.join('\n')}`;
  return `Write this ${NAMES[task.language]} code, whole, in one code block, without explanation.${named}\n\n${task.prompt.trim()}${tests}`;
}

/** How agents that answer side by side are told apart; the first one is asked plainly. */
export const STYLES = ['', 'Mind the edge cases.', 'Take another approach than the obvious one.'] as const;

/** What an executor is told of its previous answer. */
export function revisionPrompt(failure: string, critique?: string): string {
  const advice = critique === undefined ? '' : `\n\nA reviewer says:\n${critique}`;
  return `That fails:\n${failure}${advice}\n\nWrite the corrected code, whole, in one code block.`;
}

/** What is asked where an answer held no code. */
export const NO_CODE_PROMPT = 'That holds no code. Write the code, whole, in one code block.';

/** What the last of several executors is asked where no test can tell. */
export const REVIEW_PROMPT = 'Check that against the task. Write the final code, whole, in one code block.';

/** The conversation that asks a critic why code fails. It sees the code, the tests and the failing output. */
export function critiqueMessages(task: Task, code: string, failure: string): ChatMessage[] {
  const text =
    `This ${NAMES[task.language]} code fails its tests. Say what is wrong and how to mend it, in at most three sentences, without code, as JSON alone: {"issues": "..."}.\n\n` +
    `Task:\n${task.prompt.trim()}\n\nCode:\n${code.trim()}\n\nFailing:\n${failure}`;
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

/** What an executor is told that merges the answers of others. */
export function mergePrompt(codes: readonly string[]): string {
  const answers = codes.map((code, index) => `Answer ${index + 1}:\n${code.trim()}`).join('\n\n');
  return `Others have answered:\n\n${answers}\n\nWrite the final code, whole, in one code block.`;
}

/** What an executor is told of its previous answer by a critic, where nothing was run. */
export function auditedPrompt(issues: string): string {
  return `A reviewer says:\n${issues}\n\nWrite the corrected code, whole, in one code block.`;
}

/** The conversation that asks a planner for steps. After a plan that failed it sees where that one has led. */
export function planMessages(task: Task, code?: string, failure?: string): ChatMessage[] {
  const so = code === undefined ? '' : `\n\nCode so far:\n${code.trim()}\n\nFailing:\n${failure ?? 'nothing was run'}`;
  const text =
    `Plan how other models write this ${NAMES[task.language]} code. Answer with JSON alone: a list of at most six steps ` +
    `{"do": "write" | "test" | "critique" | "revise" | "stop", "note": "a hint in a few words"}.\n\n` +
    `Task:\n${task.prompt.trim()}${so}`;
  return [{ role: 'user', content: text }];
}

/** The conversation that asks a judge which of several answers is right. It sees no verdict: it is asked where none tells. */
export function judgeMessages(task: Task, candidates: readonly string[]): ChatMessage[] {
  const answers = candidates.map((code, index) => `Answer ${index + 1}:\n${code.trim()}`).join('\n\n');
  const text =
    `Which answer is right for most inputs? Answer with JSON alone: {"best": its number, "why": "a few words"}.\n\n` +
    `Task:\n${task.prompt.trim()}\n\n${answers}`;
  return [{ role: 'user', content: text }];
}

function isNamed({ entryPoint, prompt }: Task): boolean {
  return entryPoint === undefined || prompt.split(/[^\p{ID_Continue}$]+/u).includes(entryPoint);
}

/** A test is not repeated where the prompt already shows its call, as a doctest or in prose. */
function isShown(test: string, prompt: string): boolean {
  const call = /^\s*assert\s+(.+?)\s*(?:==|is\b|in\b|<|>|!=)/s.exec(test)?.[1] ?? test;
  return squeeze(prompt).includes(squeeze(call));
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '').replaceAll('"', "'");
}
