import assert from 'node:assert/strict';
import type { Settlement } from '../../../src/core/budget/entry';
import { worstCase } from '../../../src/core/budget/price';
import { type Billed, settlementOf } from '../../../src/core/budget/settlement';
import { TokenCounter } from '../../../src/core/budget/tokens';
import { add, type Money, perToken, usd, ZERO } from '../../../src/core/money';
import type { ChatOutcome, Usage } from '../../../src/core/providers/chat';
import { aModel } from '../../support/models';

const tokens = new TokenCounter();
/** A micro-dollar a prompt token, two a completion token. */
const MODEL = aModel('m', 1, 1, 2);
const EXACT = aModel('exact', 1, 1, 2, { tokenizer: 'o200k_base', exactTokenizer: true });
const BOUND = { promptBound: 100, promptProxy: 80, promptHard: 100, maxTokens: 200, completionBound: 200 };
const WORST = worstCase(MODEL.price, 100, 200);
const micro = (count: number): Money => usd(`${count}e-6`);
/** Two hundred words: two hundred tokens of the proxy. */
const words = (count: number): string => ' word'.repeat(count);

const billed = (more: Partial<Billed> = {}): Billed => ({
  ...{ model: MODEL, messages: [{ role: 'user', content: 'hello world' }], bound: BOUND, reserved: WORST },
  ...more,
});
const usage = (promptTokens: number, completionTokens: number, more: Partial<Usage> = {}): Usage => ({
  ...{ promptTokens, completionTokens, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
  ...more,
});
const complete = (text: string, reported?: Usage): ChatOutcome => ({
  ...{ kind: 'complete', text, truncated: false },
  usage: reported,
});
const cut = (text: string): ChatOutcome => ({ kind: 'cut', text, message: 'Reset.', retryable: false });
const settled = (outcome: ChatOutcome, more: Partial<Billed> = {}): Promise<Settlement> =>
  settlementOf(billed(more), outcome, tokens);

describe('what a call is booked at', () => {
  it('is the bill by the reported usage, confirmed', async () => {
    assert.deepEqual(await settled(complete(words(50), usage(90, 60))), {
      ...{ cost: micro(90 + 120), unconfirmed: ZERO, promptTokens: 90, completionTokens: 60 },
      ...{ reported: true, violations: [] },
    });
  });

  it('is nothing for what was refused or never left', async () => {
    for (const kind of ['refused', 'unsent'] as const) {
      const { cost, reported } = await settled({ kind, status: 400, message: 'No.', retryable: false });
      assert.deepEqual([cost, reported], [ZERO, false]);
    }
  });

  it('is at least what the answer itself shows; what the provider did not report of that is unconfirmed', async () => {
    const { cost, unconfirmed, completionTokens, violations, reported } = await settled(
      complete(words(200), usage(90, 5)),
    );
    // Half of what the proxy counts is the least that an unknown tokenizer could, less a little.
    const least = 200 / 2 - 16;
    assert.equal(completionTokens, least);
    assert.deepEqual([cost, unconfirmed], [micro(90 + 2 * least), micro(2 * (least - 5))]);
    assert.deepEqual([violations, reported], [['usage below answer'], true]);
  });

  it('is what the provider says that it billed, above all: also where that is more, or less, than tokens would be', async () => {
    for (const amount of [ZERO, micro(3), micro(290), add(WORST, micro(1))]) {
      const { cost, unconfirmed, violations } = await settled(complete(words(200), usage(90, 5, { billed: amount })));
      assert.deepEqual([cost, unconfirmed], [amount, ZERO]);
      assert.deepEqual(violations, ['usage below answer', ...(amount > WORST ? ['billed above reserved'] : [])]);
    }
  });

  it('names every way in which the provider broke its word', async () => {
    const { violations, cost } = await settled(complete('ok', usage(101, 201)));
    assert.deepEqual(violations, ['prompt above bound', 'completion above limit', 'billed above reserved']);
    assert.equal(cost, micro(101 + 402));
    assert.deepEqual((await settled(complete('ok', usage(100, 200)))).violations, []);
  });

  it('is exact without a report only where the tokenizer is, and nothing is hidden', async () => {
    const counted = await settled(complete('hello world'), { model: EXACT });
    assert.deepEqual([counted.cost, counted.unconfirmed, counted.reported], [micro(2 + 6 + 4), ZERO, false]);
    const hidden = { ...EXACT, price: { ...EXACT.price, reasoning: perToken(3) } };
    const unseen = ['gpt-5-mini', 'openai/gpt-5.1', 'o3', 'o4-mini', 'openai/gpt-oss-120b'];
    for (const model of [MODEL, hidden, ...unseen.map((id) => ({ ...EXACT, id }))]) {
      const { cost, unconfirmed } = await settled(complete('hello world'), { model });
      assert.deepEqual([cost, unconfirmed], [WORST, WORST]);
    }
  });

  it('is the worst case without a report where the server was seen to add to prompts', async () => {
    const { cost, unconfirmed } = await settled(complete('hello world'), {
      model: EXACT,
      bound: { ...BOUND, promptBound: 105 },
    });
    assert.deepEqual([cost, unconfirmed], [WORST, WORST]);
  });

  it('is what the provider says that it billed also where it counts no tokens', async () => {
    for (const [model, reserved] of [
      [MODEL, WORST],
      [EXACT, micro(2)],
    ] as const) {
      const outcome: ChatOutcome = { ...complete(words(50)), kind: 'complete', billed: micro(3) } as ChatOutcome;
      const { cost, unconfirmed, reported, violations } = await settled(outcome, { model, reserved });
      assert.deepEqual([cost, unconfirmed, reported], [micro(3), ZERO, false]);
      assert.deepEqual(violations, reserved < micro(3) ? ['billed above reserved'] : []);
    }
  });

  it('accuses nobody of a long answer on the strength of a bound', async () => {
    const bound = { ...BOUND, completionBound: 4096 };
    assert.ok(words(60).length > bound.maxTokens);
    assert.deepEqual((await settled(cut(words(60)), { bound })).violations, []);
  });

  it('is an estimate where nobody reports: all of it unconfirmed, and no bound is learned from it', async () => {
    const counted = await settled(complete(words(50), usage(90, 60, { estimated: true })));
    assert.deepEqual(counted, {
      ...{ cost: micro(90 + 120), unconfirmed: micro(90 + 120), promptTokens: 90, completionTokens: 60 },
      ...{ reported: false, violations: [] },
    });
    const late = { ...BOUND, completionBound: 232 };
    const ended = await settled(complete(words(50), usage(90, 230, { estimated: true })), { bound: late });
    assert.deepEqual(
      ended.violations,
      ['billed above reserved'],
      'an end that comes late is not the fault of the model',
    );
    const long = await settled(complete(words(50), usage(90, 233, { estimated: true })), { bound: late });
    assert.ok(long.violations.includes('completion above limit'));
  });

  it('is never less of an estimate than what the answer shows', async () => {
    const { completionTokens, cost, unconfirmed } = await settled(
      complete(words(200), usage(90, 5, { estimated: true })),
    );
    const least = 200 / 2 - 16;
    assert.deepEqual([completionTokens, cost, unconfirmed], [least, micro(90 + 2 * least), micro(90 + 2 * least)]);
  });

  it('is as much of a report as the window of the model holds, and none of that is confirmed', async () => {
    const { contextWindow: window } = MODEL;
    for (const [prompt, completion, tokens] of [
      [90, window, [90, window - 90]],
      [window + 1, 7, [window, 0]],
    ] as const) {
      const reported = usage(prompt, completion, { billed: micro(1), cachedTokens: 90 });
      const { cost, unconfirmed, promptTokens, completionTokens } = await settled(complete('ok', reported));
      assert.deepEqual([promptTokens, completionTokens], tokens);
      assert.deepEqual([cost, unconfirmed], [micro(tokens[0] + 2 * tokens[1]), cost]);
    }
    const { unconfirmed } = await settled(complete('ok', usage(90, window - 90)));
    assert.equal(unconfirmed, ZERO, 'what fits may be true');
  });

  it('is the worst case, unconfirmed, for one that was cut', async () => {
    assert.deepEqual(await settled(cut('def f')), {
      ...{ cost: WORST, unconfirmed: WORST, promptTokens: 17, completionTokens: 5, reported: false, violations: [] },
    });
  });

  it('is more than the worst case for one that was cut above its limit: what arrived will be billed', async () => {
    const { cost, unconfirmed, violations, completionTokens } = await settled(cut(words(600)));
    const least = 600 / 2 - 16;
    assert.deepEqual([cost, unconfirmed], [micro(100 + 2 * least), micro(100 + 2 * least)]);
    assert.ok(violations.includes('completion above limit') && violations.includes('billed above reserved'));
    assert.equal(completionTokens, least);
  });
});
