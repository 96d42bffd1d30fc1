import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Learned, UNKNOWN } from '../../../src/core/budget/learned';
import { TokenCounter, UncountableError } from '../../../src/core/budget/tokens';
import type { ChatMessage } from '../../../src/core/providers/message';
import { aModel } from '../../support/models';

const BYTES = aModel('m', 1, 1, 1);
const KNOWN = aModel('m', 1, 1, 1, { tokenizer: 'o200k_base', exactTokenizer: true });
const knowing = (more: Partial<Learned>): TokenCounter => new TokenCounter(() => ({ ...UNKNOWN, ...more }));
const said = (content: string): ChatMessage[] => [{ role: 'user', content }];
const CODE = 'def area(radius: float) -> float:\n    return math.pi * radius ** 2\n'.repeat(20);
/** A message and the priming: 4 and 3. */
const FORMAT = 7;

describe('the bound of a prompt whose tokenizer is not known', () => {
  it('is its bytes until there are three reports, and then what was learned, with a margin', async () => {
    const bytes = Buffer.byteLength(CODE) + FORMAT;
    for (const reports of [0, 1, 2]) {
      assert.equal((await knowing({ reports, factor: 1 }).bound(BYTES, said(CODE))).promptBound, bytes);
    }
    const { promptBound, promptProxy, promptHard } = await knowing({ reports: 3, factor: 1.5 }).bound(
      BYTES,
      said(CODE),
    );
    assert.deepEqual([promptHard, promptBound], [bytes, Math.ceil(promptProxy * 1.5 * 1.1)]);
    assert.ok(promptBound < bytes / 2);
  });

  it('is never below a fifth above the proxy, however few tokens were reported', async () => {
    const { promptBound, promptProxy } = await knowing({ reports: 50, factor: 0.3 }).bound(BYTES, said(CODE));
    assert.equal(promptBound, Math.ceil(promptProxy * 1.2));
  });

  it('is never above the bytes and what the server adds, never falls when more is learned, and counts that addition', async () => {
    const learned = fc.record({
      reports: fc.nat(9),
      factor: fc.double({ min: 0, max: 9, noNaN: true }),
      extra: fc.nat(300),
    });
    const text = fc.string({ unit: 'grapheme', maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(text, learned, fc.nat(3), fc.nat(200), async (content, known, more, extra) => {
        const before = await knowing(known).bound(BYTES, said(content));
        assert.ok(before.promptBound <= before.promptHard + known.extra);
        const later = { ...known, factor: known.factor + more, extra: known.extra + extra };
        const after = await knowing(later).bound(BYTES, said(content));
        assert.ok(after.promptBound >= before.promptBound + extra);
      }),
      { numRuns: 150 },
    );
  });

  it('holds for what was learned from: the same prompt is never bound below its own report', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(text, fc.double({ min: 0.1, max: 1, noNaN: true }), async (content, part) => {
        const { promptHard, promptProxy } = await knowing({}).bound(BYTES, said(content));
        const reported = Math.ceil(part * promptHard);
        const known = { reports: 3, factor: reported / promptProxy, extra: 0 };
        assert.ok((await knowing(known).bound(BYTES, said(content))).promptBound >= reported);
      }),
      { numRuns: 150 },
    );
  });

  it('counts each digit, and letters beyond ASCII by their bytes: there tokenizers agree least', async () => {
    const proxy = async (content: string): Promise<number> =>
      (await knowing({}).bound(BYTES, said(content))).promptProxy;
    assert.ok((await proxy('1234567890'.repeat(10))) >= 100 + FORMAT);
    assert.ok((await proxy('漢字'.repeat(20))) >= 120 + FORMAT);
    assert.ok((await proxy('😀'.repeat(10))) >= 40 + FORMAT);
    assert.ok((await proxy('word '.repeat(100))) < 110 + FORMAT);
  });
});

describe('the bounds of a model whose tokenizer is known', () => {
  it('are its own count and what its server was seen to add', async () => {
    const plain = await knowing({}).bound(KNOWN, said('hello world'));
    assert.deepEqual(plain, { promptBound: 2 + FORMAT, promptProxy: 2 + FORMAT, promptHard: 2 + FORMAT });
    const { promptBound } = await knowing({ reports: 9, factor: 3, extra: 25 }).bound(KNOWN, said('hello world'));
    assert.equal(promptBound, 2 + FORMAT + 25);
  });

  it('let a completion be what it was limited to, until it was seen to be longer', () => {
    assert.equal(knowing({}).completionBound(BYTES, 384), 384);
    assert.equal(knowing({ overruns: 1, longest: 900 }).completionBound(BYTES, 384), BYTES.maxOutputTokens);
    assert.equal(knowing({ overruns: 1, longest: 9000 }).completionBound(BYTES, 384), 9000);
  });
});

describe('the fewest tokens that a text can be', () => {
  it('are hardly fewer than its own tokenizer counts, and half of what a foreign one does', async () => {
    const counter = knowing({});
    const words = ' word'.repeat(400);
    assert.equal((await counter.leastTokens(KNOWN))(words), Math.floor(400 * 0.95) - 4);
    assert.equal((await counter.leastTokens(BYTES))(words), 200 - 16);
  });

  it('are none for runs so long that nobody counts them', async () => {
    const counter = knowing({});
    for (const model of [KNOWN, BYTES]) {
      assert.ok((await counter.leastTokens(model))('='.repeat(50_000)) <= 0);
    }
  });

  it('are never more than it is', async () => {
    const counter = knowing({});
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
        const { tokens } = await counter.text(KNOWN, text);
        assert.ok((await counter.leastTokens(KNOWN))(text) <= tokens);
        assert.ok((await counter.leastTokens(BYTES))(text) <= tokens);
      }),
    );
  });
});

describe('a message that holds more than text', () => {
  it('is not counted, and not guessed either', async () => {
    const image = { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:' } }] };
    const tools = { role: 'assistant', content: 'x', tool_calls: [] };
    for (const [message, what] of [
      [image, /parts that are no text/],
      [tools, /'tool_calls'/],
    ] as const) {
      await assert.rejects(knowing({}).bound(BYTES, [message as unknown as ChatMessage]), (error: unknown) => {
        return error instanceof UncountableError && what.test(error.message);
      });
    }
  });
});
