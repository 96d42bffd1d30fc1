import type { Model } from '../../../src/core/catalogue/model';
import { perToken } from '../../../src/core/money';
import type { ChatOutcome, ChatRequest } from '../../../src/core/providers/chat';
import { OpenAiProvider } from '../../../src/core/providers/openai';
import type { OpenAiSettings } from '../../../src/core/providers/openaiAddress';

/** A key as providers hand them out; no message may hold it. */
export const KEY = 'sk-test-0123456789abcdefghij';

export const MODEL: Model = {
  id: 'small-model',
  tier: 1,
  price: { input: perToken(1), output: perToken(2) },
  contextWindow: 8192,
  maxOutputTokens: 4096,
  tokenizer: 'o200k_base',
  exactTokenizer: true,
};

export const REQUEST: ChatRequest = {
  model: MODEL,
  role: 'executor',
  messages: [{ role: 'user', content: 'Write f.' }],
  maxTokens: 100,
  temperature: 0.2,
  runId: 'HumanEval/0 é',
};

export function provider(baseUrl: string, settings: Partial<OpenAiSettings> = {}): OpenAiProvider {
  return new OpenAiProvider({
    baseUrl,
    key: () => Promise.resolve(KEY),
    firstByteMs: 2000,
    idleMs: 2000,
    ...settings,
  });
}

/** What one request comes to, with the text as it arrived. */
export async function ask(
  from: OpenAiProvider,
  request: Partial<ChatRequest> = {},
  signal = new AbortController().signal,
): Promise<{ readonly outcome: ChatOutcome; readonly arrived: readonly string[] }> {
  const arrived: string[] = [];
  const outcome = await from.complete({ ...REQUEST, ...request }, (text) => arrived.push(text), signal);
  return { outcome, arrived };
}
