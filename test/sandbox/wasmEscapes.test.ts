import assert from 'node:assert/strict';
import { concurrently } from './datasets';
import { type Group, holdsHostilePrograms, honestPython } from './escapes/holds';
import { inPyodide, inPython } from './escapes/outside';
import { makePlace, type Watched } from './escapes/places';
import { PYTHON_EXHAUST } from './escapes/pythonExhaust';
import { PYTHON_FORGE } from './escapes/pythonForge';
import { PYTHON_REACH } from './escapes/pythonReach';
import { WASM_BRIDGE, WASM_SYSTEM } from './escapes/wasmBridge';
import { openWasm } from './wasmBench';

const GROUPS: readonly Group[] = [
  ['that reach out of it', PYTHON_REACH],
  ['that want JavaScript', WASM_BRIDGE],
  ['that probe the little system inside', WASM_SYSTEM],
  ['that forge', PYTHON_FORGE],
  ['that exhaust', PYTHON_EXHAUST],
];
const ALL = GROUPS.flatMap(([, programs]) => programs);

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
  holdsHostilePrograms({
    open: () => openWasm({ pool: { kept: 2 } }),
    shared: 8,
    groups: GROUPS,
    honest: [honestPython(`assert open('/lib/python314.zip', 'rb').read(2) == b'PK'`)],
  });
});
