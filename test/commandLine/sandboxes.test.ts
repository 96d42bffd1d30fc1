import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { openWantedSandbox } from '../../src/cli/sandboxes';
import type { World } from '../../src/cli/world';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import { SAMPLES } from '../../src/demo/samples';

/** The memory of a loaded interpreter is kept in it. */
const HOME = mkdtempSync(path.join(tmpdir(), 'solvent-home-'));

const world = (pyodide: string): World => ({
  stdin: new PassThrough(),
  stdout: { write: () => true },
  stderr: { write: () => true },
  env: {},
  platform: process.platform,
  home: HOME,
  harness: path.resolve('src/core/sandbox/harness'),
  pyodide,
  version: '0',
  interrupt: new AbortController().signal,
});

describe('a machine without a sandbox of its own', function () {
  this.timeout(120_000);
  const searched = process.env['PATH'];
  before(() => {
    process.env['PATH'] = '/nowhere';
  });
  after(() => {
    process.env['PATH'] = searched;
    rmSync(HOME, { recursive: true, force: true });
  });

  const here = world(path.resolve('node_modules/pyodide'));

  it('gets Python on WebAssembly, is told why, and has real verdicts from it', async () => {
    const sandbox = await openWantedSandbox({ sandbox: 'auto' }, here, 'python');
    try {
      assert.equal(sandbox.kind, 'wasm');
      assert.match(sandbox.description, /Pyodide.*because.*(bubblewrap|Linux)/);
      const { task, script } = SAMPLES[2]!;
      const verdict = await sandbox.run({ task, code: script.drafts['unguarded']!.code });
      assert.deepEqual([verdict.passed, verdict.total, verdict.sandbox], [3, 4, 'wasm']);
    } finally {
      sandbox.dispose?.();
    }
  });

  it('is refused where WebAssembly is missing as well, with both reasons', async () => {
    await assert.rejects(openWantedSandbox({ sandbox: 'auto' }, world('/nowhere'), 'python'), (error) => {
      return (
        error instanceof SandboxError && /bubblewrap|Linux/.test(error.message) && error.message.includes('Pyodide')
      );
    });
  });

  it('is refused where the sandbox of the system was asked for by name, and for scripts, which have no other', async () => {
    await assert.rejects(openWantedSandbox({ sandbox: 'os' }, here), SandboxError);
    await assert.rejects(openWantedSandbox({ sandbox: 'auto' }, here, 'javascript'), SandboxError);
  });
});
