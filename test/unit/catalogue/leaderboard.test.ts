import assert from 'node:assert/strict';
import { bundledCatalogue } from '../../../src/core/catalogue/bundled';
import snapshot from '../../../src/core/catalogue/bundled.json';
import { type Rank, tierOf } from '../../../src/core/catalogue/leaderboard';

describe('the tiers of the bundled models', () => {
  it('follow what a public leaderboard says of them, and the list says which and of when', () => {
    const { models, source } = bundledCatalogue();
    assert.match(source, /tiers from aider's leaderboards as of \d{4}-\d\d-\d\d$/);
    assert.deepEqual(
      models.map(({ id, tier }) => [id, tier]),
      snapshot.models.map(({ id, rank }) => [id, tierOf(rank as Rank)]),
    );
    const tiers = new Map(models.map(({ id, tier }) => [id, tier]));
    assert.deepEqual([tiers.get('gpt-4.1'), tiers.get('gpt-4o'), tiers.get('gpt-4o-mini')], [1, 2, 4]);
  });

  it('rank no model below one of the same leaderboard that solved less', () => {
    for (const { rank: one } of snapshot.models as readonly { readonly rank: Rank }[]) {
      for (const { rank: other } of snapshot.models as readonly { readonly rank: Rank }[]) {
        if (one.board !== other.board || one.solvedPercent < other.solvedPercent) continue;
        assert.ok(tierOf(one) <= tierOf(other), `${one.entry} and ${other.entry}`);
      }
    }
  });

  it('are the same by either leaderboard for models that are on both', () => {
    const both: readonly (readonly [Rank, Rank])[] = [
      [
        { board: 'polyglot', entry: 'gpt-4o-2024-08-06', solvedPercent: 23.1 },
        { board: 'edit', entry: 'gpt-4o-2024-08-06', solvedPercent: 71.4 },
      ],
      [
        { board: 'polyglot', entry: 'gpt-4o-mini-2024-07-18', solvedPercent: 3.6 },
        { board: 'edit', entry: 'gpt-4o-mini', solvedPercent: 55.6 },
      ],
    ];
    for (const [polyglot, edit] of both) assert.equal(tierOf(polyglot), tierOf(edit), edit.entry);
  });

  it('are there for everything that can be solved, from nothing to all of it', () => {
    assert.deepEqual(
      [100, 45, 44.9, 15, 10, 0].map((solvedPercent) => tierOf({ board: 'polyglot', entry: '', solvedPercent })),
      [1, 1, 2, 2, 3, 4],
    );
    assert.deepEqual(
      [100, 70, 57, 45, 0].map((solvedPercent) => tierOf({ board: 'edit', entry: '', solvedPercent })),
      [2, 2, 3, 4, 5],
    );
  });
});
