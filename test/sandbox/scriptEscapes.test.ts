import assert from 'node:assert/strict';
import type { Language } from '../../src/core/task/task';
import { openSandbox } from '../../src/core/sandbox/open';
import { type Case, HARNESS } from './bench';
import { concurrently } from './datasets';
import { type Group, holdsHostilePrograms } from './escapes/holds';
import { inNode } from './escapes/outside';
import { makePlace, type Watched } from './escapes/places';
import { inTypeScript } from './escapes/script';
import { SCRIPT_EXHAUST } from './escapes/scriptExhaust';
import { SCRIPT_FILES } from './escapes/scriptFiles';
import { SCRIPT_ENDING, SCRIPT_PATCHING } from './escapes/scriptForge';
import { SCRIPT_LYING, SCRIPT_SPEAKING, SCRIPT_SPYING } from './escapes/scriptLies';
import { SCRIPT_NET } from './escapes/scriptNet';
import { SCRIPT_READING, TYPES_READING } from './escapes/scriptReading';
import { SCRIPT_SYSTEM } from './escapes/scriptSystem';
import { SCRIPT_WRITES } from './escapes/scriptWrites';

const GROUPS: readonly Group[] = [
  ['that read what is not theirs', SCRIPT_FILES],
  ['that write what is not theirs', SCRIPT_WRITES],
  ['that reach for the network', SCRIPT_NET],
  ['that attack the system', SCRIPT_SYSTEM],
  ['that end before their tests can fail', SCRIPT_ENDING],
  ['that change what tests stand on', SCRIPT_PATCHING],
  ['that lie about what they are', SCRIPT_LYING],
  ['that look for what is expected', SCRIPT_SPYING],
  ['that speak for their judge', SCRIPT_SPEAKING],
  ['that exhaust', SCRIPT_EXHAUST],
  ['that attack who reads them', SCRIPT_READING],
];
/** Programs at a time: many of them wait. */
const WIDTH = 3;

const LANGUAGES: readonly (readonly [Language, string, readonly Group[]])[] = [
  ['javascript', 'JavaScript', GROUPS],
  ['typescript', 'TypeScript', GROUPS.map(([heading, programs]) => [heading, programs.map(inTypeScript)] as const)],
];

/** A script that passes in a sandbox that is as good as new. */
const honest = (language: Language): Case => ({
  language,
  code: "const { basename } = require('path');\nfunction f(x) { return Math.floor(x) + process.argv.length - 1 }\nfunction g() { return basename('/a/b') }",
  tests: ['assert.equal(f(1.5), 1)', "assert.equal(g(), 'b')", 'assert.deepEqual([3, 1].sort(), [1, 3])'],
});

for (const [language, called, groups] of LANGUAGES) {
  const programs = groups.flatMap(([, ofGroup]) => ofGroup);

  describe(`Hostile programs in ${called}`, function () {
    this.timeout(120_000);

    it('are many, each with a name of its own', () => {
      const names = programs.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      assert.ok(names.length >= 60, `${names.length} programs`);
    });

    let outside: Watched;
    before(async () => {
      outside = await makePlace();
    });
    after(() => outside.remove());

    it('do harm in a plain Node.js, where that can be shown', async () => {
      const shown = programs.filter((one) => 'shownIn' in one.outside);
      const failed = await concurrently(shown, WIDTH, async (program) => {
        const { passed, said } = await inNode(program, outside.place);
        return passed ? [] : [`${program.name}: ${said}`];
      });
      assert.deepEqual(failed.flat(), []);
      assert.ok(outside.visits() > 0);
      assert.ok(outside.changes().length > 0);
    });
  });

  describe(`${called} in the system's sandbox holds hostile programs`, function () {
    this.timeout(300_000);
    holdsHostilePrograms({
      open: () => openSandbox({ choice: 'os', language, harness: HARNESS }),
      groups,
      width: WIDTH,
      honest: [honest(language)],
    });
  });
}
