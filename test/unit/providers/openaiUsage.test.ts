import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd } from '../../../src/core/money';
import type { Usage } from '../../../src/core/providers/chat';
import { readUsage } from '../../../src/core/providers/openaiUsage';

const read = (usage: unknown): Usage | undefined => readUsage({ usage, headerCost: undefined, streamed: true });
const counts = (prompt: number, completion: number, cached = 0, written = 0, reasoning = 0): Usage => ({
  promptTokens: prompt,
  completionTokens: completion,
  cachedTokens: cached,
  cacheWriteTokens: written,
  reasoningTokens: reasoning,
});

describe('a report of usage', () => {
  it('is read in the words of OpenAI, OpenRouter, LiteLLM and DeepSeek', () => {
    const openai = {
      prompt_tokens: 100,
      completion_tokens: 50,
      prompt_tokens_details: { cached_tokens: 40, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 30 },
      total_tokens: 150,
    };
    assert.deepEqual(read(openai), counts(100, 50, 40, 0, 30));
    const litellm = {
      prompt_tokens: 100,
      completion_tokens: 5,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 20,
    };
    assert.deepEqual(read(litellm), counts(100, 5, 60, 20));
    assert.deepEqual(read({ prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 8 }), counts(9, 1, 8));
    const openrouter = { prompt_tokens: 9, completion_tokens: 1, cost: 0.0000123, prompt_tokens_details: null };
    assert.deepEqual(read(openrouter), { ...counts(9, 1), billed: usd('0.0000123') });
  });

  it('gets tokens that only the total holds: of the cache, and of hidden reasoning', () => {
    const cache = {
      prompt_tokens: 10,
      completion_tokens: 5,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 20,
    };
    assert.deepEqual(read({ ...cache, total_tokens: 95 }), counts(90, 5, 60, 20));
    const grok = { prompt_tokens: 10, completion_tokens: 5, completion_tokens_details: { reasoning_tokens: 7 } };
    assert.deepEqual(read({ ...grok, total_tokens: 22 }), counts(10, 12, 0, 0, 7));
    assert.deepEqual(read({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 40 }), counts(10, 30, 0, 0, 25));
  });

  it("with the user's own upstream key bills the fee and the upstream cost, or neither", () => {
    const byok = { prompt_tokens: 1, completion_tokens: 1, cost: 0.0001, is_byok: true };
    assert.equal(read({ ...byok, cost_details: { upstream_inference_cost: 0.002 } })?.billed, usd('0.0021'));
    assert.equal(read(byok)?.billed, undefined);
  });

  it('that cannot be true is no report', () => {
    const fine = { prompt_tokens: 10, completion_tokens: 5 };
    for (const bad of [
      null,
      'many',
      [],
      {},
      { prompt_tokens: 10 },
      { ...fine, prompt_tokens: -1 },
      { ...fine, completion_tokens: 1.5 },
      { ...fine, prompt_tokens: '10' },
      { ...fine, prompt_tokens: Number.MAX_SAFE_INTEGER + 1 },
      { ...fine, prompt_tokens_details: { cached_tokens: 11 } },
      { ...fine, prompt_tokens_details: { cached_tokens: 6 }, cache_creation_input_tokens: 5 },
      { ...fine, completion_tokens_details: { reasoning_tokens: 6 } },
      { ...fine, completion_tokens_details: { reasoning_tokens: -1 } },
    ]) {
      assert.equal(read(bad), undefined, JSON.stringify(bad));
    }
  });

  it('with an amount that is no amount keeps its tokens', () => {
    for (const cost of [-1, Number.NaN, null, 'free', {}]) {
      assert.deepEqual(read({ prompt_tokens: 1, completion_tokens: 1, cost }), counts(1, 1));
    }
  });

  it('never throws and never yields parts above their totals', () => {
    const names = [
      'prompt_tokens',
      'completion_tokens',
      'total_tokens',
      'cache_read_input_tokens',
      'reasoning_tokens',
      'cost',
    ];
    const value = fc.oneof(fc.nat(50), fc.double(), fc.constant(null), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (usage) => {
        const result = read(usage);
        if (result === undefined) return;
        assert.ok(result.cachedTokens + result.cacheWriteTokens <= result.promptTokens);
        assert.ok(result.reasoningTokens <= result.completionTokens);
        assert.ok(Number.isSafeInteger(result.promptTokens + result.completionTokens));
      }),
    );
  });
});
