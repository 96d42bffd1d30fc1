import type { TokenCounter } from '../budget/tokens';
import { worstCase } from '../budget/price';
import type { Catalogue, Model } from '../catalogue/model';
import type { ChatMessage } from '../providers/message';
import type { PricedModel } from './tier';

/** Completion tokens that a call is planned with where nothing is known of a model (BAMAS, table 7). */
export const T_OUT = 384;

/** Of a planned completion, the part that answers usually take; a prior until there are recorded runs to learn from. */
export const USUAL_OUTPUT = 0.5;

/** How often another call is expected to be needed; a prior until there are recorded runs to learn from. */
export const CHANCE_OF_ANOTHER = 0.4;

/** A model whose context window is too small for a task. `tokens` is what prompt and planned completion may come to. */
export interface Unfit {
  readonly model: Model;
  readonly tokens: number;
  readonly why: string;
}

/**
 * What one call of every model is planned to cost for a task: T_in is the counted prompt, in the model's own tokens,
 * and T_out is `output` of the model or its maximum. Models whose context window is too small are told apart.
 */
export async function priceModels(
  catalogue: Catalogue,
  tokens: TokenCounter,
  messages: readonly ChatMessage[],
  output: (model: Model) => number = () => T_OUT,
): Promise<{ readonly priced: readonly PricedModel[]; readonly unfit: readonly Unfit[] }> {
  const priced: PricedModel[] = [];
  const unfit: Unfit[] = [];
  for (const { model, promptBound: promptTokens } of await tokens.promptBounds(catalogue.models, messages)) {
    const completion = Math.min(output(model), model.maxOutputTokens);
    const needed = promptTokens + completion;
    if (needed > model.contextWindow) {
      const why = `${model.id} takes ${model.contextWindow} tokens, and the task is ${promptTokens}`;
      unfit.push({ model, tokens: needed, why });
    } else
      priced.push({ model, callCost: worstCase(model.price, promptTokens, tokens.completionBound(model, completion)) });
  }
  return { priced, unfit };
}
