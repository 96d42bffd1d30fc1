import type { Task } from '../core/task/task';

/** The made-up models of the demo. */
export const DEMO_MODELS = ['demo-cheap', 'demo-strong'] as const;
export type DemoModel = (typeof DEMO_MODELS)[number];

/** An answer that a demo model gives as an executor. Whether it is right is for the sandbox to find out. */
export interface Draft {
  readonly code: string;
  /** What a critic says of it. */
  readonly critique: string;
  /** The name of the draft that each model writes when it is shown this one. */
  readonly revised: Readonly<Record<DemoModel, string>>;
}

/** What the demo models say to one task: where they begin, and where a draft leads to. */
export interface Script {
  readonly first: Readonly<Record<DemoModel, string>>;
  readonly drafts: Readonly<Record<string, Draft>>;
}

/** A sample task with its script. The text of both is our own. */
export interface Sample {
  readonly task: Task;
  readonly script: Script;
}

/** A Python task whose id is that of its sample. */
export function pythonTask(id: string, entryPoint: string, prompt: string, tests: readonly string[]): Task {
  return { id, language: 'python', prompt, entryPoint, tests, setup: '' };
}
