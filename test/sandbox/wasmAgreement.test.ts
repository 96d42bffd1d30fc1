import assert from 'node:assert/strict';
import { isAgreed } from '../../src/core/agreement/agreement';
import type { Known } from '../../src/core/agreement/done';
import type { WasmSandbox } from '../../src/core/sandbox/wasm';
import { Answers, giving, inputs } from './answers';
import { findsForgers } from './forgers';
import { openWasm } from './wasmBench';

describe('Two answers in Python on WebAssembly', function () {
  this.timeout(300_000);
  let wasm: WasmSandbox;
  const answers = new Answers(() => Promise.resolve(wasm));
  before(async () => {
    wasm = await openWasm({ pool: { kept: 2 } });
  });
  after(() => {
    wasm.dispose();
  });

  it('are compared as elsewhere: by value, in a trifle and by the kind of error', async () => {
    const known: Known = new Map();
    const results = ['[x, {2: "ä"}]', '{"b", "a", "c"}', '1', 'missing', '[x]', 'lambda: x'];
    const others = ['[x, {2: chr(228)}]', 'set("abc")', '1.0', '{}[1]', '(x,)', 'lambda: x'];
    const task = inputs(results.length);
    const agreement = await answers.agreement(task, giving(results), giving(others), known);
    assert.deepEqual(
      [agreement.same, agreement.differing, agreement.untold],
      [2, ['f({3})', 'f({4})'], 2],
      JSON.stringify(agreement),
    );
  });

  it('are told apart where one does not come to an end, or ends its process', async () => {
    const known: Known = new Map();
    const honest = giving(['x', 'x']);
    for (const body of ['while True: pass', 'os._exit(0)', 'all = []\n    while True: all.append([0] * 10 ** 6)']) {
      const agreement = await answers.agreement(inputs(1), honest, `import os\ndef f(which):\n    ${body}\n`, known);
      assert.deepEqual([agreement.differing, isAgreed(agreement)], [['f({0})'], false], body);
    }
  });

  describe('cannot be taken for the same', () => {
    findsForgers(answers);
  });
});
