import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Money, usd } from '../../../src/core/money';
import { type Inspected, readBudgets, SettingError, userValue } from '../../../src/vscode/settingValues';

const perTask = (values: Partial<Inspected> = {}): Inspected => ({ key: 'perTask', defaultValue: 0.01, ...values });
const perDay = (values: Partial<Inspected> = {}): Inspected => ({ key: 'perDay', defaultValue: 1, ...values });
const perMonth = (values: Partial<Inspected> = {}): Inspected => ({ key: 'perMonth', defaultValue: 10, ...values });

/** Amounts as people write them; their decimal text is what counts. */
const amount = fc.integer({ min: 0, max: 1_000_000 }).map((micro) => micro / 1_000_000);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

describe('budgets from settings', () => {
  it('are the defaults where nobody says anything', () => {
    const budgets = readBudgets(perTask(), perDay(), perMonth());
    assert.equal(budgets.perTask, usd('0.01'));
    assert.equal(budgets.workspacePerTask, undefined);
    assert.deepEqual(budgets.caps, { user: { day: usd(1), month: usd(10) }, workspace: {} });
  });

  it('are never raised by a workspace or a folder, whatever these say', () => {
    fc.assert(
      fc.property(maybe(amount), maybe(amount), maybe(amount), (ofUser, ofWorkspace, ofFolder) => {
        const values = { globalValue: ofUser, workspaceValue: ofWorkspace, workspaceFolderValue: ofFolder };
        const { perTask: merged, caps } = readBudgets(perTask(values), perDay(values), perMonth(values));
        const all = [ofUser ?? 0.01, ofWorkspace, ofFolder].filter((value) => value !== undefined).map(usd);
        assert.equal(
          merged,
          all.reduce((least, value) => (value < least ? value : least)),
        );
        assert.equal(caps.user.day, usd(ofUser ?? 1));
        assert.equal(caps.user.month, usd(ofUser ?? 10));
        const lowest = [ofWorkspace, ofFolder]
          .filter((value) => value !== undefined)
          .map(usd)
          .reduce<Money | undefined>(
            (least, value) => (least !== undefined && least < value ? least : value),
            undefined,
          );
        assert.equal(caps.workspace.day, lowest);
        assert.equal(caps.workspace.month, lowest);
      }),
    );
  });

  it('have no cap of day or month where the user says null, and a workspace cannot say so for the user', () => {
    const none = readBudgets(perTask(), perDay({ globalValue: null }), perMonth({ globalValue: null }));
    assert.deepEqual(none.caps.user, {});
    const tried = readBudgets(perTask(), perDay({ workspaceValue: null }), perMonth({ workspaceFolderValue: null }));
    assert.deepEqual(tried.caps, { user: { day: usd(1), month: usd(10) }, workspace: {} });
  });

  it('are an error and never unlimited where a value is no amount', () => {
    for (const bad of [-1, NaN, Infinity, '0.01', 'unlimited', true, {}, [1]]) {
      for (const place of ['globalValue', 'workspaceValue', 'workspaceFolderValue'] as const) {
        const values = { [place]: bad };
        assert.throws(() => readBudgets(perTask(values), perDay(), perMonth()), SettingError, place);
        assert.throws(() => readBudgets(perTask(), perDay(values), perMonth()), SettingError);
        assert.throws(() => readBudgets(perTask(), perDay(), perMonth(values)), SettingError);
      }
    }
    assert.throws(() => readBudgets(perTask({ globalValue: null }), perDay(), perMonth()), SettingError);
  });

  it('name the setting and whose it is in their errors', () => {
    assert.throws(() => readBudgets(perTask({ workspaceValue: -1 }), perDay(), perMonth()), {
      setting: 'perTask',
      message: /'perTask' in the workspace's settings must be a number of USD from 0 on.*but is -1/,
    });
  });

  it('do not take an amount beyond all money at its word', () => {
    assert.equal(readBudgets(perTask({ globalValue: 1e9 }), perDay(), perMonth()).perTask, usd(1e9));
    assert.throws(() => readBudgets(perTask({ globalValue: 1e300 }), perDay(), perMonth()), {
      message: /'perTask' in your settings must be an amount that can be spent, such as 0.01, but is 1e\+300/,
    });
  });

  it('keep small amounts exact', () => {
    assert.equal(readBudgets(perTask({ globalValue: 1e-7 }), perDay(), perMonth()).perTask, usd('0.0000001'));
    assert.equal(readBudgets(perTask({ globalValue: 1e-18 }), perDay(), perMonth()).perTask, 0n);
  });
});

describe("a setting that is the user's alone", () => {
  it('ignores workspace and folder', () => {
    const values = { key: 'k', defaultValue: 'd', workspaceValue: 'w', workspaceFolderValue: 'f' };
    assert.equal(userValue(values), 'd');
    assert.equal(userValue({ ...values, globalValue: 'u' }), 'u');
  });
});
