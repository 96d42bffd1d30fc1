import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CompletionBounds, sizeWithin } from '../../../src/core/budget/callSize';
import { type Remainder, tightestOf } from '../../../src/core/budget/caps';
import { type CapName, denialOf } from '../../../src/core/budget/denial';
import { worstCase } from '../../../src/core/budget/price';
import { add, type Money, perToken, subtract, usd, ZERO } from '../../../src/core/money';
import { aModel } from '../../support/models';

const CAPS: readonly CapName[] = ['run', 'workspace day', 'workspace month', 'user day', 'user month'];
const remainders: fc.Arbitrary<readonly Remainder[]> = fc
  .uniqueArray(fc.constantFrom(...CAPS), { minLength: 1 })
  .chain((caps) =>
    fc
      .array(fc.integer({ min: -2000, max: 5000 }), { minLength: caps.length, maxLength: caps.length })
      .map((lefts) => caps.map((cap, index) => ({ cap, left: (BigInt(lefts[index] ?? 0) * 10n ** 9n) as Money }))),
  );
const model = fc
  .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 90 }))
  .map(([input, output]) => aModel('m', 1, `${input}e-1`, `${output}e-1`));
const bounds: fc.Arbitrary<CompletionBounds> = fc
  .tuple(fc.integer({ min: 1, max: 200 }), fc.nat(900), fc.option(fc.integer({ min: 500, max: 2000 })))
  .map(([least, more, stubborn]) => ({
    ...{ least, most: least + more },
    // A model that ignores its limit may always write as much as it can.
    bound: (maxTokens) => (stubborn === null ? maxTokens : Math.max(maxTokens, stubborn)),
  }));

describe('a denial', () => {
  it('names every cap that is in the way, the tightest first, and what has to be raised by how much', () => {
    const all: readonly Remainder[] = [
      { cap: 'run', left: usd('0.002') },
      { cap: 'user day', left: usd('0.0005') },
      { cap: 'user month', left: usd(1) },
    ];
    const denial = denialOf(all, 'critic', 'm', usd('0.003'));
    assert.deepEqual([denial.cap, denial.left, denial.raise], ['user day', usd('0.0005'), usd('0.0025')]);
    assert.deepEqual(denial.shortages, [
      { cap: 'user day', left: usd('0.0005'), raise: usd('0.0025') },
      { cap: 'run', left: usd('0.002'), raise: usd('0.001') },
    ]);
    assert.equal(
      denial.message,
      'A call to m as critic can cost $0.003, but your cap for today has $0.0005 left and ' +
        "the task's budget has $0.002 left: a raise by $0.0025 and $0.001, one each, would admit it.",
    );
  });

  it('says by how much a cap is passed already', () => {
    const { message, raise } = denialOf(
      [{ cap: 'user month', left: subtract(ZERO, usd('0.5')) }],
      'critic',
      'm',
      usd('0.25'),
    );
    assert.match(message, /but your cap for this month is passed by \$0\.50: a raise by \$0\.75 would admit it\.$/);
    assert.equal(raise, usd('0.75'));
  });

  it('is not made of a call that every cap admits', () => {
    assert.throws(() => denialOf([{ cap: 'run', left: usd(1) }], 'critic', 'm', usd(1)));
  });

  it('comes with raises that admit the call, and none of which could be smaller', () => {
    fc.assert(
      fc.property(remainders, model, fc.nat(500), bounds, (all, { price }, prompt, limits) => {
        const size = (within: readonly Remainder[]) =>
          sizeWithin({ price }, prompt, limits, tightestOf(within)?.left ?? ZERO, ZERO);
        if (size(all) !== undefined) return;
        const { shortages } = denialOf(all, 'executor', 'm', worstCase(price, prompt, limits.bound(limits.least)));
        const raised = (less?: CapName): readonly Remainder[] =>
          all.map(({ cap, left }) => {
            const raise = shortages.find((one) => one.cap === cap)?.raise ?? ZERO;
            return { cap, left: subtract(add(left, raise), cap === less ? (1n as Money) : ZERO) };
          });
        assert.ok(size(raised()) !== undefined);
        for (const { cap } of shortages) assert.equal(size(raised(cap)), undefined, cap);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the size of a call', () => {
  it('never reserves more than is left, nor a completion outside of its bounds, and is its own worst case', () => {
    const money = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 13n }).map((amount) => amount as Money);
    fc.assert(
      fc.property(model, fc.nat(500), bounds, money, money, ({ price }, prompt, limits, left, keep) => {
        const size = sizeWithin({ price }, prompt, limits, left, keep < 0n ? ZERO : keep);
        if (size === undefined) return;
        const { maxTokens, completionBound, reserved } = size;
        assert.ok(reserved <= left);
        assert.ok(maxTokens >= limits.least && maxTokens <= limits.most);
        assert.equal(completionBound, limits.bound(maxTokens));
        assert.equal(reserved, worstCase(price, prompt, completionBound));
      }),
      { numRuns: 1000 },
    );
  });

  it('of a model that ignores its limit is not made smaller: that would save nothing', () => {
    const price = { input: perToken(1), output: perToken(1) };
    const limits = { least: 64, most: 400, bound: () => 1000 };
    assert.equal(sizeWithin({ price }, 0, limits, usd('0.001'), usd('0.0009'))?.maxTokens, 400);
    assert.equal(sizeWithin({ price }, 0, limits, usd('0.000999'), ZERO), undefined);
  });
});
