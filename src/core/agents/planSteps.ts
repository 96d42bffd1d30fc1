import { jsonIn } from './jsonIn';

/** What a planner may order. */
export const STEP_KINDS = ['write', 'test', 'critique', 'revise', 'stop'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** One step of a plan. `note` is the planner's word to whoever does it. */
export interface PlanStep {
  readonly do: StepKind;
  readonly note: string;
}

/** Steps of a plan at most, and characters of a note; every one of them is paid for. */
const MOST_STEPS = 8;
const NOTE_LENGTH = 200;

/**
 * Reads the plan out of a planner's answer: a JSON list of steps, each `{"do": ..., "note"?: ...}` or just the name,
 * also within an object, prose or a code block. Undefined where it is malformed: no list, a step that nobody knows, or
 * nothing that writes code.
 */
export function readPlanSteps(text: string): readonly PlanStep[] | undefined {
  const list = jsonIn(text, ['[', ']']);
  if (!Array.isArray(list)) return undefined;
  const steps = list.slice(0, MOST_STEPS).map(stepOf);
  if (steps.some((step) => step === undefined)) return undefined;
  const known = steps.filter((step) => step !== undefined);
  return known.some(({ do: kind }) => kind === 'write' || kind === 'revise') ? known : undefined;
}

function stepOf(value: unknown): PlanStep | undefined {
  const fields = typeof value === 'string' ? { do: value } : value;
  if (typeof fields !== 'object' || fields === null) return undefined;
  const { do: kind, note } = fields as Readonly<Record<string, unknown>>;
  const known = STEP_KINDS.find((name) => typeof kind === 'string' && kind.toLowerCase() === name);
  if (known === undefined) return undefined;
  return { do: known, note: typeof note === 'string' ? note.trim().slice(0, NOTE_LENGTH) : '' };
}
