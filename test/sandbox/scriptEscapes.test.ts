import assert from 'node:assert/strict';
import ts from 'typescript';
import { openSandbox } from '../../src/core/sandbox/open';
import { type Case, HARNESS } from './bench';
import { concurrently } from './datasets';
import { type Group, holdsHostilePrograms } from './escapes/holds';
import { inNode } from './escapes/outside';
import { makePlace, type Watched } from './escapes/places';
import { inTypeScript, TYPES } from './escapes/script';
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
/** Runs at a time: many of them wait. */
const WIDTH = 3;
const ALL = GROUPS.flatMap(([, programs]) => programs);

const IN_TYPESCRIPT: readonly Group[] = [
  ...GROUPS.map(([heading, programs]) => [heading, programs.map(inTypeScript)] as const),
  ['that attack who takes their types away', TYPES_READING],
];

const TYPED = IN_TYPESCRIPT.flatMap(([, programs]) => programs);
const SHOWN = ALL.filter((one) => 'shownIn' in one.outside);

/** Scripts that pass in a sandbox that is as good as new. */
const HONEST = (['javascript', 'typescript'] as const).map((language): Case => ({
  language,
  code: "const { basename } = require('path');\nfunction f(x) { return Math.floor(x) + process.argv.length - 1 }\nfunction g() { return basename('/a/b') }",
  tests: ['assert.equal(f(1.5), 1)', "assert.equal(g(), 'b')", 'assert.deepEqual([3, 1].sort(), [1, 3])'],
}));

describe('Hostile scripts', function () {
  this.timeout(300_000);
  let outside: Watched;
  before(async () => {
    outside = await makePlace();
  });
  after(() => outside.remove());

  it(`are ${ALL.length} in JavaScript and ${TYPED.length} in TypeScript, each with a name of its own`, () => {
    for (const programs of [ALL, TYPED]) {
      const names = programs.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      assert.ok(names.length >= 60, `${names.length} programs`);
    }
  });

  it(`do harm in a plain Node.js, which is shown of ${SHOWN.length}`, async () => {
    const failed = await concurrently(SHOWN, WIDTH, async (program) => {
      const { passed, said } = await inNode(program, outside.place);
      return passed ? [] : [`${program.name}: ${said}`];
    });
    assert.deepEqual(failed.flat(), []);
    assert.ok(outside.visits() > 0);
    assert.ok(outside.changes().length > 0);
  });

  it('are the same in TypeScript once their types are taken away', () => {
    const bare = (text: string): string => ts.transpile(text, { target: ts.ScriptTarget.ESNext, alwaysStrict: false });
    const types = bare(TYPES);
    for (const program of SHOWN) {
      const typed = inTypeScript(program).code(outside.place);
      assert.notEqual(typed, program.code(outside.place));
      assert.equal(bare(typed), types + bare(program.code(outside.place)), program.name);
    }
  });
});

describe("JavaScript in the system's sandbox holds hostile programs", function () {
  this.timeout(300_000);
  holdsHostilePrograms({
    open: () => openSandbox({ choice: 'os', language: 'javascript', harness: HARNESS }),
    groups: GROUPS,
    width: WIDTH,
    honest: HONEST,
  });
});

describe("TypeScript in the system's sandbox holds hostile programs", function () {
  this.timeout(300_000);
  holdsHostilePrograms({
    open: () => openSandbox({ choice: 'os', language: 'typescript', harness: HARNESS }),
    groups: IN_TYPESCRIPT,
    width: WIDTH,
    shared: 8,
    honest: HONEST,
  });
});
