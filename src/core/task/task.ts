/** The programming languages that a task can be in. */
export const LANGUAGES = ['python', 'javascript', 'typescript'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * What is asked of the agents, however it was asked: a selection in the editor, a line of a task file, typed text.
 * The text is untrusted input: it may come from a cloned repository.
 */
export interface Task {
  /** Names the task in results, receipts and the ledger; unique within a batch. */
  readonly id: string;
  readonly language: Language;
  /** Free text, or a stub (imports, helpers, signature, docstring) that the answer completes. */
  readonly prompt: string;
  /** The function or class that the tests call; undefined where free text names none. */
  readonly entryPoint: string | undefined;
  /** Visible tests: statements that raise when the answer is wrong, one test each. May be empty. */
  readonly tests: readonly string[];
  /** Code that runs after the candidate and before the tests, in the tests' namespace. May be empty. */
  readonly setup: string;
}
