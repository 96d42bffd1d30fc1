import assert from 'node:assert/strict';
import { COUNTDOWN } from '../../../src/core/agents/prompts';
import { add, subtract, usd } from '../../../src/core/money';
import { TOPOLOGIES } from '../../../src/core/plan';
import type { ChatRequest } from '../../../src/core/providers/chat';
import { MOST_ATTEMPTS } from '../../../src/core/topologies/topology';
import { aModel } from '../../support/models';
import type { Script } from '../../support/scripted';
import { code, planned, TASK, topologyRun } from './topologyRun';

/** Each a few times as dear as the next. */
const CLOSE = [aModel('strong', 1, 1, 3), aModel('middle', 2, 0.3, 1), aModel('weak', 3, 0.1, 0.3)];

/** Never solves; the planner has a plan of all roles. */
const failing: Script = ({ role }, call) =>
  role === 'planner' ? '["write", "critique", "revise"]' : role === 'critic' ? 'No.' : code(`alpha ${call}`);

/** The countdown that ends a request; undefined where it has none. */
function told({ messages }: ChatRequest): number | undefined {
  const [, number] = /Calls left after this: (\d)\.$/.exec(messages.at(-1)?.content ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
}

/** A request without the end that the countdown is. */
function before({ messages }: ChatRequest): readonly string[] {
  return messages.map(({ content }) => content.replace(/\s*Calls left after this: \d\.$/, ''));
}

describe('the countdown in prompts (scripted models)', () => {
  it('is told to the planner, the critic and every revision, and to nobody who could not make use of it', async () => {
    for (const topology of TOPOLOGIES) {
      const { requests } = await topologyRun(failing, { topology });
      for (const request of requests) {
        const { role, messages } = request;
        const isUseless = role === 'judge' || (role === 'executor' && messages.length === 1);
        assert.equal(told(request) === undefined, isUseless, `${topology}: ${request.messages.at(-1)!.content}`);
      }
    }
    const { requests } = await topologyRun(() => code('draft'), { task: { ...TASK, tests: [] }, topology: 'star' });
    assert.ok(requests.length >= 2 && requests.every((request) => told(request) === undefined));
  });

  it('is in none of the prompts of the paper profile', async () => {
    for (const topology of TOPOLOGIES) {
      const { requests } = await topologyRun(failing, { topology, profile: 'paper' });
      for (const { messages } of requests) {
        assert.ok(messages.every(({ content }) => !content.includes('Calls left')));
      }
    }
  });

  it('falls by one with every answer where money is ample, and ends with the last answer that is tried', async () => {
    const { requests } = await topologyRun(failing, { topology: 'linear', models: [aModel('one', 1, 0.1, 0.3)] });
    const expected = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => MOST_ATTEMPTS - 2 - index);
    assert.deepEqual(requests.slice(1).map(told), expected);
  });

  it('falls with the money where that is scarce, and never tells of a call that it does not pay', async () => {
    const models = [aModel('one', 1, 0.1, 0.3)];
    // Bytes are tokens here, and every answer takes nearly all that it may.
    const long: Script = (_, call) => code(`alpha ${call} ${'x'.repeat(320)}`);
    for (const micro of [400, 600, 800, 1000]) {
      const { requests, events, result } = await topologyRun(long, {
        ...{ topology: 'linear', models, budget: usd(micro / 1e6) },
      });
      assert.equal(result.stop, 'exhausted');
      const reserved = events.filter((event) => event.type === 'reserved');
      const numbers = requests.map(told);
      for (const [index, number] of numbers.entries()) {
        if (number === undefined) continue;
        const { account, reserved: own } = reserved[index]!;
        const rest = subtract(account.budget, add(account.spent, account.reserved));
        assert.ok(BigInt(number) * own <= rest, `${number} calls of ${own} with ${rest}`);
      }
      const [first, ...rest] = numbers.slice(1);
      assert.ok(first !== undefined && first < MOST_ATTEMPTS - 2, 'money is what is scarce');
      assert.deepEqual(
        rest,
        rest.map((_, index) => first - 1 - index),
      );
      assert.equal(numbers.at(-1), 0);
    }
  });

  it('counts calls of the stronger models that come next, and not of the one that is asked', async () => {
    const at = async (budget: string): Promise<number | undefined> => {
      const { requests } = await topologyRun(failing, { topology: 'linear', models: CLOSE, budget: usd(budget) });
      assert.equal(requests[1]!.model.id, 'middle');
      return told(requests[1]!);
    };
    const [poor = 0, rich = 0] = [await at('0.0025'), await at('1')];
    assert.ok(poor < rich, `${poor} and ${rich}`);
    assert.equal(rich, MOST_ATTEMPTS - 2);
  });

  it('is the end of a prompt that is the same without it, whatever is left: a cache of its beginning still holds', async () => {
    for (const [topology, budget] of [
      ['linear', '0.0025'],
      ['feedback', '0.006'],
      ['planner', '0.006'],
    ] as const) {
      const [poor, rich] = [
        await topologyRun(failing, { topology, models: CLOSE, budget: usd(budget) }),
        await topologyRun(failing, { topology, models: CLOSE, budget: usd('1') }),
      ];
      const pairs = poor.requests.map((request, index) => [request, rich.requests[index]!] as const).slice(0, 2);
      for (const [one, other] of pairs) assert.deepEqual(before(one), before(other));
      assert.ok(
        pairs.some(([one, other]) => told(one) !== told(other)),
        topology,
      );
    }
  });

  it('is reserved with the call: what is billed for a prompt that ends with it is within its bound', async () => {
    for (const topology of TOPOLOGIES) {
      const { events } = await topologyRun(failing, { topology });
      const bounds = new Map(
        events.flatMap((event) => (event.type === 'reserved' ? [[event.call, event.promptTokens]] : [])),
      );
      for (const event of events) {
        if (event.type === 'settled') assert.ok(event.promptTokens <= (bounds.get(event.call) ?? 0));
      }
    }
    assert.match(COUNTDOWN, /: \d\.$/, 'one digit, so that none is longer than the one that a call is priced with');
  });

  it('stands in the plan with what the words of every role cost, and with nobody told where nobody is', async () => {
    const line = async (asked: Parameters<typeof planned>[0]): Promise<string> =>
      (await planned(asked)).explanation.find((text) => text.startsWith('Prompts, version ')) ?? '';
    const said = await line({ topology: 'planner' });
    assert.match(said, /version \d+: their own words are \d+ tokens of a first answer \(\$0\.\d+ with weak\)/);
    assert.match(
      said,
      /\d+ tokens of a critique \(\$0\.\d+ with middle\), \d+ tokens of a plan \(\$0\.\d+ with strong\)/,
    );
    assert.match(
      said,
      /The planner, the critic and revisions are told how many calls are left \(\d+ tokens of these\)\.$/,
    );
    assert.match(await line({ topology: 'linear' }), /Revisions are told/);
    assert.doesNotMatch(await line({ topology: 'planner', profile: 'paper' }), /are told/);
  });
});
