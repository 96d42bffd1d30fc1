import assert from 'node:assert/strict';
import type { Verdict } from '../../src/core/sandbox/verdict';
import type { WasmSandbox } from '../../src/core/sandbox/wasm';
import { passes } from './bench';
import { concurrently } from './datasets';
import { ATTACK, type HostileProgram } from './escapes/hostileProgram';
import { inPyodide, inPython } from './escapes/outside';
import { makePlace, type Watched } from './escapes/places';
import { PYTHON_EXHAUST } from './escapes/pythonExhaust';
import { PYTHON_FORGE } from './escapes/pythonForge';
import { PYTHON_REACH } from './escapes/pythonReach';
import { WASM_BRIDGE, WASM_SYSTEM } from './escapes/wasmBridge';
import { openWasm } from './wasmBench';

const GROUPS: readonly (readonly [string, readonly HostileProgram[]])[] = [
  ['that reach out of it', PYTHON_REACH],
  ['that want JavaScript', WASM_BRIDGE],
  ['that probe the little system inside', WASM_SYSTEM],
  ['that forge', PYTHON_FORGE],
  ['that exhaust', PYTHON_EXHAUST],
];
const ALL = GROUPS.flatMap(([, programs]) => programs);
/** Follows where a program has no tests of its own, to show that the run goes on. */
const LAST = 'assert 1 == 1';

describe('Hostile programs', function () {
  this.timeout(300_000);
  let outside: Watched;
  before(async () => {
    outside = await makePlace();
  });
  after(() => outside.remove());

  it('are many, each with a name of its own', () => {
    assert.equal(new Set(ALL.map(({ name }) => name)).size, ALL.length);
    assert.ok(ALL.length >= 60, `${ALL.length} programs`);
  });

  it('do harm in a plain Python, where that can be shown', async () => {
    const shown = ALL.filter((one) => 'shownIn' in one.outside && one.outside.shownIn === 'python3');
    const failed = await concurrently(shown, 2, async (program) => {
      const { passed, said } = await inPython(program, outside.place);
      return passed ? [] : [`${program.name}: ${said}`];
    });
    assert.deepEqual(failed.flat(), []);
    assert.ok(outside.visits() > 0);
    assert.ok(outside.changes().length > 0);
  });

  it('do harm in a plain Pyodide, where that can be shown', async () => {
    const shown = ALL.filter((one) => 'shownIn' in one.outside && one.outside.shownIn === 'pyodide');
    const { passed, said } = await inPyodide(shown, outside.place);
    assert.deepEqual(passed, shown.map(({ name }) => name), said); // prettier-ignore
  });
});

describe('Python on WebAssembly holds hostile programs', function () {
  this.timeout(300_000);
  let inside: Watched;
  let sandbox: WasmSandbox;
  before(async () => {
    inside = await makePlace();
    sandbox = await openWasm({ pool: { kept: 2 } });
  });
  after(async () => {
    sandbox.dispose();
    await inside.remove();
  });

  for (const [group, programs] of GROUPS) {
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
      const library = `assert open('/lib/python314.zip', 'rb').read(2) == b'PK'`;
      const tests = ['assert f(1.5) == 1', 'assert sum([1, 2]) == 3', library];
      await passes({ code: `${code}\n${library}`, tests }, Promise.resolve(sandbox));
    });
  });
});
