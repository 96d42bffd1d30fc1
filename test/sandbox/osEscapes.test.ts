import assert from 'node:assert/strict';
import { openSandbox } from '../../src/core/sandbox/open';
import { HARNESS } from './bench';
import { concurrently } from './datasets';
import { type Group, holdsHostilePrograms, honestPython } from './escapes/holds';
import { inPython } from './escapes/outside';
import { makePlace } from './escapes/places';
import { PYTHON_EXHAUST, PYTHON_SYSTEM_EXHAUST } from './escapes/pythonExhaust';
import { PYTHON_FORGE } from './escapes/pythonForge';
import { PYTHON_REACH } from './escapes/pythonReach';
import { PYTHON_SYSTEM } from './escapes/pythonSystem';

const GROUPS: readonly Group[] = [
  ['that attack the system', PYTHON_SYSTEM],
  ['that reach out of it', PYTHON_REACH],
  ['that forge', PYTHON_FORGE],
  ['that exhaust', PYTHON_EXHAUST],
  ['that exhaust the system', PYTHON_SYSTEM_EXHAUST],
];

describe('Hostile programs for the system', function () {
  this.timeout(300_000);

  it('are many, each with a name of its own', () => {
    const names = GROUPS.flatMap(([, programs]) => programs.map(({ name }) => name));
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 60, `${names.length} programs`);
  });

  it('do harm in a plain Python, where that can be shown', async () => {
    const outside = await makePlace();
    const shown = PYTHON_SYSTEM.filter((one) => 'shownIn' in one.outside);
    const failed = await concurrently(shown, 2, async (program) => {
      const { passed, said } = await inPython(program, outside.place);
      return passed ? [] : [`${program.name}: ${said}`];
    });
    assert.deepEqual(failed.flat(), []);
    assert.ok(outside.changes().length > 0);
    await outside.remove();
  });
});

describe("Python in the system's sandbox holds hostile programs", function () {
  this.timeout(300_000);
  holdsHostilePrograms({
    open: () => openSandbox({ choice: 'os', language: 'python', harness: HARNESS }),
    groups: GROUPS,
    honest: [honestPython()],
  });
});
