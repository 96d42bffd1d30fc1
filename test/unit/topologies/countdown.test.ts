import assert from 'node:assert/strict';
import { COUNTDOWN } from '../../../src/core/agents/prompts';
import { add, smallest, subtract, times, usd } from '../../../src/core/money';
import { TOPOLOGIES } from '../../../src/core/plan';
import type { ChatRequest } from '../../../src/core/providers/chat';
import { MOST_ATTEMPTS } from '../../../src/core/topologies/topology';
import { aModel } from '../../support/models';
import type { Script } from '../../support/scripted';
import { code, planned, topologyRun } from './topologyRun';

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
  it('is told to the planner and the critic, and to nobody who writes or judges', async () => {
    for (const topology of TOPOLOGIES) {
      const { requests } = await topologyRun(failing, { topology });
      for (const request of requests) {
        const asksOthers = request.role === 'planner' || request.role === 'critic';
        assert.equal(told(request) !== undefined, asksOthers, `${topology}: ${request.messages.at(-1)!.content}`);
        assert.equal(JSON.stringify(request.messages).includes('Calls left'), asksOthers);
      }
    }
  });

  it('is in none of the prompts of the paper profile', async () => {
    for (const topology of TOPOLOGIES) {
      const { requests } = await topologyRun(failing, { topology, profile: 'paper' });
      for (const { messages } of requests) {
        assert.ok(messages.every(({ content }) => !content.includes('Calls left')));
      }
    }
  });

  it('falls by one with every answer where money is ample', async () => {
    for (const [topology, least] of [
      ['feedback', 2],
      ['planner', 6],
    ] as const) {
      const { requests } = await topologyRun(failing, { topology, models: CLOSE });
      let answers = 0;
      const numbers: number[] = [];
      for (const request of requests) {
        const number = told(request);
        if (number === undefined) answers += 1;
        else {
          assert.equal(number, MOST_ATTEMPTS - answers, `${topology}, after ${answers} answers`);
          numbers.push(number);
        }
      }
      assert.ok(numbers.length >= least && (numbers.at(-1) ?? 0) < (numbers[0] ?? 0));
    }
  });

  it('falls with the money where that is scarce, and never tells of a call that it does not pay', async () => {
    const models = [aModel('one', 1, 0.1, 0.3)];
    // Bytes are tokens here, and every answer takes nearly all that it may.
    const long: Script = (request, call, signal) =>
      request.role === 'executor' ? code(`alpha ${call} ${'x'.repeat(320)}`) : failing(request, call, signal);
    let before = 0;
    for (const micro of [500, 700, 900, 1100]) {
      const { requests, events } = await topologyRun(long, { topology: 'planner', models, budget: usd(micro / 1e6) });
      const reserved = events.filter((event) => event.type === 'reserved');
      const written = reserved.filter(({ role }) => role === 'executor').map((event) => event.reserved);
      const cheapest = smallest(written[0]!, ...written);
      const numbers: number[] = [];
      for (const [index, request] of requests.entries()) {
        const number = told(request);
        if (number === undefined) continue;
        const { account } = reserved[index]!;
        const rest = subtract(account.budget, add(account.spent, account.reserved));
        assert.ok(times(cheapest, number) <= rest, `${number} calls of ${cheapest} with ${rest}`);
        numbers.push(number);
      }
      const [first = 0] = numbers;
      assert.ok(first < MOST_ATTEMPTS, 'money is what is scarce');
      assert.ok(first >= before, 'more money pays more');
      before = first;
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => b - a),
      );
      assert.ok((numbers.at(-1) ?? 0) < first);
    }
  });

  it('counts calls of the stronger models that come next, and not of the one that wrote last', async () => {
    const { requests, events } = await topologyRun(failing, {
      topology: 'feedback',
      models: CLOSE,
      budget: usd('0.003'),
    });
    assert.deepEqual([requests[1]!.role, requests[1]!.model.id], ['critic', 'strong']);
    const byWeak = usd('0.003') / events.find((event) => event.type === 'reserved')!.reserved;
    assert.ok(byWeak > MOST_ATTEMPTS, 'of the weak one there were more');
    assert.equal(told(requests[1]!), 2);
  });

  it('is the end of a prompt that is the same without it, whatever is left: a cache of its beginning still holds', async () => {
    for (const [topology, budget] of [
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
    assert.match(said, /The planner and the critic are told how many calls are left, which is \d+ tokens of these\.$/);
    assert.match(await line({ topology: 'feedback' }), /The critic is told/);
    assert.doesNotMatch(await line({ topology: 'linear' }), /told how many/);
    assert.doesNotMatch(await line({ topology: 'planner', profile: 'paper' }), /are told/);
  });
});
