import type { Attempt, Crew } from '../agents/crew';
import { failureReport, NO_CODE_PROMPT, revisionPrompt, taskPrompt } from '../agents/prompts';
import type { TopologyName } from '../plan';
import type { ChatMessage } from '../providers/message';
import type { StopReason } from '../result';
import type { Task } from '../task/task';

/** A way for agents to work together. It reaches models only through its crew's agents. */
export interface Topology {
  readonly name: TopologyName;
  /** Calls of a run at most, whoever makes them; what fails at its provider is not counted. */
  readonly mostCalls: number;
  /** Runs until solved or until there is a reason to stop. Rejects only when the sandbox or the ledger is broken. */
  run(crew: Crew): Promise<StopReason>;
}

/** Answers that a run tries at most, whatever its topology; with tests that no model can pass, more would only burn what is left. */
export const MOST_ATTEMPTS = 8;

/** Answers in a row that bring nothing new, after which the same model is not asked any more. */
export const MOST_REPEATS = 2;

/** Temperature where the greedy answer is known to fail already. */
export const DIVERSE = 0.8;

/** What is said to an executor beyond the task and what failed. */
export interface Said {
  /** How the task is to be approached, such as one of {@link STYLES}. */
  readonly style?: string;
  readonly critique?: string | undefined;
}

/** The conversation for the next attempt: the task, and what there is to build on. */
export function conversation(task: Task, previous?: Attempt, { style = '', critique }: Said = {}): ChatMessage[] {
  const asked: ChatMessage = { role: 'user', content: `${taskPrompt(task)}${style === '' ? '' : `\n\n${style}`}` };
  if (previous === undefined) return [asked];
  const { code, verdict, whole } = previous;
  // What was cut off is asked for again, with more room; half an answer in the prompt would only cost.
  if (!whole) return [asked];
  if (code === undefined) {
    const said = previous.text.trim().slice(0, 400) || '(nothing)';
    return [asked, { role: 'assistant', content: said }, { role: 'user', content: NO_CODE_PROMPT }];
  }
  if (verdict === undefined) return [asked];
  return [
    asked,
    { role: 'assistant', content: `\`\`\`\n${code.trim()}\n\`\`\`` },
    { role: 'user', content: revisionPrompt(failureReport(verdict), critique) },
  ];
}
