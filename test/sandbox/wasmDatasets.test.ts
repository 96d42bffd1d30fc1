import assert from 'node:assert/strict';
import type { WasmSandbox } from '../../src/core/sandbox/wasm';
import { absent, concurrently, humanEval, type Known, mbpp, THOROUGH } from './datasets';
import { openWasm } from './wasmBench';

/** Visible tests of HumanEval that the reference itself fails: one calls a misspelt function, the others are wrong. */
const WRONG_TESTS: Readonly<Record<string, number>> = { 'HumanEval/92': 1, 'HumanEval/116': 3, 'HumanEval/148': 1 };

/**
 * Every verdict costs half a second of loading on two processors, so that references share them where they can, and of those
 * that cannot a share is looked at.
 */
const every = (known: readonly Known[], step: number): Known[] =>
  known.filter((_, index) => THOROUGH || index % step === 0);
/** References that share a verdict, at most. */
const PACK = 48;
/** Enough for all tests of a pack on a busy machine. */
const PATIENT = { testSeconds: 60, runSeconds: 300, cpuSeconds: 120 };

const MBPP = ['prompt', 'validation', 'train', 'test-even'].map((part) => `mbpp/${part}.jsonl`);

describe('Known outcomes on WebAssembly', function () {
  this.timeout(THOROUGH ? 1_800_000 : 300_000);
  let sandbox: WasmSandbox;
  let alone = 0;
  before(async () => {
    sandbox = await openWasm();
  });
  after(() => {
    sandbox.dispose();
  });

  async function faultsOf({ task, code }: Known): Promise<string[]> {
    const { tests, total, killed } = await sandbox.run({ task, code });
    assert.deepEqual([total, killed], [task.tests.length, undefined], task.id);
    const failed = tests.filter(({ ok }) => !ok);
    if (failed.length === (WRONG_TESTS[task.id] ?? 0) && tests[0]?.ok === true) return [];
    return failed.map(({ name, message }) => `${task.id}: ${name}: ${message ?? ''}`);
  }

  /** Tries several in one interpreter, and those by themselves that fail there, as they may for what another defines. */
  async function faultsOfPack(pack: readonly Known[]): Promise<string[]> {
    const joined = {
      ...{ id: 'pack', language: 'python' as const, prompt: '', entryPoint: undefined },
      setup: pack.map(({ task }) => task.setup).join('\n'),
      tests: pack.flatMap(({ task }) => task.tests),
    };
    const code = pack.map((one) => one.code).join('\n\n');
    const { tests, total } = await sandbox.run({ task: joined, code, limits: PATIENT });
    assert.equal(total, joined.tests.length);
    const outcomes = [...tests];
    const failed = pack.filter(({ task }) => outcomes.splice(0, task.tests.length).some(({ ok }) => !ok));
    alone += failed.length;
    return (await concurrently(failed, 1, faultsOf)).flat();
  }

  function need(context: Mocha.Context, files: readonly string[]): void {
    const reason = files.map((file) => absent(file)).find((one) => one !== undefined);
    if (reason === undefined) return;
    console.log(`      skipped: ${reason}`);
    context.skip();
  }

  it('gives references of HumanEval full marks, but for the visible tests that are wrong', async function () {
    need(this, ['humaneval/recordings-even.jsonl']);
    const known = every(humanEval(), 2);
    assert.ok(known.length >= (THOROUGH ? 82 : 41), `${known.length} references`);
    assert.deepEqual((await concurrently(known, 2, faultsOf)).flat(), []);
  });

  it('gives all 724 references of MBPP that are at hand full marks', async function () {
    need(this, MBPP);
    const known = MBPP.flatMap((file) => mbpp(file));
    assert.equal(known.length, 724);
    if (THOROUGH) assert.deepEqual((await concurrently(known, 2, faultsOf)).flat(), []);
    else assert.deepEqual((await concurrently(packs(known), 2, faultsOfPack)).flat(), []);
    console.log(`      ${THOROUGH ? 724 : alone} of them in an interpreter of their own`);
  });
});

/** References in as few packs as can be, in each of which none defines what another does. */
function packs(known: readonly Known[]): Known[][] {
  const found: { readonly pack: Known[]; readonly names: Set<string> }[] = [];
  for (const one of known) {
    const names = [...one.code.matchAll(/^(?:def|class) +(\w+)|^(\w+) *=/gm)].map(([, made, set]) => made ?? set ?? '');
    let place = found.find((other) => other.pack.length < PACK && !names.some((name) => other.names.has(name)));
    if (place === undefined) found.push((place = { pack: [], names: new Set() }));
    place.pack.push(one);
    for (const name of names) place.names.add(name);
  }
  return found.map(({ pack }) => pack);
}
