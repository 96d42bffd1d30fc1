import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LedgerError } from '../../../src/core/budget/ledger';
import { type Ask, LEAST_TOKENS } from '../../../src/core/budget/meter';
import type { Model, Price } from '../../../src/core/catalogue/model';
import { add, type Money, perToken, subtract, times, usd, ZERO } from '../../../src/core/money';
import type { ChatOutcome, Usage } from '../../../src/core/providers/chat';
import { callsIn } from '../../support/ledger';
import { aModel } from '../../support/models';
import { byteTokens, honestUsage } from '../../support/scripted';
import { eventsOf, inFolder, meteredRun } from './runMoney';

/** $1 and $2 per million tokens, a token a byte: a micro-dollar a prompt token, two a completion token. */
const MODEL = aModel('m', 1, 1, 2);
const EXACT = aModel('exact', 1, 1, 2, { tokenizer: 'o200k_base', exactTokenizer: true });
const priced = (more: Partial<Price>): Model => ({ ...MODEL, price: { ...MODEL.price, ...more } });
const micro = (count: number): Money => usd(`${count}e-6`);

const ask = (more: Partial<Ask> = {}): Ask => ({
  role: 'executor',
  messages: [{ role: 'user', content: 'x'.repeat(93) }],
  maxTokens: 200,
  temperature: 0,
  ...more,
});
/** The bound of that prompt: its 93 bytes, 4 for the message, 3 to prime. */
const PROMPT = 100;
const AMPLE = usd(1);
const REFUSED: ChatOutcome = { kind: 'refused', status: 400, message: 'No.', retryable: false };
const usage = (promptTokens: number, completionTokens: number, more: Partial<Usage> = {}): Usage => ({
  promptTokens,
  completionTokens,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  ...more,
});
const complete = (text: string, reported: Usage | undefined): ChatOutcome => ({
  kind: 'complete',
  text,
  truncated: false,
  usage: reported,
});

describe('the meter, over a scripted provider and a real ledger', () => {
  it('reserves the worst case, books what was billed, and says both', () =>
    inFolder(async (folder) => {
      const { meter, events } = await meteredRun(folder, AMPLE, () => 'hello');
      assert.deepEqual(await meter.metered(MODEL).ask(ask()), { kind: 'answer', call: 1, text: 'hello', whole: true });
      const [reserved] = eventsOf(events, 'reserved');
      assert.deepEqual([reserved?.promptTokens, reserved?.maxTokens], [PROMPT, 200]);
      assert.equal(reserved?.reserved, micro(PROMPT + 2 * 200));
      assert.equal(reserved.account.reserved, reserved.reserved);
      const cost = micro(99 + 2 * 5);
      const [settled] = eventsOf(events, 'settled');
      assert.deepEqual([settled?.cost, settled?.unconfirmed, settled?.overReserved], [cost, ZERO, undefined]);
      const { account } = meter;
      assert.deepEqual([account.spent, account.reserved, account.unconfirmed, account.calls], [cost, ZERO, ZERO, 1]);
      assert.deepEqual([account.promptTokens, account.completionTokens], [99, 5]);
      assert.equal(account.worstReserved, reserved.reserved);
      const [entry] = await callsIn(folder);
      assert.deepEqual([entry?.cost, entry?.unconfirmed, entry?.state, entry?.task], [cost, ZERO, 'settled', 'task/1']);
    }));

  it('shrinks a call to what the budget leaves, and sends it so', () =>
    inFolder(async (folder) => {
      const { meter, provider } = await meteredRun(folder, micro(PROMPT + 2 * 150 + 1), () => 'y'.repeat(500));
      const answer = await meter.metered(MODEL).ask(ask());
      assert.deepEqual(answer, { kind: 'answer', call: 1, text: 'y'.repeat(150), whole: false });
      assert.equal(provider.requests[0]?.maxTokens, 150);
      assert.ok(meter.account.spent <= meter.account.budget);
    }));

  it('shrinks a call further to keep money for later ones, but not below what is useful', () =>
    inFolder(async (folder) => {
      const { meter, provider } = await meteredRun(folder, micro(700), () => REFUSED);
      const asked = async (more: Partial<Ask>): Promise<number | undefined> => {
        await meter.metered(MODEL).ask(ask(more));
        return provider.requests.at(-1)?.maxTokens;
      };
      assert.equal(await asked({}), 200);
      assert.equal(await asked({ keep: micro(400) }), 100);
      assert.equal(await asked({ keep: usd(9) }), LEAST_TOKENS);
      assert.equal(await asked({ keep: usd(9), least: 120 }), 120);
    }));

  it('denies what would be useless, and the raise that it names admits the call', () =>
    inFolder(async (folder) => {
      const budget = micro(PROMPT + 2 * (LEAST_TOKENS - 1));
      const { meter, provider, events } = await meteredRun(folder, budget, () => 'ok');
      const answer = await meter.metered(MODEL).ask(ask());
      if (answer.kind !== 'denied') assert.fail(answer.kind);
      const { cap, role, model, needed, left, raise, message } = answer.denial;
      assert.deepEqual([cap, role, model, left], ['run', 'executor', 'm', budget]);
      assert.equal(needed, micro(PROMPT + 2 * LEAST_TOKENS));
      assert.equal(raise, subtract(needed, left));
      assert.match(message, /A call to m as executor can cost \$0\.000228.*the task's budget has \$0\.000226 left/);
      assert.equal(eventsOf(events, 'denied').length, 1);
      assert.equal(provider.requests.length, 0);
      assert.deepEqual(await callsIn(folder), []);
      const raised = await meteredRun(folder, add(budget, raise), () => 'ok');
      assert.equal((await raised.meter.metered(MODEL).ask(ask())).kind, 'answer');
      const almost = await meteredRun(folder, subtract(add(budget, raise), 1n as Money), () => 'ok');
      assert.equal((await almost.meter.metered(MODEL).ask(ask())).kind, 'denied');
    }));

  it('stays within what the plan promised, also where the budget is larger', () =>
    inFolder(async (folder) => {
      const { meter } = await meteredRun(folder, AMPLE, () => 'ok', { limit: micro(200) });
      assert.equal((await meter.metered(MODEL).ask(ask())).kind, 'denied');
    }));

  it('refuses a prompt that the model cannot take, before anything is reserved', () =>
    inFolder(async (folder) => {
      const { meter } = await meteredRun(folder, AMPLE, () => 'ok');
      const small = aModel('small', 1, 1, 2, { contextWindow: PROMPT + LEAST_TOKENS - 1 });
      const answer = await meter.metered(small).ask(ask());
      assert.match(answer.kind === 'failed' ? answer.message : '', /does not fit small, which takes 163/);
      assert.deepEqual(await callsIn(folder), []);
      const tight = aModel('tight', 1, 1, 2, { contextWindow: PROMPT + 70 });
      assert.equal((await meter.metered(tight).ask(ask())).kind, 'answer');
    }));

  it('asks no model whose price is over by then, also within a run that began before', () =>
    inFolder(async (folder) => {
      let now = Date.parse('2026-11-20T23:59:59.999Z');
      const { meter, provider, events } = await meteredRun(folder, AMPLE, () => 'ok', { now: () => now });
      const promoted: Model = { ...MODEL, priceValidUntil: '2026-11-20' };
      assert.equal((await meter.metered(promoted).ask(ask())).kind, 'answer');
      now += 1;
      const refused = await meter.metered(promoted).ask(ask());
      assert.match(refused.kind === 'failed' ? refused.message : '', /m's price was valid until 2026-11-20.*refresh/);
      assert.equal((await meter.metered(MODEL).ask(ask())).kind, 'answer');
      assert.equal(provider.requests.length, 2);
      assert.equal(eventsOf(events, 'reserved').length, 2);
    }));

  it('books nothing for a refused call, and releases one that was never sent', () =>
    inFolder(async (folder) => {
      const unsent: ChatOutcome = { kind: 'unsent', message: 'No route.', retryable: false };
      const { meter, events } = await meteredRun(folder, AMPLE, (_, call) => (call === 1 ? REFUSED : unsent));
      assert.deepEqual(await meter.metered(MODEL).ask(ask()), { kind: 'failed', of: 'model', message: 'No.' });
      assert.deepEqual(await meter.metered(MODEL).ask(ask()), { kind: 'failed', of: 'server', message: 'No route.' });
      const { spent, reserved, calls } = meter.account;
      assert.deepEqual([spent, reserved, calls], [ZERO, ZERO, 1], 'only the refused one was sent');
      assert.deepEqual(
        (await callsIn(folder)).map(({ state, cost }) => [state, cost]),
        [['settled', ZERO]],
      );
      assert.deepEqual(
        eventsOf(events, 'settled').map(({ problem }) => problem),
        ['No.', 'No route.'],
      );
    }));

  it('books a cut call at its worst case, unconfirmed, and hands on what arrived', () =>
    inFolder(async (folder) => {
      const cut = (text: string): ChatOutcome => ({ kind: 'cut', text, message: 'Reset.', retryable: false });
      const { meter } = await meteredRun(folder, AMPLE, (_, call) => cut(call === 1 ? 'def f' : ' '));
      assert.deepEqual(await meter.metered(MODEL).ask(ask()), { kind: 'answer', call: 1, text: 'def f', whole: false });
      const worst = micro(PROMPT + 2 * 200);
      assert.deepEqual([meter.account.spent, meter.account.unconfirmed], [worst, worst]);
      assert.deepEqual(await meter.metered(MODEL).ask(ask()), { kind: 'failed', of: 'model', message: 'Reset.' });
      assert.equal(meter.account.unconfirmed, times(worst, 2));
      assert.ok((await callsIn(folder)).every(({ unconfirmed, cost }) => unconfirmed === worst && cost === worst));
    }));

  it('books a cut call at its worst case also where the text that arrived could be counted', () =>
    inFolder(async (folder) => {
      const cut: ChatOutcome = { kind: 'cut', text: 'def f', message: 'Reset.', retryable: true };
      const { meter } = await meteredRun(folder, AMPLE, () => cut);
      await meter.metered(EXACT).ask(ask({ messages: [{ role: 'user', content: 'hello world' }] }));
      assert.equal(meter.account.unconfirmed, micro(2 + 4 + 3 + 2 * 200));
    }));

  it('counts a whole answer without usage exactly where the tokenizer is exact, else at its worst case', () =>
    inFolder(async (folder) => {
      const { meter } = await meteredRun(folder, AMPLE, () => complete('hello world', undefined));
      await meter.metered(EXACT).ask(ask({ messages: [{ role: 'user', content: 'hello world' }] }));
      assert.equal(meter.account.spent, micro(2 + 3 + 3 + 2 * 2));
      assert.equal(meter.account.unconfirmed, ZERO);
      await meter.metered(MODEL).ask(ask());
      assert.equal(meter.account.unconfirmed, micro(PROMPT + 400));
      const reasoning = aModel('r', 1, 1, 2, { ...EXACT, id: 'r', price: { ...EXACT.price, reasoning: perToken(3) } });
      await meter.metered(reasoning).ask(ask({ messages: [{ role: 'user', content: 'hello world' }] }));
      assert.equal(meter.account.unconfirmed, micro(PROMPT + 400 + (2 + 4 + 3) + 3 * 200), 'reasoning is not seen');
    }));

  it('honours prices of cached, cache-written and reasoning tokens, and of none the full ones', () =>
    inFolder(async (folder) => {
      const reported = usage(90, 50, { cachedTokens: 40, cacheWriteTokens: 30, reasoningTokens: 20 });
      const spentBy = async (price: Partial<Price>): Promise<Money> => {
        const { meter } = await meteredRun(folder, AMPLE, () => complete('ok', reported));
        await meter.metered(priced(price)).ask(ask());
        return meter.account.spent;
      };
      assert.equal(await spentBy({}), micro(90 + 100));
      const all = { cachedInput: perToken('0.1'), cacheWrite: perToken('1.25'), reasoning: perToken(4) };
      assert.equal(await spentBy(all), add(micro(20 + 4 + 60 + 80), usd('37.5e-6')));
    }));

  it('reserves the dearest that each token can cost', () =>
    inFolder(async (folder) => {
      const { meter, events } = await meteredRun(folder, AMPLE, () => 'ok');
      const price = { cachedInput: ZERO, cacheWrite: perToken(3), reasoning: perToken(5) };
      await meter.metered(priced(price)).ask(ask());
      assert.equal(eventsOf(events, 'reserved')[0]?.reserved, micro(3 * PROMPT + 5 * 200));
    }));

  it('books what the provider says that it billed, whatever tokens times price would be', () =>
    inFolder(async (folder) => {
      const billed = usd('0.00004321');
      const { meter } = await meteredRun(folder, AMPLE, () => complete('ok', usage(99, 2, { billed })));
      await meter.metered(MODEL).ask(ask());
      assert.equal(meter.account.spent, billed);
    }));

  it('books a report above the bound as it is, says by how much, and admits nothing beyond the budget after it', () =>
    inFolder(async (folder) => {
      const budget = micro(600);
      const { meter, events } = await meteredRun(folder, budget, () => complete('ok', usage(500, 100)));
      await meter.metered(MODEL).ask(ask());
      const [settled] = eventsOf(events, 'settled');
      assert.equal(settled?.overReserved, micro(700 - 500));
      assert.equal(meter.account.spent, micro(700));
      assert.equal((await meter.metered(MODEL).ask(ask())).kind, 'denied');
    }));

  it('shows the text as it arrives, under the number of its call', () =>
    inFolder(async (folder) => {
      const { meter, events } = await meteredRun(folder, AMPLE, (_, call) => `answer ${call}`);
      await meter.metered(MODEL).ask(ask());
      await meter.metered(MODEL).ask(ask());
      assert.deepEqual(
        eventsOf(events, 'arriving').map(({ call, text }) => [call, text]),
        [
          [1, 'answer 1'],
          [2, 'answer 2'],
        ],
      );
      assert.deepEqual(
        events.map(({ type }) => type),
        ['reserved', 'arriving', 'settled', 'reserved', 'arriving', 'settled'],
      );
    }));

  it('sends nothing while the ledger is damaged, and keeps its account straight', () =>
    inFolder(async (folder) => {
      const { meter, provider } = await meteredRun(folder, AMPLE, () => 'ok');
      await writeFile(path.join(folder, 'ledger.1.jsonl'), 'not ours\n');
      await assert.rejects(meter.metered(MODEL).ask(ask()), LedgerError);
      assert.equal(provider.requests.length, 0);
      assert.deepEqual([meter.account.spent, meter.account.reserved], [ZERO, ZERO]);
    }));

  it('holds nothing reserved where the ledger fails while it reserves', () =>
    inFolder(async (folder) => {
      const { meter, provider, ledger } = await meteredRun(folder, AMPLE, () => 'ok');
      const unknown = ledger.learned('m');
      let asked = 0;
      // Asked for the prompt first, and then for each size of the completion.
      ledger.learned = () => {
        if (++asked === 2) writeFileSync(path.join(folder, 'ledger.1.jsonl'), 'not ours\n');
        return unknown;
      };
      await assert.rejects(meter.metered(MODEL).ask(ask()), LedgerError);
      assert.ok(asked >= 2);
      assert.deepEqual([provider.requests.length, meter.account.reserved], [0, ZERO]);
    }));

  it('releases what it reserved where the ledger fails before the call is recorded as sent', () =>
    inFolder(async (folder) => {
      const { meter, provider } = await meteredRun(folder, AMPLE, () => 'ok', {
        onEvent: ({ type }) => {
          if (type === 'reserved') writeFileSync(path.join(folder, 'ledger.1.jsonl'), 'not ours\n');
        },
      });
      await assert.rejects(meter.metered(MODEL).ask(ask()), LedgerError);
      assert.deepEqual([provider.requests.length, meter.account.reserved, meter.account.calls], [0, ZERO, 0]);
    }));

  it('keeps what was billed on the account where the ledger fails after the call', () =>
    inFolder(async (folder) => {
      const provider = {
        complete: async (request: Parameters<typeof honestUsage>[0]): Promise<ChatOutcome> => {
          await writeFile(path.join(folder, 'ledger.1.jsonl'), 'not ours\n');
          return complete('hello', honestUsage(request, 'hello'));
        },
      };
      const { meter, events } = await meteredRun(folder, AMPLE, () => '', { provider });
      await assert.rejects(meter.metered(MODEL).ask(ask()), LedgerError);
      const cost = micro(99 + 2 * byteTokens('hello'));
      assert.deepEqual([meter.account.spent, meter.account.reserved], [cost, ZERO]);
      assert.equal(eventsOf(events, 'settled').length, 1);
    }));
});
