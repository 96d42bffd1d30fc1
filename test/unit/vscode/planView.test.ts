import assert from 'node:assert/strict';
import { usd } from '../../../src/core/money';
import { ceilingOf, within } from '../../../src/report/allowance';
import { type PlanFacts, planItems, planTitle } from '../../../src/report/planView';
import { plan } from './support';

const facts: PlanFacts = {
  plan,
  tests: '2 tests from the docstring',
  hasTests: true,
  canPickTests: true,
  ceiling: undefined,
  notes: ['Prices of 2026-11-20.'],
};
const infeasible = { ...plan, feasible: false, pool: [], smallestFeasible: usd('0.02') };

describe('the plan as a list', () => {
  it('has the price in its title and runs with its first line', () => {
    assert.equal(planTitle(facts), 'Solvent: solve within $0.01');
    const [first] = planItems(facts);
    assert.deepEqual(first, {
      label: '$(play) Solve for at most $0.01',
      description: 'feedback · 1 × strong, 2 × cheap',
      detail: 'Expected $0.0003, at worst $0.0087 · 2 tests from the docstring',
      action: { kind: 'run' },
    });
  });

  it('offers budget, tests and cancel, then the reasons', () => {
    const items = planItems(facts);
    assert.deepEqual(
      items.map(({ action, separator }) => action?.kind ?? (separator === true ? 'separator' : 'info')),
      ['run', 'budget', 'tests', 'cancel', 'separator', 'info', 'info', 'info'],
    );
    assert.ok(items.some(({ label }) => label.endsWith('1 x strong is the most that the budget admits.')));
  });

  it('says plainly that nothing can be verified without tests, and offers to take some first', () => {
    const [first, second] = planItems({ ...facts, hasTests: false, tests: 'no tests' });
    assert.equal(first?.label, '$(play) Solve for at most $0.01, unverified');
    assert.match(first.detail ?? '', /no tests: the result cannot be verified/);
    assert.deepEqual(second?.action, { kind: 'tests' });
  });

  it('offers another provider, right below the first line, as long as there is no key for the one of the settings', () => {
    const items = planItems({ ...facts, missing: 'api.openai.com' });
    assert.deepEqual(
      items.slice(0, 3).map(({ action }) => action?.kind),
      ['run', 'provider', 'budget'],
    );
    assert.equal(items[1]?.description, 'no API key for api.openai.com yet');
    assert.ok(!planItems(facts).some(({ action }) => action?.kind === 'provider'));
  });

  it('offers no tests where they could not be run', () => {
    const items = planItems({ ...facts, hasTests: false, canPickTests: false });
    assert.ok(!items.some(({ action }) => action?.kind === 'tests'));
  });

  it("offers the project's own tests, and once these decide, the way back and which have to pass", () => {
    const kinds = (project: PlanFacts['project'], hasTests = true): (string | undefined)[] =>
      planItems({ ...facts, hasTests, ...(project === undefined ? {} : { project }) }).map(
        ({ action }) => action?.kind,
      );
    assert.deepEqual(kinds({ used: false, failing: 0 }).slice(0, 5), ['run', 'budget', 'tests', 'project', 'cancel']);
    assert.deepEqual(kinds({ used: false, failing: 0 }, false).slice(0, 3), ['run', 'project', 'tests']);
    const used = planItems({ ...facts, canPickTests: false, project: { used: true, failing: 2 } });
    assert.deepEqual(
      used.slice(0, 5).map(({ action }) => action?.kind),
      ['run', 'budget', 'required', 'own', 'cancel'],
    );
    assert.ok(!kinds({ used: true, failing: 1 }).includes('required'), 'one failing test has to pass in any case');
    assert.ok(!kinds(undefined).some((kind) => kind === 'project' || kind === 'own'));
  });

  it('breaks a sentence of three lines evenly, so that none is cut off', () => {
    const words = 'word '.repeat(38).trim();
    const [first, second] = planItems({ ...facts, notes: ['Short.', words] }).slice(6);
    const lines = [first?.label.replace('$(info) ', ''), first?.detail, second?.label.replace('$(blank) ', '')];
    assert.equal(lines.join(' '), words);
    const lengths = lines.map((line = '') => line.length);
    assert.ok(Math.max(...lengths) - Math.min(...lengths) <= 'word '.length, lengths.join(', '));
  });

  it('leaves room in the first line of the reasons for the title, which stands at its end', () => {
    const sentence = 'word '.repeat(20).trim();
    const [title, first] = planItems({ ...facts, notes: [sentence] }).slice(4);
    const line = first?.label.replace('$(info) ', '') ?? '';
    assert.equal(`${line} ${first?.detail}`, sentence);
    // In a window of 800 pixels, longer ones were seen to be cut off on the screen.
    assert.ok(line.length + (title?.label.length ?? 0) <= 66, line);
  });

  it('begins with the reason where there is no plan', () => {
    const items = planItems({ ...facts, plan: { ...infeasible, explanation: ['Not even one call fits.'] } });
    const why = items.findIndex(({ label }) => label === 'Why not');
    assert.equal(items[why + 1]?.label, '$(info) Not even one call fits.');
  });

  it('offers the smallest budget that would do', () => {
    const [first] = planItems({ ...facts, plan: infeasible });
    assert.equal(first?.label, '$(arrow-up) Raise to $0.02 for this task');
    assert.deepEqual(first.action, { kind: 'raise', to: usd('0.02') });
    assert.equal(planTitle({ plan: infeasible }), 'Solvent: $0.01 is too small');
  });

  it('does not blame the budget where no model can take the task', () => {
    const unfit = { ...plan, feasible: false, pool: [] };
    assert.equal(planTitle({ plan: unfit }), 'Solvent: no model can take this task');
    assert.ok(!planItems({ ...facts, plan: unfit }).some(({ action }) => action?.kind === 'budget'));
  });

  it('leads to the setting where a cap forbids that', () => {
    const ceiling = ceilingOf(usd('0.01'), undefined);
    const [first] = planItems({ ...facts, plan: infeasible, ceiling });
    assert.deepEqual(first?.action, {
      kind: 'settings',
      limit: { setting: 'solvent.budget.perTask', owner: 'workspace' },
    });
    assert.equal(first.detail, 'This workspace allows $0.01 for a task.');
  });

  it('breaks long reasons between words', () => {
    const sentence = 'word '.repeat(30).trim();
    const lines = planItems({ ...facts, notes: [sentence] })
      .filter(({ label }) => label.includes('word'))
      .flatMap(({ label, detail }) => [label.replace(/^\$\([a-z]+\) /, ''), ...(detail === undefined ? [] : [detail])]);
    assert.equal(lines.join(' '), sentence);
    // Wider ones were seen to be cut off on the screen.
    for (const line of lines) assert.ok(line.length <= 66, line);
  });
});

describe('the most that a task may be given', () => {
  it('is the tightest of workspace, day and month', () => {
    assert.equal(ceilingOf(undefined, undefined), undefined);
    const tight = ceilingOf(usd('0.5'), { cap: 'user day', left: usd('0.2') });
    assert.equal(tight?.amount, usd('0.2'));
    assert.equal(tight.why, 'Your cap for today leaves $0.20.');
    assert.equal(ceilingOf(usd('0.1'), { cap: 'user day', left: usd('0.2') })?.amount, usd('0.1'));
    assert.equal(within(usd('1'), tight), usd('0.2'));
    assert.equal(within(usd('0.1'), tight), usd('0.1'));
  });

  it('counts what the task has spent itself as still its own', () => {
    const ceiling = ceilingOf(undefined, { cap: 'user day', left: usd('0.2') }, usd('0.05'));
    assert.equal(ceiling?.amount, usd('0.25'));
    assert.equal(ceiling.why, 'Your cap for today leaves $0.20.');
    assert.equal(ceilingOf(usd('0.1'), undefined, usd('0.05'))?.amount, usd('0.1'));
  });

  it('is nothing where a cap is overdrawn', () => {
    const overdrawn = { cap: 'workspace month', left: (usd('0.1') - usd('0.3')) as ReturnType<typeof usd> } as const;
    assert.equal(ceilingOf(undefined, overdrawn)?.amount, 0n);
  });
});
