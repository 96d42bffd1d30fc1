import assert from 'node:assert/strict';
import type { Agreement } from '../../src/core/agreement/agreement';
import { compare } from '../../src/core/agreement/compare';
import { probesOf } from '../../src/core/agreement/probes';
import type { Task } from '../../src/core/task/task';
import { sandbox } from './bench';
import { openWasm } from './wasmBench';

const task = (tests: readonly string[], prompt = 'def f(x, n):\n    """Doc."""\n'): Task => ({
  ...{ id: 't', language: 'python', entryPoint: 'f', setup: '' },
  prompt,
  tests,
});
const TESTS = ['assert f([3, 1, 2], 2) == [3, 2]', "assert f(['b', 'a'], 1) == ['b']"];
const TASK = task(TESTS);

async function agreementOf(one: string, other: string, asked = TASK): Promise<Agreement> {
  const agreement = await compare(asked, one, other, await sandbox(), new AbortController().signal);
  assert.ok(agreement !== undefined);
  return agreement;
}

describe('two answers to a task', () => {
  const sorted = 'def f(x, n):\n    return sorted(x, reverse=True)[:n]\n';

  it('that do the same agree, however they are written', async () => {
    const other = 'def f(x, n):\n    y = list(x)\n    y.sort()\n    y.reverse()\n    return y[:n]\n';
    const { probes, same } = await agreementOf(sorted, other);
    assert.ok(probes > 20, String(probes));
    assert.equal(same, probes);
  });

  it('that pass the same tests and differ elsewhere are told apart, with the inputs that do it', async () => {
    const { probes, same, differing } = await agreementOf(
      sorted,
      'import heapq\ndef f(x, n):\n    return heapq.nlargest(max(n, 1), x)\n',
    );
    assert.ok(same < probes && same > 0);
    assert.ok(differing.includes("f(['b', 'a'], (1) - 1)"), differing.join('; '));
  });

  it('are not told apart by an error at the edge, but by one on an ordinary input', async () => {
    const careful = 'def f(x, n):\n    return sorted(x, reverse=True)[:n] if x else None\n';
    const bold = 'def f(x, n):\n    x[0]\n    return sorted(x, reverse=True)[:n]\n';
    const { differing, unclear, same, probes } = await agreementOf(careful, bold);
    assert.deepEqual(differing, []);
    assert.ok(unclear > 0 && same + unclear === probes);
    const crashing = 'def f(x, n):\n    if len(x) > 4: raise ValueError\n    return sorted(x, reverse=True)[:n]\n';
    assert.ok((await agreementOf(sorted, crashing)).differing.includes('f(([3, 1, 2]) * 2, 2)'));
  });

  it('agree in failing the same way, and in not coming to an end', async () => {
    const failing = 'def f(x, n):\n    raise ValueError(n)\n';
    const endless = 'def f(x, n):\n    while True: pass\n';
    assert.deepEqual((await agreementOf(failing, failing)).differing, []);
    const few = task(['assert f(1, 1) == 1']);
    assert.deepEqual((await agreementOf(endless, endless, few)).differing, []);
    assert.equal((await agreementOf(failing, endless, few)).same, 0);
  });

  it('may use what the stub brings, and one that does not load agrees with none that does', async () => {
    const stub = task(TESTS, 'import heapq\ndef f(x, n):\n    """Doc."""\n');
    const bare = 'def f(x, n):\n    return heapq.nlargest(n, x)\n';
    const { differing } = await agreementOf(bare, 'import heapq\n' + bare, stub);
    assert.deepEqual(differing, []);
    assert.equal((await agreementOf(sorted, 'def f(x, n:\n', stub)).same < 5, true);
  });

  it('cannot be compared where the tests hold no call with plain data', async () => {
    const none = task(['assert f(g(1), 2) == 3', 'assert g(1) == 2']);
    assert.deepEqual(await probesOf(none), []);
    assert.equal(await compare(none, sorted, sorted, await sandbox(), new AbortController().signal), undefined);
  });
});

describe('two answers to a task, on WebAssembly', function () {
  this.timeout(60_000);
  const signal = new AbortController().signal;

  it('are compared there too, and not at all where one does not come to an end', async () => {
    const wasm = await openWasm();
    try {
      const sorted = 'def f(x, n):\n    return sorted(x, reverse=True)[:n]\n';
      const other = 'def f(x, n):\n    return sorted(x)[::-1][:n]\n';
      const wrong = 'def f(x, n):\n    return sorted(x, reverse=True)[:max(n, 1)]\n';
      assert.deepEqual((await compare(TASK, sorted, other, wasm, signal))?.differing, []);
      assert.ok((await compare(TASK, sorted, wrong, wasm, signal))!.differing.length > 0);
      const endless = 'def f(x, n):\n    while True: pass\n';
      assert.equal(await compare(TASK, sorted, endless, wasm, signal), undefined);
    } finally {
      wasm.dispose();
    }
  });
});

describe('the probes of a task', () => {
  it('are the calls of its tests first, then the same with one argument varied, each once', async () => {
    const probes = await probesOf(TASK);
    const calls = probes.map(({ call }) => call);
    assert.deepEqual(calls.slice(0, 2), ['f([3, 1, 2], 2)', "f(['b', 'a'], 1)"]);
    assert.ok(calls.includes('f([], 2)') || calls.includes('f([], 1)'));
    assert.equal(new Set(calls).size, calls.length);
    assert.ok(calls.length <= 40);
  });

  it('mix arguments of a kind, and know which are at the edge of what a task may speak of', async () => {
    const probes = await probesOf(task(["assert f('ab', 'cd') == 'abcd'"]));
    const calls = probes.map(({ call }) => call);
    for (const call of ["f('cd', 'ab')", "f('ab', 'ab')", "f('ab', ('ab')[::-1])"])
      assert.ok(calls.includes(call), call);
    const edges = probes.filter(({ atEdge }) => atEdge).map(({ call }) => call);
    assert.ok(edges.includes("f('', 'cd')") && !edges.includes("f('ab', 'cd')"));
  });
});
