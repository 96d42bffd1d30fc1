import assert from 'node:assert/strict';
import type { ChatOutcome, ChatRequest } from '../../src/core/providers/chat';
import { promptTokensOf, tokensOf } from '../servers/bill';
import {
  drawnFates,
  type Fates,
  type Fault,
  type FaultPlan,
  HONEST_FAULTS,
  LEAVES_UNKNOWN,
  LIES,
  scriptedFates,
} from '../servers/hostileFaults';
import type { HostileServer } from '../servers/hostileServer';
import { ANSWER, clientOf, KNOWN, withHostile } from './asking';

const REQUEST: ChatRequest = {
  model: KNOWN,
  role: 'executor',
  messages: [{ role: 'user', content: 'Write collatz.' }],
  maxTokens: 400,
  temperature: 0,
  runId: 'run/1',
};
const PROMPT = promptTokensOf(REQUEST.messages);
/** Of an answer without an end so many characters are listened to for each token of its limit; few tokens have more than 5. */
const ENOUGH = 16;
/** Draws of each fault: many of them choose where, or how, it happens. */
const DRAWS = [0, 1, 2, 3, 4, 5];

describe('the hostile server', () => {
  async function ask(server: HostileServer, more: Partial<ChatRequest> = {}): Promise<ChatOutcome> {
    const { signal } = new AbortController();
    return clientOf(server).complete({ ...REQUEST, ...more }, () => undefined, signal);
  }
  /** One call with a fault, and what it came to on both sides. */
  function once<T>(
    fault: Fault,
    seed: number,
    more: Partial<ChatRequest>,
    check: (outcome: ChatOutcome, server: HostileServer) => T,
  ): Promise<T> {
    return withHostile(scriptedFates([fault], seed), async (server) => {
      const outcome = await ask(server, more);
      await server.idle();
      return check(outcome, server);
    });
  }

  for (const fault of HONEST_FAULTS) {
    it(`with the fault '${fault}' bills within max_tokens, and what the client can know of it is true`, async () => {
      for (const seed of DRAWS) {
        for (const maxTokens of [400, 20, 1]) {
          await once(fault, seed, { maxTokens }, (outcome, { calls, bill }) => {
            const [call] = calls;
            assert.equal(call?.fault, fault);
            assert.equal(bill.of('run/1'), call.billed);
            assert.ok(call.completionTokens <= maxTokens && call.promptTokens <= PROMPT);
            assert.ok(call.billed <= bill.cost('known', PROMPT, maxTokens));
            const unknown = LEAVES_UNKNOWN.has(fault);
            if (outcome.kind === 'refused') assert.equal(call.billed, 0n);
            else assert.equal(outcome.kind, unknown ? 'cut' : 'complete');
            if (outcome.kind === 'cut') assert.ok(call.completionTokens >= tokensOf(outcome.text));
            if (outcome.kind !== 'complete') return;
            assert.equal(tokensOf(outcome.text), call.completionTokens);
            assert.equal(outcome.usage === undefined, fault === 'no usage');
            const { promptTokens, completionTokens, billed } = outcome.usage ?? call;
            assert.deepEqual([promptTokens, completionTokens], [call.promptTokens, call.completionTokens]);
            const priced = fault === 'cost in headers' || fault === 'cost in usage';
            assert.equal(typeof billed === 'bigint' && outcome.usage !== undefined, priced);
            if (outcome.usage?.billed !== undefined) assert.equal(outcome.usage.billed * 1000n, call.billed);
          });
        }
      }
    });
  }

  it('waits as long as it says before it may be asked again, where it says so', async () => {
    const waits = (fault: Fault): Promise<number | undefined> =>
      once(fault, 0, {}, (outcome) => (outcome.kind === 'refused' ? outcome.retryAfterMs : assert.fail()));
    assert.equal(await waits('rate limit'), 1000);
    assert.equal(await waits('rate limit without a time'), undefined);
  });

  it('breaks off anywhere: before the answer, in it, and with all of it sent', async () => {
    for (const fault of ['reset', 'early end', 'malformed chunk'] as const) {
      const lengths = new Set<number>();
      for (let seed = 0; seed < 30; seed++) {
        await once(fault, seed, {}, ({ kind, ...more }) => {
          assert.equal(kind, 'cut');
          lengths.add('text' in more ? more.text.length : 0);
        });
      }
      assert.ok(lengths.has(0) && lengths.size > 3, `${fault}: ${[...lengths].join()}`);
    }
  });

  /** What each lie sends, reports and bills; `limit` is max_tokens, `told` the completion tokens of the usage. */
  const lies: Readonly<Record<(typeof LIES)[number], (limit: number, call: Told) => boolean>> = {
    'usage below answer': (_, { sent, told, billed }) => told! < sent && billed === sent,
    'one token over': (limit, { sent, told, billed }) => sent === limit + 1 && told === sent && billed === sent,
    'ten times over': (limit, { sent, told, billed }) => sent === 10 * limit && told === sent && billed === sent,
    'over in secret': (limit, { sent, told, billed }) => sent === 2 * limit && told === limit && billed === sent,
    'never-ending': (limit, { sent, billed }) => sent > 2 * limit && billed === sent,
    'never-ending thoughts': (limit, { sent, billed }) => sent > 2 * limit && billed === sent,
    'usage above answer': (limit, { sent, told, billed }) => sent < limit && told === limit && billed === told,
    'usage above limit': (limit, { sent, told, billed }) => sent < limit && told! > limit && billed === told,
    'prompt above bound': (_, { prompt }) => prompt > 9 * PROMPT,
    'cost above limit': (limit, { amount }) => amount! > 9 * (PROMPT + 2 * limit),
    'negative count': (_, { sent, told, billed }) => told === undefined && billed === sent,
    'impossible count': (_, { sent, told, billed }) => told === undefined && billed === sent,
    'huge count': (_, { sent, told, billed }) => told! > 1e14 && billed === sent,
    'negative cost': (_, { sent, told, amount, billed }) => told === sent && amount === undefined && billed === sent,
    'billed error': (_, { sent, billed }) => sent === 0 && billed > 0,
  };

  for (const fault of LIES) {
    it(`with the lie '${fault}' does what it says, and bills it`, async () => {
      for (const seed of fault.startsWith('never-ending') ? [0] : DRAWS) {
        await withHostile(scriptedFates([fault], seed), async (server) => {
          const abort = new AbortController();
          let heard = 0;
          const hear = (piece: string): void => {
            heard += piece.length;
            if (fault.startsWith('never-ending') && heard > ENOUGH * REQUEST.maxTokens) abort.abort();
          };
          const outcome = await clientOf(server).complete(REQUEST, hear, abort.signal);
          await server.idle();
          const [call] = server.calls;
          assert.ok(call !== undefined);
          const usage = outcome.kind === 'complete' ? outcome.usage : undefined;
          const told: Told = {
            ...{ sent: call.sentTokens, billed: call.completionTokens, prompt: call.promptTokens },
            told: usage?.completionTokens,
            amount: usage?.billed === undefined ? undefined : Number(usage.billed) / 1e9,
          };
          assert.ok(lies[fault](REQUEST.maxTokens, told), JSON.stringify(told));
          assert.equal(outcome.kind === 'refused', fault === 'billed error');
          assert.equal(call.endedBy, fault.startsWith('never-ending') ? 'client' : 'server');
        });
      }
    });
  }

  it('draws the same faults for the same seed, whatever the order of runs, and spares some retries', () => {
    const plan: FaultPlan = { seed: 5, rate: 0.2 };
    const requests = Array.from({ length: 500 }, (_, index) => `request ${index}`);
    const rolled = (order: readonly string[], fates: Fates): Map<string, string> =>
      new Map(order.map((request) => [request, fates(request).fault ?? 'none']));
    const forward = rolled(requests, drawnFates(plan));
    const backward = rolled([...requests].reverse(), drawnFates(plan));
    for (const request of requests) assert.equal(forward.get(request), backward.get(request));
    const faulty = requests.filter((request) => forward.get(request) !== 'none');
    assert.ok(faulty.length > 70 && faulty.length < 130, String(faulty.length));
    const fates = drawnFates({ seed: 5, rate: 0.5 });
    const retries = new Set(Array.from({ length: 40 }, () => fates('the same').fault));
    assert.ok(retries.has(undefined) && retries.size > 5);
  });

  it('answers as many calls at once as it is asked, and knows when none is left', () =>
    withHostile(scriptedFates(Array.from({ length: 20 }, () => 'slow drip' as const)), async (server) => {
      const asked = Array.from({ length: 20 }, (_, index) => ask(server, { runId: `run/${index}` }));
      const outcomes = await Promise.all(asked);
      await server.idle();
      assert.ok(outcomes.every((outcome) => outcome.kind === 'complete' && outcome.text === ANSWER));
      assert.equal(server.calls.length, 20);
      const each = server.bill.cost('known', PROMPT, tokensOf(ANSWER));
      for (let run = 0; run < 20; run++) assert.equal(server.bill.of(`run/${run}`), each);
      assert.equal(server.bill.total, 20n * each);
    }));
});

/** A call in tokens, and the price that was told in micro-dollars. */
interface Told {
  readonly sent: number;
  readonly told: number | undefined;
  readonly billed: number;
  readonly prompt: number;
  readonly amount: number | undefined;
}
