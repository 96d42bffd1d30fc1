import type { Target } from '../../task/extraction';
import { placeAnswer } from '../../task/place';
import type { Language, Task } from '../../task/task';
import { type Baseline } from './baseline';
import { outcomeNames } from './judge';

/** Where answers go. */
export interface Placed {
  /** Path of the file, relative to the workspace, with `/`. */
  readonly path: string;
  /** The whole new text of the file with an answer in it. */
  readonly textWith: (code: string) => Promise<string>;
}

/**
 * Puts answers where the editor would put them.
 * @param document the text that `target` was extracted from
 */
export function placedAt(path: string, document: string, target: Target, language: Language): Placed {
  return { path, textWith: async (code) => (await placeAnswer(document, target, code, language)).text };
}

/**
 * The same task, to be proven by the project's tests: they are named in it, the failing ones one by one. The tests that
 * it had stay in what is said to the models only as far as they are part of the prompt.
 */
export function projectTask(task: Task, baseline: Baseline): Task {
  return { ...task, tests: outcomeNames(baseline), setup: '' };
}
