import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { critiqueMessages } from '../../../src/core/agents/prompts';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { Ledger } from '../../../src/core/budget/ledger';
import type { CallReserved, CallSettled } from '../../../src/core/budget/meterEvent';
import { TokenCounter } from '../../../src/core/budget/tokens';
import type { RunEvent } from '../../../src/core/events';
import { usd, ZERO } from '../../../src/core/money';
import type { TopologyName } from '../../../src/core/plan';
import type { ChatMessage } from '../../../src/core/providers/message';
import { solve } from '../../../src/core/solve';
import type { Task } from '../../../src/core/task/task';
import { apiError, type FaultServer, type Reply, startFaultServer, stream } from '../../servers/faultServer';
import { delta, DONE, event, finished, usageChunk } from '../../servers/sse';
import { aModel } from '../../support/models';
import { ScriptedSandbox } from '../../support/scripted';
import { provider } from './asking';

const task: Task = {
  ...{ id: 'job', language: 'python', prompt: 'Write f, which says alpha and beta.', entryPoint: 'f', setup: '' },
  tests: ['alpha', 'beta'],
};
/** A micro-dollar a prompt token, a tenth of it where it is read from the cache, two a completion token. */
const PRICE = { input: usd('1e-6'), output: usd('2e-6'), cachedInput: usd('1e-7') };
const MODEL = aModel('m', 2, 1, 2, { price: PRICE });
const STRONG = aModel('strong', 1, 10, 20);

const USAGE = { prompt_tokens: 100, completion_tokens: 20 };

/** An answer with the code, and how much of its prompt was read from the provider's cache. */
function answer(body: string, cachedTokens = 0): Reply {
  const usage = { ...USAGE, prompt_tokens_details: { cached_tokens: cachedTokens } };
  const code = `\`\`\`python\ndef f():\n    return '${body}'\n\`\`\``;
  return stream([event(delta(code)), event(finished()), event(usageChunk(usage)), DONE]);
}

interface Body {
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number;
  readonly seed?: number;
}

describe('a run over HTTP, with the client that is shipped', () => {
  let folder: string;
  let ledger: Ledger;
  let server: FaultServer;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'solvent-'));
    ledger = await Ledger.open(folder);
    server = await startFaultServer();
  });
  afterEach(async () => {
    await server.stop();
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  async function run(topology: TopologyName, replies: readonly Reply[], models = [MODEL]) {
    server.script(...replies);
    const events: RunEvent[] = [];
    const result = await solve(
      { task, budget: usd(1), profile: 'verified', mode: 'frugal', topology, seed: 7 },
      {
        ...{ catalogue: { asOf: '2026-11-20', source: 'test', models }, tokens: new TokenCounter() },
        ...{ provider: provider(server.baseUrl), sandbox: new ScriptedSandbox(), ledger },
        ...{ caps: NO_CAPS, workspace: '' },
      },
      (one) => events.push(one),
      new AbortController().signal,
    );
    const bodies = server.received.map(({ body }) => JSON.parse(body) as Body);
    const reserved = events.filter((one): one is RunEvent & CallReserved & { type: 'reserved' } => one.type === 'reserved'); // prettier-ignore
    const settled = events.filter((one): one is RunEvent & CallSettled & { type: 'settled' } => one.type === 'settled');
    return { result, bodies, reserved, settled };
  }

  it('begins its second call with the whole first, byte for byte, so that a cache finds it again, and pays less for it', async () => {
    const { result, bodies, settled } = await run('linear', [answer('alpha'), answer('alpha beta', 80)]);
    assert.equal(result.status, 'solved');
    const [first, second] = bodies.map(({ messages }) => JSON.stringify(messages).slice(0, -1));
    assert.ok(first !== undefined && second !== undefined);
    assert.ok(second.startsWith(first) && second.length > first.length, second);
    assert.deepEqual(
      settled.map(({ cost, unconfirmed }) => [cost, unconfirmed]),
      [
        [usd(`${100 + 40}e-6`), ZERO],
        [usd(`${20 + 8 + 40}e-6`), ZERO],
      ],
    );
  });

  it('puts what does not change before what does, in every prompt of a run', async () => {
    const advice = stream([event(delta('Say beta.')), event(finished()), event(usageChunk(USAGE)), DONE]);
    const { bodies } = await run(
      'feedback',
      [answer('alpha'), advice, answer('gamma'), answer('alpha beta')],
      [STRONG, MODEL],
    );
    const [first, critic, ...later] = bodies.map(({ messages }) => messages);
    assert.equal(later.length, 2);
    for (const messages of later) assert.deepEqual(messages[0], first?.[0]);
    const [one] = critiqueMessages(task, "return 'alpha'", 'beta: not there');
    const [other] = critiqueMessages(task, "return 'gamma'", 'alpha: not there');
    const [a = '', b = '', real = ''] = [one, other, critic?.[0]].map((message) => message?.content);
    let same = 0;
    while (same < a.length && a[same] === b[same]) same++;
    const shared = a.slice(0, same);
    assert.ok(shared.includes(task.prompt) && real.startsWith(shared.slice(0, shared.indexOf(task.prompt))), shared);
  });

  it('asks greedily, with the seed of the run, where nothing says otherwise', async () => {
    const { bodies } = await run('linear', [answer('alpha beta')]);
    assert.deepEqual([bodies[0]?.temperature, typeof bodies[0]?.seed], [0, 'number']);
  });

  it('asks a model that takes no temperature again without one, as a new reservation, and pays once', async () => {
    const refused = apiError(400, "Unsupported value: 'temperature' does not support 0 with this model.");
    const { result, bodies, reserved, settled } = await run('linear', [refused, answer('alpha beta')]);
    assert.equal(result.status, 'solved');
    assert.deepEqual(
      bodies.map(({ temperature }) => temperature),
      [0, undefined],
    );
    assert.deepEqual(
      reserved.map(({ call }) => call),
      [1, 2],
    );
    assert.deepEqual(
      settled.map(({ cost }) => cost),
      [ZERO, usd(`${100 + 40}e-6`)],
    );
    assert.equal(result.account.spent, usd(`${100 + 40}e-6`));
  });
});
