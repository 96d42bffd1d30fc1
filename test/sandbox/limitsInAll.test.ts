import assert from 'node:assert/strict';
import type { Sandbox } from '../../src/core/sandbox/sandbox';
import { judge } from './bench';
import { openWasm } from './wasmBench';

const FORKS = `import os, time
def grown(mib):
    kept = bytearray(b'x') * (mib << 20)
    return len(kept)
def family(children, mib):
    for _ in range(children):
        if os.fork() == 0:
            kept = grown(mib)
            time.sleep(20)
            os._exit(0)
    for _ in range(children): os.wait()
    return True
def busy(children):
    for _ in range(children - 1):
        if os.fork() == 0: break
    while True: pass
`;

const BIG_FILE = `def write(mib):
    with open('/tmp/file', 'wb') as file:
        for _ in range(mib): file.write(bytes(1 << 20))
    return True
`;

describe('Limits on all of a run', function () {
  this.timeout(120_000);
  let wasm: Promise<Sandbox>;
  before(() => {
    wasm = openWasm();
  });
  after(async () => (await wasm).dispose?.());

  it('end it for memory that its processes take together, though none of them takes too much', async () => {
    const tests = ['assert grown(200) == 200 << 20', 'assert family(10, 60)', 'assert True'];
    const { killed, tests: outcomes } = await judge({ code: FORKS, tests, limits: { memoryMb: 256, testSeconds: 15 } });
    assert.equal(killed, 'memory');
    assert.deepEqual(outcomes.map(({ ok }) => ok), [true, false, false]); // prettier-ignore
    assert.equal(outcomes[1]?.message, 'the code ran out of memory');
  });

  it('end it for processor time that its processes take together', async () => {
    const limits = { cpuSeconds: 2, testSeconds: 50, runSeconds: 55 };
    const { killed, tests } = await judge({ code: FORKS, tests: ['assert True', 'busy(3)', 'assert True'], limits });
    assert.equal(killed, 'time');
    assert.deepEqual(
      tests.map(({ message }) => message),
      [
        undefined,
        'the run used more than 2 s of processor time',
        'not run: the run used more than 2 s of processor time',
      ],
    );
  });

  it('end it for processor time in JavaScript and TypeScript, and while code is loaded', async () => {
    const limits = { cpuSeconds: 1, testSeconds: 50, runSeconds: 55 };
    const endless = { code: 'for (;;);', tests: ['assert(true)'], limits };
    const languages = ['javascript', 'typescript'] as const;
    for (const { killed, tests } of await Promise.all(languages.map((language) => judge({ ...endless, language })))) {
      assert.equal(killed, 'time');
      assert.equal(tests[0]?.message, 'not run: loading the code used more than 1 s of processor time');
    }
  });

  it('end it for processor time on WebAssembly, where loading the interpreter does not count', async () => {
    const limits = { cpuSeconds: 1, testSeconds: 50, runSeconds: 55 };
    const { killed, tests } = await judge({ code: '', tests: ['assert True', 'while True: pass'], limits }, wasm);
    assert.equal(killed, 'time');
    assert.deepEqual(tests.map(({ ok }) => ok), [true, false]); // prettier-ignore
    assert.equal(tests[1]?.message, 'the run used more than 1 s of processor time');
  });

  it('leave a run alone that waits', async () => {
    const code = 'import time\ndef f(): return time.sleep(1.2)';
    const { passed } = await judge({ code, tests: ['assert f() is None'], limits: { cpuSeconds: 1 } });
    assert.equal(passed, 1);
  });

  it('refuse one file that is too large, and say how large it may be, in both sandboxes and in JavaScript, though there is room for several', async () => {
    const tests = ['assert write(3)', 'write(5)'];
    const limits = { fileMb: 4 };
    for (const where of [undefined, wasm]) {
      const { killed, tests: outcomes } = await judge({ code: BIG_FILE, tests, limits }, where);
      assert.equal(killed, undefined);
      assert.deepEqual(outcomes.map(({ ok }) => ok), [true, false]); // prettier-ignore
      assert.match(outcomes[1]?.message ?? '', /OSError: \[Errno \d+\] File too large.*\(a file may hold 4 MiB\)$/);
    }
    const script =
      "function write(mib) { require('node:fs').writeFileSync('/tmp/file', Buffer.alloc(mib << 20)); return 1 }";
    const { tests: outcomes } = await judge({
      ...{ language: 'javascript', code: script, limits },
      tests: ['assert(write(3))', 'write(5)'],
    });
    assert.deepEqual(outcomes.map(({ ok }) => ok), [true, false]); // prettier-ignore
    assert.match(outcomes[1]?.message ?? '', /EFBIG: file too large.*\(a file may hold 4 MiB\)$/);
  });
});
