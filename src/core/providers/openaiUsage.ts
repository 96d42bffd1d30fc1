import { add, type Money, usd } from '../money';
import type { Usage } from './chat';

type Fields = Readonly<Record<string, unknown>>;

/** What a server says about the bill of one answer, as it came: the `usage` object and a cost in the headers. */
export interface Reported {
  readonly usage: unknown;
  /** The amount of `x-litellm-response-cost`, USD; undefined where there is none. */
  readonly headerCost: string | undefined;
  /** Whether the headers left before the answer existed. */
  readonly streamed: boolean;
}

/**
 * Reads a report of usage as OpenAI, OpenRouter, LiteLLM, DeepSeek and their kin write it. Undefined where it cannot be
 * true (a count that is no whole number, a part above its total): a bill is not built on it.
 */
export function readUsage({ usage, headerCost, streamed }: Reported): Usage | undefined {
  if (!isFields(usage)) return undefined;
  const promptDetails = fieldsOf(usage['prompt_tokens_details']);
  const completionDetails = fieldsOf(usage['completion_tokens_details']);
  const prompt = wholeNumber(usage['prompt_tokens']);
  const completion = wholeNumber(usage['completion_tokens']);
  const cached = part(
    promptDetails['cached_tokens'],
    usage['cache_read_input_tokens'],
    usage['prompt_cache_hit_tokens'],
  );
  const written = part(
    usage['cache_creation_input_tokens'],
    promptDetails['cache_write_tokens'],
    promptDetails['cache_creation_tokens'],
  );
  const reasoning = part(completionDetails['reasoning_tokens'], usage['reasoning_tokens']);
  if (prompt === undefined || completion === undefined) return undefined;
  if (cached === undefined || written === undefined || reasoning === undefined) return undefined;

  const counts = { prompt, completion, cached, written, reasoning };
  const whole = withUncounted(counts, wholeNumber(usage['total_tokens']) ?? 0);
  if (cached + written > whole.prompt || whole.reasoning > whole.completion) return undefined;
  const billed = billedCost(usage) ?? headerAmount(headerCost, streamed);
  return {
    promptTokens: whole.prompt,
    completionTokens: whole.completion,
    cachedTokens: cached,
    cacheWriteTokens: written,
    reasoningTokens: whole.reasoning,
    ...(billed === undefined ? {} : { billed }),
  };
}

/**
 * What a server says that it billed though it counts no tokens: in the headers, or in a report without counts. Undefined
 * where it does not say, and where it is only said beside counts that cannot be true.
 */
export function readBilled({ usage, headerCost, streamed }: Reported): Money | undefined {
  const fields = fieldsOf(usage);
  const counts = fields['prompt_tokens'] ?? fields['completion_tokens'] ?? undefined;
  return (counts === undefined ? billedCost(fields) : undefined) ?? headerAmount(headerCost, streamed);
}

interface Counts {
  readonly prompt: number;
  readonly completion: number;
  readonly cached: number;
  readonly written: number;
  readonly reasoning: number;
}

/**
 * Some servers leave tokens out of both parts and only in `total_tokens`: Anthropic's kin the cached ones of the prompt,
 * Gemini and Grok the hidden reasoning. They are billed, so they are put where they belong; in doubt with the output.
 */
function withUncounted(counts: Counts, total: number): Counts {
  const left = total - counts.prompt - counts.completion;
  if (left <= 0) return counts;
  if (left === counts.cached + counts.written && left !== counts.reasoning) {
    return { ...counts, prompt: counts.prompt + left };
  }
  return {
    ...counts,
    completion: counts.completion + left,
    reasoning: counts.reasoning === 0 ? left : counts.reasoning,
  };
}

/** OpenRouter's `cost`, USD. With the user's own upstream key it holds only the fee, and the rest stands beside it. */
function billedCost(usage: Fields): Money | undefined {
  const cost = amount(usage['cost']);
  if (cost === undefined || usage['is_byok'] !== true) return cost;
  const upstream = amount(fieldsOf(usage['cost_details'])['upstream_inference_cost']);
  return upstream === undefined ? undefined : add(cost, upstream);
}

/** A zero in the headers of a stream was written before there was anything to bill, and says nothing. */
function headerAmount(text: string | undefined, streamed: boolean): Money | undefined {
  const cost = amount(text);
  return streamed && cost === 0n ? undefined : cost;
}

function amount(value: unknown): Money | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  try {
    return usd(value);
  } catch {
    return undefined;
  }
}

/** The first count that is given, 0 where none is; undefined where it is no count. */
function part(...values: readonly unknown[]): number | undefined {
  const given = values.find((value) => value !== undefined && value !== null);
  return given === undefined ? 0 : wholeNumber(given);
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
