import assert from 'node:assert/strict';
import type { Sandbox } from '../../../src/core/sandbox/sandbox';
import type { Verdict } from '../../../src/core/sandbox/verdict';
import { type Case, passes } from '../bench';
import { concurrently } from '../datasets';
import { type HostileProgram, testsOf } from './hostileProgram';
import { makePlace, type Watched } from './places';
import { inOneRun, isSharable, verdictOn } from './sharedRun';

/** Hostile programs under a heading, as the end of "holds hostile programs ...". */
export type Group = readonly [heading: string, programs: readonly HostileProgram[]];

/** Follows where a program has no tests of its own, to show that the run goes on. */
const LAST = { python: 'assert 1 == 1', javascript: 'assert.equal(1, 1)', typescript: 'assert.equal(1, 1)' } as const;

/** Python that passes in a sandbox that is as good as new. `more` stands at its end, and among the tests. */
export function honestPython(...more: readonly string[]): Case {
  const code = 'import colorsys, math, sys\ndef f(x): return math.floor(x) + len(sys.argv) - 1';
  return { code: [code, ...more].join('\n'), tests: ['assert f(1.5) == 1', 'assert sum([1, 2]) == 3', ...more] };
}

/** A sandbox to be attacked. */
export interface Attacked {
  readonly open: () => Promise<Sandbox>;
  readonly groups: readonly Group[];
  /** Runs at the same time. */
  readonly width?: number;
  /** Programs in one run, of those that may share theirs (see `isSharable`). */
  readonly shared?: number;
  /** What passes in a sandbox that is as good as new. */
  readonly honest: readonly Case[];
}

/** Claims, within a `describe`, that a sandbox holds each of the programs, and is none the worse for it. */
export function holdsHostilePrograms({ open, groups, width = 2, shared = 1, honest }: Attacked): void {
  let inside: Watched;
  let sandbox: Sandbox;
  before(async () => {
    inside = await makePlace();
    sandbox = await open();
  });
  after(async () => {
    sandbox.dispose?.();
    await inside.remove();
  });

  for (const [group, programs] of groups) {
    describe(group, () => {
      let verdicts: readonly Promise<Verdict>[] = [];
      before(() => {
        verdicts = started(programs);
      });
      programs.forEach(({ name, mustNot, check }, index) => {
        it(`${name}; it does not ${mustNot}`, async () => {
          const verdict = await verdicts[index];
          assert.ok(verdict !== undefined);
          check(verdict);
        });
      });
    });
  }

  /** Starts to run programs, a few at a time. */
  function started(programs: readonly HostileProgram[]): readonly Promise<Verdict>[] {
    const settle: ((verdict: Promise<Verdict>) => void)[] = [];
    const verdicts = programs.map(() => new Promise<Verdict>((resolve) => settle.push(resolve)));
    void concurrently(sharing(programs), width, async (indexes) => {
      const together = runTogether(indexes.map((index) => programs[index]).filter((one) => one !== undefined));
      indexes.forEach((index, at) => settle[index]?.(together.then((found) => nth(found, at))));
      await together.catch(() => undefined);
    });
    return verdicts;
  }

  /** Which programs have a run in common, by their indexes. */
  function sharing(programs: readonly HostileProgram[]): readonly (readonly number[])[] {
    const runs: number[][] = [];
    let open: number[] | undefined;
    programs.forEach((program, index) => {
      if (shared === 1 || !isSharable(program)) runs.push([index]);
      else if (open === undefined || open.length === shared) runs.push((open = [index]));
      else open.push(index);
    });
    return runs;
  }

  async function runTogether(programs: readonly HostileProgram[]): Promise<readonly Verdict[]> {
    const [first] = programs;
    if (first === undefined || programs.length === 1) return Promise.all(programs.map(run));
    const { language } = first;
    const { code, tests } = inOneRun(programs, inside.place, LAST[language]);
    const task = { id: 'several', language, prompt: '', entryPoint: undefined, tests, setup: '' };
    const verdict = await sandbox.run({ task, code });
    const verdicts = programs.map((_, index) => verdictOn(verdict, index)).filter((one) => one !== undefined);
    return verdicts.length === programs.length ? verdicts : Promise.all(programs.map(run));
  }

  async function run(program: HostileProgram): Promise<Verdict> {
    const { setup = '', prompt = '', limits = {}, language } = program;
    const tests = program.tests ?? [...testsOf(program), LAST[language]];
    const task = { id: program.name, language, prompt, entryPoint: undefined, tests, setup };
    return sandbox.run({ task, code: program.code(inside.place), limits });
  }

  describe('so that', () => {
    it('nothing outside has changed, nobody has come by, and the next run is as good as the first', async () => {
      assert.deepEqual([inside.changes(), inside.visits()], [[], 0]);
      for (const test of honest) await passes(test, Promise.resolve(sandbox));
    });
  });
}

function nth(verdicts: readonly Verdict[], index: number): Verdict {
  const verdict = verdicts[index];
  assert.ok(verdict !== undefined);
  return verdict;
}
