import assert from 'node:assert/strict';
import { type Caps, NO_CAPS } from '../../../src/core/budget/caps';
import { TokenCounter } from '../../../src/core/budget/tokens';
import { parseModelList } from '../../../src/core/catalogue/modelList';
import type { RunEvent } from '../../../src/core/events';
import { add, type Money, subtract, usd, ZERO } from '../../../src/core/money';
import { TOPOLOGIES, type TopologyName } from '../../../src/core/plan';
import type { ChatOutcome, ChatProvider, ChatRequest, OnText } from '../../../src/core/providers/chat';
import type { RunResult } from '../../../src/core/result';
import { OpenAiProvider } from '../../../src/core/providers/openai';
import { isSolved } from '../../../src/core/sandbox/verdict';
import { solve } from '../../../src/core/solve';
import { receiptMarkdown } from '../../../src/report/receipt';
import { openRecord, recorded } from '../../../src/report/record';
import { silence, startFaultServer } from '../../servers/faultServer';
import { type HonestFault, LEAVES_UNKNOWN, scriptedFates } from '../../servers/hostileFaults';
import { type Answers, BILLING_HEADERS, startHostileServer } from '../../servers/hostileServer';
import { draw } from '../../servers/recordings';
import { bookedIn, inFolder, openLedger, spent } from '../../support/ledger';
import { ScriptedSandbox } from '../../support/scripted';
import { TASK } from './topologyRun';

const MODELS = JSON.stringify({
  asOf: '2026-11-20',
  models: [
    { id: 'strong', tier: 1, inputUsdPerMTok: 10, outputUsdPerMTok: 30 },
    { id: 'middle', tier: 2, inputUsdPerMTok: 1, outputUsdPerMTok: 3 },
    { id: 'weak', tier: 3, inputUsdPerMTok: 0.1, outputUsdPerMTok: 0.3 },
  ].map((model) => ({ ...model, contextWindow: 8192, maxOutputTokens: 4096, tokenizer: 'o200k_base' })),
});

/** What can go wrong with one call: by its provider, its budget, its user, or nobody answering in time. */
const FAULTS = [
  ...(['rate limit', 'server error', 'rejected key', 'gateway error', 'reset', 'early end'] as const),
  ...(['malformed chunk', 'malformed answer', 'no usage', 'timeout', 'denial', 'cancel'] as const),
] as const;
type Fault = (typeof FAULTS)[number];

const isServed = (fault: Fault): fault is Fault & HonestFault => !['timeout', 'denial', 'cancel'].includes(fault);

/** Only the strongest ever passes, so that a run comes to all its roles; the task has a call that can be varied. */
const answers: Answers = ({ role, model, messages }) => {
  if (role === 'planner') return '["write", "critique", "revise", "critique", "revise"]';
  if (role === 'critic') return 'Say beta as well.';
  if (role === 'judge') return '{"best": 2}';
  const number = draw(JSON.stringify([model, messages]), 1000);
  return `\`\`\`python\ndef f(x):\n    return '${model === 'strong' ? 'assert f(1) == 1 beta' : 'beta'} ${number}'\n\`\`\``;
};
const ASKED = { ...TASK, tests: ['assert f(1) == 1', 'beta'] };

/** The cap of a day. A run of all its calls costs a part of it. */
const AMPLE = usd(1);
const RUN_MS = 60_000;

interface Ended {
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  readonly receipt: string;
  readonly booked: Money;
  readonly billed: bigint;
  /** Calls that left. */
  readonly calls: number;
}

/** A run over the real client and a real server, whose call at a position goes wrong. */
function faulty(topology: TopologyName, fault: Fault | undefined, position: number): Promise<Ended> {
  return inFolder(async (folder) => {
    const scripted = fault !== undefined && isServed(fault) ? [...Array<undefined>(position - 1), fault] : [];
    const server = await startHostileServer({ answers, models: MODELS, fates: scriptedFates(scripted, position) });
    const nobody = await startFaultServer();
    nobody.script(silence);
    try {
      const cancel = new AbortController();
      const key = (): Promise<undefined> => Promise.resolve(undefined);
      const client = new OpenAiProvider({ baseUrl: server.baseUrl, key, headers: BILLING_HEADERS });
      const hanging = new OpenAiProvider({ baseUrl: nobody.baseUrl, key, wholeMs: 50 });
      const ledger = await openLedger(folder);
      /** Another window spends all that the day's cap leaves, so that the next call is denied. */
      const takeAll = async (): Promise<unknown> => fault === 'denial' && spent(ledger, AMPLE);
      let calls = 0;
      const provider: ChatProvider = {
        async complete(request: ChatRequest, onText: OnText, signal: AbortSignal): Promise<ChatOutcome> {
          const here = ++calls === position;
          if (calls === position - 1) await takeAll();
          if (here && fault === 'cancel') cancel.abort();
          return (here && fault === 'timeout' ? hanging : client).complete(request, onText, signal);
        },
      };
      if (position === 1) await takeAll();
      const caps: Caps = { ...NO_CAPS, user: { day: AMPLE } };
      const events: RunEvent[] = [];
      const heading = { run: '1', task: TASK.id, language: 'python', tests: '', sandbox: '', startedAt: 0 } as const;
      let record = openRecord(heading, AMPLE);
      const result = await solve(
        { task: ASKED, budget: AMPLE, profile: 'verified', topology },
        {
          ...{ catalogue: parseModelList(MODELS, 'test'), tokens: new TokenCounter(), provider },
          ...{ sandbox: new ScriptedSandbox(), ledger, caps, workspace: '' },
        },
        (event) => {
          events.push(event);
          record = recorded(record, event);
        },
        cancel.signal,
      );
      await server.idle();
      const billed = server.bill.total / 1000n;
      const booked = subtract(await bookedIn(folder), calls >= position - 1 && fault === 'denial' ? AMPLE : ZERO);
      return { result, events, receipt: receiptMarkdown(record), booked, billed, calls };
    } finally {
      await Promise.all([server.stop(), nobody.stop()]);
    }
  });
}

/** What holds for every run, however it went. */
function assertBooked({ result, events, receipt, booked, billed }: Ended, what: string): void {
  const { account } = result;
  assert.equal(account.reserved, ZERO, what);
  assert.equal(booked, account.spent, `${what}: the ledger says the same as the account`);
  const settled = events.filter((event) => event.type === 'settled');
  assert.equal(add(ZERO, ...settled.map(({ cost }) => cost)), account.spent, `${what}: the calls add up`);
  assert.ok(billed <= account.spent, `${what}: billed ${billed}, booked ${account.spent}`);
  assert.ok(billed >= account.spent - account.unconfirmed, `${what}: only what is unconfirmed may not be billed`);
  assert.equal(events.at(-1)?.type, 'finished', what);
  for (const { call, role, model } of settled)
    assert.match(receipt, new RegExp(`\\| ${call} \\| ${role} \\| ${model}`), what);
}

describe('a fault at every call of every topology (real client, real server)', function () {
  this.timeout(RUN_MS);
  for (const topology of TOPOLOGIES) {
    for (const fault of FAULTS) {
      it(`${topology}: '${fault}' leaves a best answer and a right receipt`, async () => {
        const whole = await faulty(topology, undefined, 0);
        assert.equal(whole.result.status, 'solved');
        assertBooked(whole, topology);
        assert.ok(whole.calls >= 3, `${whole.calls} calls`);
        const ends = whole.events.flatMap((event) => (event.type === 'evidence' ? [event.end] : []));
        assert.deepEqual(ends, ['asked out'], 'opinions are among the calls');
        const runs = Array.from({ length: whole.calls }, async (_, index) => {
          const position = index + 1;
          const ended = await faulty(topology, fault, position);
          const what = `${topology}, ${fault} at call ${position}`;
          assertBooked(ended, what);
          const { result, events } = ended;
          const answered = events.some(({ type }) => type === 'verdict');
          assert.equal(result.code !== '', answered, `${what}: the best of what was answered is kept`);
          // Once an answer is proven nothing can make it worse: what follows is evidence.
          const proven = events.some((event) => event.type === 'verdict' && isSolved(event.verdict));
          if (proven) assert.equal(result.status, 'solved', what);
          else if (fault === 'denial') assert.deepEqual([result.stop, result.status], ['denied', 'exhausted'], what);
          else if (fault === 'cancel') assert.deepEqual([result.stop, result.status], ['cancelled', 'unsolved'], what);
          else if (fault === 'rejected key') assert.ok(['solved', 'error'].includes(result.status), what);
          else assert.equal(result.status, 'solved', `${what}: ${result.error ?? ''}`);
          if (isServed(fault) && !LEAVES_UNKNOWN.has(fault) && topology !== 'star') {
            assert.equal(result.account.unconfirmed, ZERO, what);
          }
        });
        await Promise.all(runs);
      });
    }
  }
});
