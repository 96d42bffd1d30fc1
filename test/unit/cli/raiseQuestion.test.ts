import assert from 'node:assert/strict';
import { readAnswer } from '../../../src/cli/raiseQuestion';
import { NO_COLOURS } from '../../../src/cli/view/paint';
import { raiseLines } from '../../../src/cli/view/raiseLines';
import { openAccount } from '../../../src/core/budget/account';
import { denialOf } from '../../../src/core/budget/denial';
import { usd } from '../../../src/core/money';
import { ceilingOf } from '../../../src/report/allowance';
import { raiseOffer } from '../../../src/report/raiseView';

const account = { ...openAccount(usd(2)), spent: usd('1.5') };
const denial = denialOf([{ cap: 'run', left: usd('0.5') }], 'executor', 'strong', usd('0.75'));
const ceiling = ceilingOf(undefined, { cap: 'user month', left: usd(20) }, account.spent);
const offer = raiseOffer({ denial, account, best: undefined }, ceiling)!;

describe('the question of an exhausted budget on a terminal', () => {
  it('numbers the choices', () => {
    assert.deepEqual(raiseLines(offer, 80, NO_COLOURS), [
      '',
      '■ The budget of $2.00 is exhausted, there is no answer yet.',
      '     Your cap for this month leaves $20.00.',
      '     1  Raise by $0.25 to $2.25: the smallest raise that will do',
      '     2  Double the budget to $4.00',
    ]);
  });

  it('takes a whole number for a choice and everything else for an amount, so that none is mistaken', () => {
    assert.deepEqual(readAnswer('1', offer), { kind: 'raise', to: usd('2.25') });
    assert.deepEqual(readAnswer(' 2 ', offer), { kind: 'raise', to: usd(4) });
    assert.deepEqual(readAnswer('$3', offer), { kind: 'raise', to: usd(3) });
    assert.deepEqual(readAnswer('3.00', offer), { kind: 'raise', to: usd(3) });
    assert.deepEqual(readAnswer('3', offer), {
      kind: 'again',
      why: 'There is no choice 3. An amount is written with a dollar sign, such as $3.',
    });
  });

  it('stops on nothing, and asks again where an amount does not do', () => {
    assert.deepEqual(readAnswer('', offer), { kind: 'stop' });
    assert.deepEqual(readAnswer('  ', offer), { kind: 'stop' });
    for (const [typed, why] of [
      ['2.10', /at least \$2\.25/],
      ['$22', /at most \$21\.5/],
      ['yes', /not an amount/],
      ['-3', /not an amount/],
    ] as const) {
      const answer = readAnswer(typed, offer);
      assert.ok(answer.kind === 'again');
      assert.match(answer.why, why);
    }
  });
});
