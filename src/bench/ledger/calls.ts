import type { Booking, CallBound, Settlement } from '../../core/budget/entry';
import { type Money, usd, ZERO } from '../../core/money';

/** What a usual call reserves and costs. */
export const RESERVED: Money = usd('0.000815');
export const COST: Money = usd('0.000193');

export const BOUND: CallBound = {
  ...{ promptBound: 812, promptProxy: 640, promptHard: 2480 },
  ...{ maxTokens: 384, completionBound: 384 },
};

export const BILL: Settlement = {
  ...{ cost: COST, unconfirmed: ZERO, promptTokens: 655, completionTokens: 212 },
  ...{ reported: true, violations: [] },
};

const WORKSPACES = ['/home/ada/engine', '/home/ada/notes', '/home/ada/compiler'];
const MODELS = ['gpt-4.1-nano', 'gpt-4.1-mini', 'gpt-4.1', 'deepseek-chat', 'qwen3-coder'];

/** Who the `index`th call is booked to: five calls a run, several workspaces and models. */
export function bookingOf(index: number): Booking {
  const run = Math.floor(index / 5);
  return {
    run: `5f0c9f9e-0000-4000-8000-${String(run).padStart(12, '0')}`,
    task: `HumanEval/${run % 164}`,
    workspace: WORKSPACES[run % WORKSPACES.length] ?? '',
    role: index % 5 === 3 ? 'critic' : 'executor',
    model: MODELS[index % MODELS.length] ?? '',
  };
}
