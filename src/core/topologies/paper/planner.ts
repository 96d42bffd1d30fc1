import type { PaperCrew } from '../../agents/paperCrew';
import type { PlanStep } from '../../agents/planSteps';
import { auditedPrompt, planMessages, REVIEW_PROMPT } from '../../agents/prompts';
import type { Model } from '../../catalogue/model';
import type { StopReason } from '../../result';
import { linear } from './linear';
import { asked, MOST_PAPER_ANSWERS, type PaperTopology } from './paperTopology';

/** "The PlannerAgent is permitted a maximum of two re-planning attempts" (BAMAS, appendix B). */
const MOST_REPLANS = 2;

/**
 * Planner-Driven as published: the strongest model plans, the next strongest is the critic, the others execute. What the
 * steps are is not in the paper's text; here they are those of the verified profile, where "test" does nothing, because
 * nothing is run. A plan ends where the critic approves; where its last word is an issue the planner plans again.
 */
export const planner: PaperTopology = {
  name: 'planner',
  mostCalls: () => 2 * MOST_PAPER_ANSWERS + 1 + MOST_REPLANS,
  async run(crew) {
    const [planning] = crew.cast('planner');
    if (planning === undefined) return linear.run(crew);
    const state: State = { answers: 0, issues: undefined, isDone: false };
    for (let plan = 0; plan <= MOST_REPLANS && !state.isDone; plan++) {
      const step = await crew.plan(planning, planMessages(crew.task, crew.code, state.issues));
      if (step.kind === 'stop') return step.stop;
      if (step.value === undefined) return crew.code === undefined ? linear.run(crew) : undefined;
      const stop = await execute(crew, step.value, state);
      if (stop !== undefined) return stop;
      state.isDone ||= state.issues === undefined || state.answers >= MOST_PAPER_ANSWERS;
    }
    return undefined;
  },
};

/** How far the plans of a run have come. */
interface State {
  answers: number;
  /** What the critic found in the last answer; undefined where it was not asked, or found nothing. */
  issues: string | undefined;
  isDone: boolean;
}

async function execute(crew: PaperCrew, steps: readonly PlanStep[], state: State): Promise<StopReason | undefined> {
  const executors = crew.cast('executor').toReversed();
  for (const { do: kind, note } of steps) {
    if (kind === 'stop' || state.answers >= MOST_PAPER_ANSWERS) return undefined;
    if (kind === 'test') continue;
    const stop =
      kind === 'critique'
        ? await audit(crew, state)
        : await write(crew, executors[state.answers % executors.length], kind === 'revise', note, state);
    if (stop !== undefined) return stop;
    if (state.isDone) return undefined;
  }
  return undefined;
}

async function audit(crew: PaperCrew, state: State): Promise<StopReason | undefined> {
  const [critic] = crew.cast('critic');
  if (critic === undefined || crew.code === undefined) return undefined;
  const step = await crew.audit(critic, crew.code);
  if (step.kind === 'stop') return step.stop;
  state.isDone = step.value?.approved === true;
  state.issues = state.isDone ? undefined : step.value?.issues;
  return undefined;
}

async function write(
  crew: PaperCrew,
  model: Model | undefined,
  revises: boolean,
  note: string,
  state: State,
): Promise<StopReason | undefined> {
  if (model === undefined) return 'failed';
  const base = revises ? crew.code : undefined;
  const said = state.issues === undefined ? REVIEW_PROMPT : auditedPrompt(state.issues);
  const order = base === undefined ? note : [note, said].filter((text) => text !== '').join('\n');
  const step = await crew.write(model, asked(crew.task, base, order === '' ? undefined : order));
  state.answers += 1;
  state.issues = undefined;
  return step.kind === 'stop' ? step.stop : undefined;
}
