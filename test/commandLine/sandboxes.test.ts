import assert from 'node:assert/strict';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { openAnySandbox, openOsSandbox } from '../../src/cli/sandboxes';
import type { World } from '../../src/cli/world';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import { SAMPLES } from '../../src/demo/samples';

const world = (pyodide: string): World => ({
  stdin: new PassThrough(),
  stdout: { write: () => true },
  stderr: { write: () => true },
  env: {},
  platform: process.platform,
  home: '/nowhere',
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
  });

  const here = world(path.resolve('node_modules/pyodide'));

  it('is refused by every command but the demo', async () => {
    await assert.rejects(openOsSandbox({ sandbox: 'auto' }, here), SandboxError);
  });

  it('gets a stand-in for the demo, which says that it is one and gives real verdicts', async () => {
    const sandbox = await openAnySandbox({ sandbox: 'auto' }, here);
    assert.equal(sandbox.kind, 'wasm');
    assert.match(sandbox.description, /stand-in/);
    const { task, script } = SAMPLES[2]!;
    const verdict = await sandbox.run({ task, code: script.drafts['unguarded']!.code });
    assert.deepEqual([verdict.passed, verdict.total, verdict.sandbox], [3, 4, 'wasm']);
  });

  it('is refused by the demo too where the stand-in is missing, with both reasons', async () => {
    await assert.rejects(openAnySandbox({ sandbox: 'auto' }, world('/nowhere')), (error) => {
      return (
        error instanceof SandboxError && /bubblewrap|Linux/.test(error.message) && error.message.includes('Pyodide')
      );
    });
  });

  it('is refused by the demo where the sandbox was asked for by name', async () => {
    await assert.rejects(openAnySandbox({ sandbox: 'os' }, here), SandboxError);
  });
});
