import assert from 'node:assert/strict';
import { MeteredModel, type Meter } from '../../../src/core/budget/meter';
import { usd } from '../../../src/core/money';
import { aModel } from '../../support/models';
import { inFolder, meteredRun } from './runMoney';

type Lookalike = Pick<MeteredModel, keyof MeteredModel>;

/**
 * What the compiler holds: each line below is an error of its own, and one that stopped being an error would fail the
 * type check of this file.
 */
export function theWaysAroundTheMeterThatDoNotCompile(metered: MeteredModel, meter: Meter): unknown[] {
  // @ts-expect-error Only the meter makes a metered model.
  const made: unknown = new MeteredModel(metered.model, () => Promise.resolve({ kind: 'cancelled' }));
  // @ts-expect-error There is no subclass of it either.
  class Free extends MeteredModel {}
  // An object that looks like one is none: were it taken, this would have to be true.
  const forgeable: Lookalike extends MeteredModel ? true : false = false;
  // @ts-expect-error It has no provider,
  const { provider } = metered;
  // @ts-expect-error and no way to complete a request unmetered.
  const { complete } = metered;
  // @ts-expect-error Nor does the meter show what it is made of.
  const { parts } = meter;
  return [made, Free, forgeable, provider, complete, parts];
}

describe('a metered model', () => {
  it('shows an agent its model and how to ask, and nothing that leads to the provider', () =>
    inFolder(async (folder) => {
      const { meter } = await meteredRun(folder, usd(1), () => 'ok');
      const metered = meter.metered(aModel('m', 1, 1, 1));
      assert.deepEqual(Object.getOwnPropertyNames(metered), ['model']);
      assert.deepEqual(Object.getOwnPropertyNames(MeteredModel.prototype).sort(), ['ask', 'constructor']);
      assert.deepEqual(
        Object.getOwnPropertyNames(MeteredModel).filter((name) => !['length', 'name', 'prototype'].includes(name)),
        [],
      );
    }));
});
