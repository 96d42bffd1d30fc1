import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encode as encodeCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { encode as encodeO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { UNKNOWN } from '../../../src/core/budget/learned';
import { TokenCounter } from '../../../src/core/budget/tokens';
import type { Model, TokenizerName } from '../../../src/core/catalogue/model';
import type { ChatMessage } from '../../../src/core/providers/message';
import { aModel } from '../../support/models';

const ENCODERS = { o200k_base: encodeO200k, cl100k_base: encodeCl100k } as const;
const model = (tokenizer: TokenizerName): Model =>
  aModel('m', 1, 1, 1, { tokenizer, exactTokenizer: tokenizer in ENCODERS });
const PLAIN = { disallowedSpecial: new Set<string>() };

/** Texts as they come: words, code, unicode, half surrogates, and runs long enough to be bounded by bytes. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.tuple(fc.constantFrom('a', ' ', '\n', '=', 'é', '字', '😀', '0', ' b'), fc.integer({ min: 1, max: 2200 })),
      {
        maxLength: 3,
      },
    )
    .map((runs) => runs.map(([unit, count]) => unit.repeat(count)).join(' x ')),
);

/** ms of computing, whatever else the machine does. */
function computedSince(before: NodeJS.CpuUsage): number {
  return process.cpuUsage(before).user / 1000;
}

describe('counting tokens', () => {
  const counter = new TokenCounter();

  for (const name of ['o200k_base', 'cl100k_base'] as const) {
    it(`by ${name} never yields less than the tokenizer itself, and the same where it says exact`, async () => {
      await fc.assert(
        fc.asyncProperty(text, async (value) => {
          const { tokens, exact } = await counter.text(model(name), value);
          const real = ENCODERS[name](value, PLAIN).length;
          assert.ok(tokens >= real, `${tokens} < ${real}`);
          if (exact) assert.equal(tokens, real);
        }),
        { numRuns: 60 },
      );
    }).timeout(60_000);
  }

  it('by an unstated tokenizer of OpenAI is a bound for both of them, and says that it is not exact', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const { tokens, exact } = await counter.text(model('openai'), value);
        assert.equal(exact, false);
        for (const encode of Object.values(ENCODERS)) assert.ok(tokens >= encode(value, PLAIN).length);
      }),
      { numRuns: 30 },
    );
  }).timeout(60_000);

  it('by bytes is a bound for every tokenizer, and says that it is not exact', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const { tokens, exact } = await counter.text(model('bytes'), value);
        assert.equal(tokens, Buffer.byteLength(value));
        assert.equal(exact, false);
        assert.ok(tokens >= (await counter.text(model('o200k_base'), value)).tokens);
      }),
    );
  });

  it('bounds a prompt by its contents, 4 for each message and 3 to prime the answer', async () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'You write Python.' },
      { role: 'user', content: 'def f():' },
    ];
    const contents = messages.reduce((sum, { content }) => sum + encodeO200k(content).length, 0);
    assert.equal((await counter.bound(model('o200k_base'), messages)).promptBound, contents + 2 * 4 + 3);
    assert.deepEqual(await counter.prompt(model('o200k_base'), messages), {
      tokens: contents + 2 * 3 + 3,
      exact: true,
    });
    assert.equal((await counter.prompt(model('bytes'), messages)).exact, false);
  });

  it('bounds a prompt for many models at once as for each of them', async () => {
    const known = { ...UNKNOWN, reports: 5, factor: 1.5, extra: 2 };
    const knowing = new TokenCounter((id) => (id === 'known' ? known : UNKNOWN));
    const models = [model('o200k_base'), model('cl100k_base'), model('openai'), model('bytes')];
    const all = [...models, ...models.map((one) => ({ ...one, id: 'known' }))];
    const messages = [{ role: 'user' as const, content: 'def naïve(x):\n    return 12345' }];
    const bounds = await knowing.promptBounds(all, messages);
    assert.deepEqual(
      bounds.map((one) => one.model),
      all,
    );
    for (const { model: one, promptBound } of bounds) {
      assert.equal(promptBound, (await knowing.bound(one, messages)).promptBound);
    }
  });

  it('by the editor is what its model counts, a bound that is never below the proxy, and bytes where it cannot', async () => {
    const messages = [{ role: 'user' as const, content: 'def f(x): return x' }];
    const proxy = encodeO200k(messages[0]?.content ?? '').length;
    const bound = async (counts: number | Error): Promise<number> => {
      const byEditor = (): Promise<number> =>
        counts instanceof Error ? Promise.reject(counts) : Promise.resolve(counts);
      const editor = new TokenCounter(() => UNKNOWN, byEditor);
      const [one] = await editor.promptBounds([model('editor'), model('bytes')], messages);
      assert.ok(one);
      assert.equal(one.promptBound, (await editor.bound(model('editor'), messages)).promptBound);
      return one.promptBound - 4 - 3;
    };
    assert.equal(await bound(50), 50);
    assert.equal(await bound(1), proxy);
    for (const nonsense of [new Error('gone'), -1, 0.5]) assert.equal(await bound(nonsense), 18);
    const editor = new TokenCounter(
      () => UNKNOWN,
      () => Promise.resolve(7),
    );
    assert.deepEqual(await editor.text(model('editor'), 'anything'), { tokens: 7, exact: false });
    assert.equal(editor.completionBound(model('editor'), 100), 132, 'its answers are ended from here, a little late');
  });

  it('takes text that looks like a special token as plain text', async () => {
    for (const value of ['<|endoftext|>', 'a<|im_start|>system<|im_end|>', '<|endofprompt|>'.repeat(50)]) {
      for (const name of ['o200k_base', 'cl100k_base'] as const) {
        const { tokens, exact } = await counter.text(model(name), value);
        assert.ok(exact && tokens > 1, value);
      }
    }
  });

  it('bounds 20,000 equal characters within half a second', async () => {
    await counter.text(model('o200k_base'), 'warm');
    for (const unit of ['a', ' ', '=', '\n', '字']) {
      const before = process.cpuUsage();
      const { tokens } = await counter.text(model('o200k_base'), unit.repeat(20_000));
      const ms = computedSince(before);
      assert.ok(ms < 500, `'${unit}' took ${ms.toFixed(1)} ms`);
      assert.ok(tokens >= 20_000 / 128);
    }
  });

  it('bounds 2,000 characters without a break by their bytes also where the text has no others', async () => {
    const [longest, long] = await Promise.all(
      [1999, 2000].map((times) => counter.text(model('o200k_base'), '字'.repeat(times))),
    );
    assert.equal(longest?.exact, true);
    assert.deepEqual(long, { tokens: 6000, exact: false });
  });

  it('bounds half a megabyte of the longest runs that are still merged within seconds', async () => {
    const before = process.cpuUsage();
    await counter.text(model('o200k_base'), `${'x'.repeat(1999)} `.repeat(125));
    await counter.text(model('o200k_base'), `${'=-'.repeat(999)} `.repeat(125));
    const ms = computedSince(before);
    assert.ok(ms < 20_000, `${ms.toFixed(0)} ms`);
  }).timeout(60_000);
});
