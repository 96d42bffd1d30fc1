import { mayReasonUnseen, type Model } from '../catalogue/model';
import { add, largest, type Money, subtract, times, ZERO } from '../money';
import type { ChatOutcome, Usage } from '../providers/chat';
import type { ChatMessage } from '../providers/message';
import type { CallBound, Settlement } from './entry';
import { costOf, worstCase } from './price';
import type { TokenCounter } from './tokens';
import type { Violation } from './violation';

/** A call whose bill is wanted. */
export interface Billed {
  readonly model: Model;
  readonly messages: readonly ChatMessage[];
  readonly bound: CallBound;
  readonly reserved: Money;
  /** What was seen of the completion beside its answer; it is billed alike. */
  readonly hidden?: string;
}

const NOTHING: Settlement = {
  ...{ cost: ZERO, unconfirmed: ZERO, promptTokens: 0, completionTokens: 0 },
  ...{ reported: false, violations: [] },
};

/**
 * What a call is booked at: the bill where it is known, the worst case where it is not, and more than that where the
 * provider shows by its own words that it cannot be less.
 */
export async function settlementOf(call: Billed, outcome: ChatOutcome, tokens: TokenCounter): Promise<Settlement> {
  if (outcome.kind === 'refused' || outcome.kind === 'unsent') return NOTHING;
  const { model, messages, hidden = '' } = call;
  const least = Math.max(0, (await tokens.leastTokens(model))(hidden + outcome.text));
  if (outcome.kind === 'complete' && outcome.usage !== undefined) {
    return outcome.usage.estimated === true
      ? ofEstimate(call, outcome.usage, least)
      : ofUsage(call, outcome.usage, least);
  }
  const [prompt, completion] = [await tokens.prompt(model, messages), await tokens.text(model, outcome.text)];
  const { bound, reserved } = call;
  // What is only a bound of the answer accuses nobody of a longer one than was asked for.
  const written = counted(prompt.tokens, Math.max(least, Math.min(completion.tokens, bound.maxTokens)));
  if (outcome.kind === 'complete' && outcome.billed !== undefined) {
    return withViolations(call, outcome.billed, ZERO, written, []);
  }
  // Hidden reasoning is billed and cannot be counted from the answer, nor what a server is known to add to prompts.
  const seen = hidden === '' && !mayReasonUnseen(model) && bound.promptBound <= bound.promptHard;
  if (outcome.kind === 'complete' && seen && prompt.exact && completion.exact) {
    const { input, output } = model.price;
    const cost = add(times(input, prompt.tokens), times(output, completion.tokens));
    return withViolations(call, cost, ZERO, counted(prompt.tokens, completion.tokens), []);
  }
  const cost = largest(reserved, worstCase(model.price, bound.promptBound, least));
  return withViolations(call, cost, cost, written, []);
}

/** A count of our own: all of it is unconfirmed, and no bound is learned from it. */
function ofEstimate(call: Billed, usage: Usage, least: number): Settlement {
  const completionTokens = Math.max(usage.completionTokens, least);
  const cost = costOf(call.model.price, { ...usage, completionTokens });
  // Its answer is ended from this side: only what the reservation does not hold is the model's fault.
  const bound = { ...call.bound, maxTokens: call.bound.completionBound };
  return withViolations({ ...call, bound }, cost, cost, counted(usage.promptTokens, completionTokens), []);
}

/** The provider's report, corrected upward where the answer itself disproves it. */
function ofUsage(call: Billed, reported: Usage, least: number): Settlement {
  const { price, contextWindow } = call.model;
  // A call is made only where prompt and answer fit the window: a report beyond it cannot be true, and confirms nothing.
  const possible = reported.promptTokens + reported.completionTokens <= contextWindow;
  const usage = possible ? reported : withinWindow(reported, contextWindow);
  const confirmed = possible ? costOf(price, usage) : ZERO;
  const understated = usage.completionTokens < least;
  const answered = understated ? { ...usage, completionTokens: least } : usage;
  // A bill in money is the provider's own word for what it takes; only a bill that we compute is corrected.
  const cost = largest(confirmed, usage.billed === undefined ? costOf(price, answered) : confirmed);
  const { promptTokens, completionTokens } = answered;
  return withViolations(
    call,
    cost,
    subtract(cost, confirmed),
    { promptTokens, completionTokens, reported: true },
    understated ? ['usage below answer'] : [],
  );
}

/** As much of an impossible report as may be true. */
function withinWindow({ promptTokens, completionTokens }: Usage, window: number): Usage {
  const prompt = Math.min(promptTokens, window);
  const none = { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
  return { promptTokens: prompt, completionTokens: Math.min(completionTokens, window - prompt), ...none };
}

function counted(promptTokens: number, completionTokens: number): Tokens {
  return { promptTokens, completionTokens, reported: false };
}

type Tokens = Pick<Settlement, 'promptTokens' | 'completionTokens' | 'reported'>;

function withViolations(
  { bound, reserved }: Billed,
  cost: Money,
  unconfirmed: Money,
  tokens: Tokens,
  known: readonly Violation[],
): Settlement {
  const found: readonly (readonly [Violation, boolean])[] = [
    ['prompt above bound', tokens.reported && tokens.promptTokens > bound.promptBound],
    ['completion above limit', tokens.completionTokens > bound.maxTokens],
    ['billed above reserved', cost > reserved],
  ];
  const violations = new Set([...known, ...found.flatMap(([violation, holds]) => (holds ? [violation] : []))]);
  return { cost, unconfirmed, ...tokens, violations: [...violations] };
}
