import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Exhaustion } from '../../../src/core/agents/exhaustion';
import { openAccount } from '../../../src/core/budget/account';
import { denialOf } from '../../../src/core/budget/denial';
import { type Money, subtract, toDecimal, usd } from '../../../src/core/money';
import { type Ceiling, ceilingOf } from '../../../src/report/allowance';
import {
  raiseChoices,
  raiseItems,
  raiseMessage,
  type RaiseOffer,
  raiseOffer,
  raiseProblem,
  raiseTitle,
  readAmount,
  stillRaised,
} from '../../../src/report/raiseView';

const BUDGET = usd('0.01');

/** A run that has spent most of its budget and needs so much for its next call. */
function exhaustion(needed = usd('0.0045'), spent = usd('0.009'), budget = BUDGET): Exhaustion {
  const denial = denialOf([{ cap: 'run', left: subtract(budget, spent) }], 'executor', 'strong', needed);
  return { denial, account: { ...openAccount(budget), spent }, best: undefined };
}

function offered(ceiling?: Ceiling, of = exhaustion()): RaiseOffer {
  const offer = raiseOffer(of, ceiling);
  assert.ok(offer);
  return offer;
}

const today = (left: string): Ceiling => ceilingOf(undefined, { cap: 'user day', left: usd(left) }, usd('0.009'))!;

describe('the question of an exhausted budget', () => {
  it('offers the smallest raise that admits the next call, and double the budget', () => {
    assert.deepEqual(
      raiseChoices(offered()).map(({ label, detail, to }) => [label, detail, toDecimal(to)]),
      [
        ['Raise by $0.0035', 'to $0.0135: the smallest raise that will do', '0.0135'],
        ['Double the budget', 'to $0.02', '0.02'],
      ],
    );
  });

  it('offers no double that would not admit the next call', () => {
    assert.equal(raiseChoices(offered(undefined, exhaustion(usd('0.05')))).length, 1);
  });

  it('offers what a wider cap leaves in place of a double that it forbids, and says which cap', () => {
    const [, far] = raiseChoices(offered(today('0.0075')));
    assert.deepEqual(far, {
      label: 'Raise as far as it goes',
      detail: 'to $0.0165, no more: your cap for today leaves $0.0075',
      to: usd('0.0165'),
    });
  });

  it('is not asked where the ceiling does not admit the next call', () => {
    assert.equal(raiseOffer(exhaustion(), ceilingOf(BUDGET, undefined)), undefined);
    assert.equal(raiseOffer(exhaustion(), today('0.00449')), undefined);
    assert.ok(raiseOffer(exhaustion(), today('0.0045')));
  });

  it('never offers more than the ceiling or less than the next call needs', () => {
    const amount = fc.integer({ min: 1, max: 10_000_000 }).map((nano) => usd(nano / 1e9));
    fc.assert(
      fc.property(amount, amount, amount, fc.option(amount), (budget, spent, missing, room) => {
        const used = spent < budget ? spent : budget;
        const needed = (budget - used + missing) as Money;
        const ceiling = room === null ? undefined : ceilingOf(undefined, { cap: 'user day', left: room }, used);
        const offer = raiseOffer(exhaustion(needed, used, budget), ceiling);
        if (offer === undefined) return ceiling !== undefined && needed > room!;
        return raiseChoices(offer).every(
          ({ to }) => to >= used + needed && to > budget && (ceiling === undefined || to <= ceiling.amount),
        );
      }),
    );
  });

  it('answered later is held against what the caps leave by then', () => {
    const offer = offered(today('0.5'));
    assert.equal(stillRaised(usd('0.02'), offer, today('0.5')), usd('0.02'));
    assert.equal(stillRaised(usd('0.02'), offer, undefined), usd('0.02'));
    assert.equal(stillRaised(usd('0.02'), offer, today('0.005')), usd('0.014'), 'another window has spent');
    assert.equal(stillRaised(usd('0.02'), offer, today('0.0044')), undefined, 'the next call needs 0.0045');
  });

  it('is a list: choices, another amount, stop, and why', () => {
    const items = raiseItems(offered(today('0.5')));
    assert.deepEqual(
      items.map(({ action, separator }) => action?.kind ?? (separator === true ? 'separator' : 'info')),
      ['raise', 'raise', 'amount', 'stop', 'separator', 'info', 'info'],
    );
    assert.equal(items[2]?.description, 'at most $0.509');
    const said = items.map(({ label, detail }) => `${label} ${detail ?? ''}`).join('\n');
    assert.match(said, /A call to strong as executor can cost \$0\.0045, but the task's budget has \$0\.001/);
    assert.match(said, /Your cap for today leaves \$0\.50\./);
  });

  it('says in one message what is exhausted, how far the answer is, and why', () => {
    assert.equal(raiseTitle(offered()), 'Solvent: the budget of $0.01 is exhausted');
    assert.match(
      raiseMessage({ ...offered(), best: '2 of 3 tests pass' }),
      /^The budget of \$0\.01 is exhausted, 2 of 3 tests pass\. A call to strong .* would admit it\.$/,
    );
    assert.match(raiseMessage(offered()), /there is no answer yet/);
  });

  it('takes a typed amount only between what the next call needs and what the caps admit', () => {
    const offer = offered(today('0.5'));
    assert.equal(raiseProblem('0.0135', offer), undefined);
    assert.equal(raiseProblem(' $0.509 ', offer), undefined);
    assert.equal(raiseProblem('0.0134', offer), 'The next call needs a budget of at least $0.0135.');
    assert.equal(raiseProblem('0.51', offer), 'Your cap for today leaves $0.50. The budget may be at most $0.509.');
    assert.equal(readAmount('0.5090000000000009'), usd('0.509'), 'a budget is never more than was typed');
    assert.match(raiseProblem('a lot', offer) ?? '', /is not an amount of USD/);
    assert.match(raiseProblem('', offer) ?? '', /^Write an amount of USD, such as/);
    assert.match(raiseProblem('-1', offer) ?? '', /is not an amount of USD/);
    assert.match(raiseProblem('1e400', offer) ?? '', /more than 1000000000 USD/);
  });
});
