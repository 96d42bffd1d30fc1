import assert from 'node:assert/strict';
import type { Catalogue } from '../../../src/core/catalogue/model';
import { priceChanges } from '../../../src/core/catalogue/priceChanges';
import type { Refreshed } from '../../../src/core/catalogue/refresh';
import { pricesItems, pricesTitle } from '../../../src/report/pricesView';
import { aModel } from '../../support/models';

const of = (asOf: string, ...models: Catalogue['models']): Catalogue => ({ asOf, source: 'test', models });
const before = of('2026-07-01', aModel('a', 1, 2, 8), aModel('b', 2, 1, 4));
const refreshed = (after: Catalogue, notes: readonly string[] = []): Refreshed => ({
  ...{ catalogue: after, changes: priceChanges(before, after), notes },
});
const usual = refreshed(of('2026-11-21', aModel('a', 1, 3, 8), aModel('b', 2, 1, 4)), ['c is not listed there.']);
const strange = refreshed(of('2026-11-21', aModel('a', 1, 3, 8), aModel('b', 2, 0, 4)));

describe('refreshed prices as a list', () => {
  it('are used with Enter, or kept, with the changes, the notes and the ledger below', () => {
    assert.equal(pricesTitle(usual), 'Solvent: 1 price changed');
    assert.deepEqual(pricesItems(usual, before.asOf), [
      { label: '$(check) Use these prices', description: 'as of 2026-11-21', action: 'use' },
      { label: '$(close) Keep the old ones', description: 'as of 2026-07-01', action: 'keep' },
      { label: 'USD per million tokens', separator: true },
      { label: '$(arrow-swap) a, input: $2.00 → $3.00', description: '× 1.5' },
      { label: 'Notes', separator: true },
      { label: '$(info) c is not listed there.' },
      { label: '$(info) What is on the ledger keeps its cost.' },
    ]);
  });

  it('put what is unusual first, marked, and then keep the old prices with Enter', () => {
    assert.equal(pricesTitle(strange), 'Solvent: 2 prices changed, 1 of them unusual');
    const [first, second, , change, other] = pricesItems(strange, before.asOf);
    assert.deepEqual([first?.action, second?.action], ['keep', 'use']);
    assert.deepEqual(change, {
      label: '$(warning) b, input: $1.00 → $0.00',
      description: '× 0 unusual, perhaps a mistake',
    });
    assert.match(other?.label ?? '', /^\$\(arrow-swap\) a, input/);
  });

  it("say that the user's own list is not changed", () => {
    const labels = pricesItems(usual, before.asOf, 'solvent.models').map(({ label }) => label);
    assert.ok(
      labels.some((label) => label.includes("Your own models in 'solvent.models' go first")),
      labels.join('\n'),
    );
  });

  it('say so where no price changed', () => {
    const same = refreshed({ ...before, asOf: '2026-11-21' });
    assert.equal(pricesTitle(same), 'Solvent: no price changed');
    assert.ok(pricesItems(same, before.asOf).some(({ label }) => label === '$(info) No price changed.'));
  });
});
