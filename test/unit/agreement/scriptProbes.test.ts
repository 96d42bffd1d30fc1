import assert from 'node:assert/strict';
import { type Probe, probesOf, probingOf } from '../../../src/core/agreement/probes';
import type { Language, Task } from '../../../src/core/task/task';

const task = (tests: readonly string[], language: Language = 'javascript'): Task => ({
  ...{ id: 't', language, entryPoint: 'f', setup: '', prompt: 'Write f.' },
  tests,
});

async function callsOf(test: string, language: Language = 'javascript'): Promise<string[]> {
  return (await probesOf(task([test], language))).map(({ call }) => call);
}

/** The value of each argument list; what throws is told as such. */
function valuesOf(probes: readonly Probe[]): readonly unknown[] {
  const given = (...values: unknown[]): unknown => values;
  return probes.map(({ args }) => {
    // The arguments are literals of this test, varied by rules of ours.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const probe = new Function('f', `return f(${args})`) as (f: typeof given) => unknown;
    return probe(given);
  });
}

describe('the probes of a task in JavaScript', () => {
  it('are the calls of its tests first, then the same with one argument varied, each once', async () => {
    const probes = await probesOf(
      task([
        'assert.deepEqual(f([3, 1, 2], 2), [3, 2])',
        "test('sorts', async () => { assert.ok(await f(['b'], 1)); })",
      ]),
    );
    const calls = probes.map(({ call }) => call);
    assert.deepEqual(calls.slice(0, 2), ['f([3, 1, 2], 2)', "f(['b'], 1)"]);
    assert.ok(calls.includes('f([], 2)') && calls.includes('f([3, 1, 2], (2) - 1)'));
    assert.equal(new Set(calls).size, calls.length);
    assert.ok(calls.length <= 40);
  });

  it('mix arguments of a kind, and know which are at the edge of what a task may speak of', async () => {
    const probes = await probesOf(task(["assert.equal(f('ab', 'cd'), 'abcd')"]));
    const calls = probes.map(({ call }) => call);
    for (const call of ["f('cd', 'ab')", "f('ab', 'ab')", "f('ab', [...'ab'].reverse().join(''))"])
      assert.ok(calls.includes(call), call);
    const edges = probes.filter(({ atEdge }) => atEdge).map(({ call }) => call);
    assert.ok(edges.includes("f('', 'cd')") && !edges.includes("f('ab', 'cd')"));
  });

  it('are ordinary where a test asks them, however near to an edge', async () => {
    const probes = await probesOf(task(['assert.equal(f(0), 0)', 'assert.equal(f(7), 49)']));
    assert.equal(probes.find(({ call }) => call === 'f(0)')?.atEdge, false);
    assert.equal(probes.find(({ call }) => call === 'f(1)')?.atEdge, true);
  });

  it('leave room for inputs that no test asks, however many these ask', async () => {
    const calls = (await probesOf(task(Array.from({ length: 90 }, (_, index) => `f(${index * 1000 + 7})`)))).map(
      ({ call }) => call,
    );
    const isAsked = (call: string): boolean => /^f\(\d*7\)$/.test(call);
    assert.deepEqual([calls.filter(isAsked).length, calls.filter((call) => !isAsked(call)).length], [20, 20]);
  });

  it('are of the kind of what they were varied from', async () => {
    const kinds = new Map<string, (value: unknown) => boolean>([
      ['-3', (value) => typeof value === 'number'],
      ['12n', (value) => typeof value === 'bigint'],
      ["'Ab c'", (value) => typeof value === 'string'],
      ['`Ab`', (value) => typeof value === 'string'],
      ['true', (value) => typeof value === 'boolean'],
      ['[[1, 2], ["a"], { b: [true] }]', (value) => Array.isArray(value)],
      ['[1, , 3]', (value) => Array.isArray(value)],
      ['{ a: 1, "b c": [2], 3: "d" }', (value) => Object.getPrototypeOf(value) === Object.prototype],
      ['new Map([[1, "a"]])', (value) => value instanceof Map],
      ['new Set([1, 2])', (value) => value instanceof Set],
      ['Uint8Array', (value) => value instanceof Uint8Array],
      ['new Uint8Array([1, 2])', (value) => value instanceof Uint8Array],
      ['new Date(2020, 1, 3)', (value) => value instanceof Date],
    ]);
    for (const [source, isOfKind] of kinds) {
      const probes = await probesOf(task([`assert.ok(f(${source}))`]));
      if (source === 'Uint8Array') assert.deepEqual(probes, []);
      else assert.ok(probes.length > 1, source);
      for (const value of valuesOf(probes)) assert.ok(isOfKind((value as unknown[])[0]), source);
    }
  });

  it('vary what an array, an object and a collection hold', async () => {
    assert.ok((await callsOf('f([1, [2]])')).includes('f([1, [2].slice(1)])'));
    assert.ok((await callsOf('f({ a: 1, b: "c" })')).includes('f({ a: (1) + 1, b: "c" })'));
    const ofMap = await callsOf('f(new Map([["a", 1]]))');
    assert.ok(ofMap.includes('f(new Map())') && ofMap.includes('f(new Map([["a", 1]].slice(1)))'), ofMap.join('; '));
    assert.ok((await callsOf('f(new Float64Array([0.5]))')).includes('f(new Float64Array([(0.5) + 1]))'));
    assert.ok((await callsOf("f('Ab')")).includes("f('Ab'.toUpperCase())"));
    assert.deepEqual(await callsOf('f(/a/g, null, undefined, NaN)'), ['f(/a/g, null, undefined, NaN)']);
  });

  it('take what a name was given in the same test for the name', async () => {
    const test = "test('adds', () => { const x = [1, 2]; let y = 3; assert.equal(f(x, y), 6); });";
    const calls = await callsOf(test);
    assert.equal(calls[0], 'f([1, 2], 3)');
    assert.ok(calls.includes('f([1, 2].reverse(), 3)'));
    assert.deepEqual(await callsOf('{ const x = 1; f(x); } { const x = 2; f(x); }'), [], 'which of two cannot be told');
    assert.deepEqual(await callsOf('let x; x = 1; f(x);'), [], 'it is declared without a value');
    assert.deepEqual(await callsOf('const x = y; const y = x; f(x);'), [], 'names that stand for each other');
  });

  it('are those of every round where a test goes through a table', async () => {
    const loops = [
      'for (const [x, want] of [[1, 2], [5, 6]]) assert.equal(f(x), want);',
      'for (const x of [1, 5]) assert.ok(f(x));',
      'const table = [[1, 2], [5, 6]]; for (const [x] of table) f(x);',
      '[[2, 1], [6, 5]].forEach(([want, x]) => assert.equal(f(x), want));',
      'const xs = [1, 5]; xs.forEach(function (x, i) { f(x); });',
      'for (const { want, input: x } of [{ input: 1, want: 2 }, { want: 6, input: 5 }]) f(x);',
      "test('table', () => { for (const { x } of [{ x: 1 }, { x: 5 }]) f(x); });",
    ];
    for (const loop of loops) assert.deepEqual((await callsOf(loop)).slice(0, 2), ['f(1)', 'f(5)'], loop);
    const two = await callsOf('const n = 7; for (const [a, b] of [[1, "a"], [2, "b"]]) f(a, n, b);');
    assert.deepEqual(two.slice(0, 2), ['f(1, 7, "a")', 'f(2, 7, "b")']);
    assert.deepEqual(await callsOf('for (const x of xs) f(x);'), []);
    assert.deepEqual(await callsOf('for (const [, ...x] of [[1, 2]]) f(x);'), []);
    assert.deepEqual(await callsOf('[1, 5].forEach((_, x) => f(x));'), []);
    assert.deepEqual(await callsOf('[1, 5].reduce((x) => f(x));'), []);
    const many = `for (const x of [${Array.from({ length: 200 }, (_, i) => i).join(', ')}]) f(x);`;
    assert.equal((await callsOf(many)).length, 40);
  });

  it('are none of other calls, and of none with anything but plain data', async () => {
    for (const test of [
      ...['g(1)', 'x.f(1)', 'new f(1)', 'f', 'f()', 'f(g(1))', 'f(x)', 'f(() => 1)', 'f(...[1])', 'f([x])', 'f({ x })'],
      ...[
        'f({ [x]: 1 })',
        'f({ ...x })',
        'f({ get a() { return 1 } })',
        'f({ __proto__: 1 })',
        'f(`a${x}`)',
        'f(this)',
      ],
      ...[
        'f(new Date())',
        'f(new Foo(1))',
        'f(x = 1)',
        'f(1 + x)',
        'f(delete 1)',
        'f(process.env)',
        'f(await 1)',
        'f(1',
      ],
    ]) {
      assert.deepEqual(await callsOf(test), [], test);
    }
  });

  it('are few, and soon there, for text that was made to take long', async function () {
    this.timeout(120_000);
    const many = Array.from({ length: 5_000 }, (_, index) => index);
    for (const test of [
      `f(${'['.repeat(20_000)}${']'.repeat(20_000)})`,
      `f(${many.join(', ')})`,
      many.map((index) => `f(${index});`).join('\n'),
      `const x = [${many.join(', ')}];\n${'f(x, x, x);\n'.repeat(2_000)}`,
      `for (const x of [${many.join(', ')}]) {\n${'f(x);\n'.repeat(2_000)}}`,
    ]) {
      for (const language of ['python', 'javascript'] as const) {
        assert.ok((await callsOf(test, language)).length <= 40);
      }
    }
  });
});

describe('the probes of a task in TypeScript', () => {
  it('are read through types', async () => {
    const test =
      'const x: readonly number[] = [3, 1];\nassert.deepEqual(f<number>(x, (2 as number), { a: 1 } satisfies A), [3]);';
    const calls = await callsOf(test, 'typescript');
    assert.equal(calls[0], 'f([3, 1], 2, { a: 1 })');
    assert.ok(calls.includes('f([3, 1].reverse(), 2, { a: 1 })'));
  });
});

describe('a task without probes', () => {
  it('says why', async () => {
    for (const language of ['python', 'javascript', 'typescript'] as const) {
      const asked = task(['assert f(g(1))', 'f(g(1))'], language);
      assert.deepEqual(await probingOf(asked), { probes: [], none: 'no plain call' });
      assert.deepEqual(await probingOf({ ...asked, tests: [] }), { probes: [], none: 'no tests' });
      assert.deepEqual(await probingOf({ ...asked, entryPoint: undefined }), { probes: [], none: 'no entry point' });
      assert.equal((await probingOf(task(['f(1)'], language))).none, undefined);
    }
  });
});
