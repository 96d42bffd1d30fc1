import { ROLE_TOKENS } from '../agents/agent';
import { critiqueMessages, MOST_TOLD, planMessages } from '../agents/prompts';
import { worstCase } from '../budget/price';
import type { TokenCounter } from '../budget/tokens';
import type { Calibration } from '../calibration/calibration';
import { dearestInput } from '../catalogue/model';
import { type Money, ZERO } from '../money';
import type { TopologyName } from '../plan';
import type { ChatMessage } from '../providers/message';
import { T_OUT, USUAL_OUTPUT } from '../provisioning/estimate';
import type { Provision } from '../provisioning/provision';
import { assignRoles, playing } from '../provisioning/roles';
import type { Task } from '../task/task';

/** What a call of those who do not write code usually costs; nothing where a topology has no such role. */
export interface RolePrices {
  readonly planner: Money;
  readonly critic: Money;
}

/** Prompt tokens of a critic beyond the task: usual code, and what failed. */
const CRITICISED_TOKENS = Math.round(T_OUT * USUAL_OUTPUT) + 64;

/** Prices the roles of a topology by their own prompts and the length of their answers, each for the model that plays it. */
export async function rolePrices(
  task: Task,
  topology: TopologyName,
  pool: readonly Provision[],
  tokens: TokenCounter,
  calibration: Calibration,
): Promise<RolePrices> {
  const cast = assignRoles(topology, pool);
  const priced = async (
    role: keyof typeof ROLE_TOKENS,
    messages: readonly ChatMessage[],
    more: number,
  ): Promise<Money> => {
    const model = playing(role, cast)?.model;
    if (model === undefined) return ZERO;
    const { promptBound } = await tokens.bound(model, messages);
    const usual = calibration.usualOutput(model.id, role, Math.round(ROLE_TOKENS[role] * USUAL_OUTPUT));
    return worstCase({ input: dearestInput(model.price), output: model.price.output }, promptBound + more, usual);
  };
  return {
    planner: await priced('planner', planMessages(task, undefined, undefined, MOST_TOLD), 0),
    critic: await priced('critic', critiqueMessages(task, '', '', MOST_TOLD), CRITICISED_TOKENS),
  };
}
