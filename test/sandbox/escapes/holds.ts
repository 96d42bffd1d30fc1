import assert from 'node:assert/strict';
import type { Sandbox } from '../../../src/core/sandbox/sandbox';
import type { Verdict } from '../../../src/core/sandbox/verdict';
import { passes } from '../bench';
import { concurrently } from '../datasets';
import { ATTACK, type HostileProgram } from './hostileProgram';
import { makePlace, type Watched } from './places';

/** Hostile programs under a heading, as the end of "holds hostile programs ...". */
export type Group = readonly [heading: string, programs: readonly HostileProgram[]];

/** Follows where a program has no tests of its own, to show that the run goes on. */
const LAST = 'assert 1 == 1';

/** A sandbox to be attacked. */
export interface Attacked {
  readonly open: () => Promise<Sandbox>;
  readonly groups: readonly Group[];
  /** Python that passes in a sandbox that is as good as new, beside what every one has. */
  readonly asNew: readonly string[];
}

/** Claims, within a `describe`, that a sandbox holds each of the programs, and is none the worse for it. */
export function holdsHostilePrograms({ open, groups, asNew }: Attacked): void {
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

  /** Starts to run programs, two at a time. */
  function started(programs: readonly HostileProgram[]): readonly Promise<Verdict>[] {
    const settle: ((verdict: Promise<Verdict>) => void)[] = [];
    const verdicts = programs.map(() => new Promise<Verdict>((resolve) => settle.push(resolve)));
    void concurrently(
      programs.map((program, index) => ({ program, index })),
      2,
      async ({ program, index }) => {
        const verdict = run(program);
        settle[index]?.(verdict);
        await verdict.catch(() => undefined);
      },
    );
    return verdicts;
  }

  async function run(program: HostileProgram): Promise<Verdict> {
    const { tests = ATTACK, setup = '', prompt = '', limits = {}, language } = program;
    const given = program.tests === undefined ? [...tests, LAST] : tests;
    const task = { id: program.name, language, prompt, entryPoint: undefined, tests: given, setup };
    return sandbox.run({ task, code: program.code(inside.place), limits });
  }

  describe('so that', () => {
    it('nothing outside has changed, nobody has come by, and the next run is as good as the first', async () => {
      assert.deepEqual([inside.changes(), inside.visits()], [[], 0]);
      const code = 'import colorsys, math, sys\ndef f(x): return math.floor(x) + len(sys.argv) - 1';
      const tests = ['assert f(1.5) == 1', 'assert sum([1, 2]) == 3', ...asNew];
      await passes({ code: [code, ...asNew].join('\n'), tests }, Promise.resolve(sandbox));
    });
  });
}
