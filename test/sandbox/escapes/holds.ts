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

  const over = new AbortController();
  const verdicts = new Map<HostileProgram, Promise<Verdict>>();
  after(() => {
    over.abort();
  });

  groups.forEach(([group, programs], index) => {
    describe(group, () => {
      before(() => {
        if (verdicts.size === 0) start(groups.slice(index).flatMap(([, following]) => following));
      });
      for (const program of programs) {
        it(`${program.name}; it does not ${program.mustNot}`, async () => {
          const verdict = await verdicts.get(program);
          assert.ok(verdict !== undefined);
          program.check(verdict);
        });
      }
    });
  });

  /** Starts to run programs, a few at a time and in their order: while the last of a group ends, the next group has begun. */
  function start(programs: readonly HostileProgram[]): void {
    const settle = new Map<HostileProgram, (verdict: Promise<Verdict>) => void>();
    for (const program of programs) {
      const verdict = new Promise<Verdict>((resolve) => settle.set(program, resolve));
      // A run that failed is told where its program's turn comes.
      verdict.catch(() => undefined);
      verdicts.set(program, verdict);
    }
    void concurrently(sharing(programs), width, async (some) => {
      const together = runTogether(some);
      some.forEach((program, at) => settle.get(program)?.(together.then((found) => nth(found, at))));
      await together.catch(() => undefined);
    });
  }

  /** Which programs have a run in common. */
  function sharing(programs: readonly HostileProgram[]): readonly (readonly HostileProgram[])[] {
    const runs: HostileProgram[][] = [];
    let open: HostileProgram[] | undefined;
    for (const program of programs) {
      if (shared === 1 || !isSharable(program)) runs.push([program]);
      else if (open === undefined || open.length === shared) runs.push((open = [program]));
      else open.push(program);
    }
    return runs;
  }

  async function runTogether(programs: readonly HostileProgram[]): Promise<readonly Verdict[]> {
    const [first] = programs;
    if (first === undefined || programs.length === 1) return Promise.all(programs.map(run));
    const { language } = first;
    const { code, tests } = inOneRun(programs, inside.place, LAST[language]);
    const task = { id: 'several', language, prompt: '', entryPoint: undefined, tests, setup: '' };
    const verdict = await sandbox.run({ task, code }, over.signal);
    const verdicts = programs.map((_, index) => verdictOn(verdict, index)).filter((one) => one !== undefined);
    return verdicts.length === programs.length ? verdicts : Promise.all(programs.map(run));
  }

  async function run(program: HostileProgram): Promise<Verdict> {
    const { setup = '', prompt = '', limits = {}, language } = program;
    const tests = program.tests ?? [...testsOf(program), LAST[language]];
    const task = { id: program.name, language, prompt, entryPoint: undefined, tests, setup };
    return sandbox.run({ task, code: program.code(inside.place), limits }, over.signal);
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
