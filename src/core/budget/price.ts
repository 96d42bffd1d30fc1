import type { Price } from '../catalogue/model';
import { dearestInput, dearestOutput } from '../catalogue/model';
import { add, type Money, times } from '../money';
import type { Usage } from '../providers/chat';

/** The most that a call can cost: its prompt's bound and its maximal completion, each at the dearest price. */
export function worstCase(price: Price, promptTokens: number, maxTokens: number): Money {
  return add(times(dearestInput(price), promptTokens), times(dearestOutput(price), maxTokens));
}

/** What a call costs by its reported usage; the provider's own billed amount wins where there is one. */
export function costOf(price: Price, usage: Usage): Money {
  if (usage.billed !== undefined) return usage.billed;
  const plainInput = usage.promptTokens - usage.cachedTokens - usage.cacheWriteTokens;
  const plainOutput = usage.completionTokens - usage.reasoningTokens;
  return add(
    times(price.input, plainInput),
    times(price.cachedInput ?? price.input, usage.cachedTokens),
    times(price.cacheWrite ?? price.input, usage.cacheWriteTokens),
    times(price.output, plainOutput),
    times(price.reasoning ?? price.output, usage.reasoningTokens),
  );
}
