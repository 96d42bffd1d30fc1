/* global require, WebAssembly */
/* eslint-disable @typescript-eslint/no-require-imports -- a script that runs as it stands, without a build */
'use strict';
/**
 * Runs one program of the harness in Python on WebAssembly: `node pyodide-runner.cjs <settings as JSON>`.
 * Nothing of Node is handed to Python but two devices: /dev/rpc and /dev/report are the inherited descriptors 3 and 4.
 * Started with --disallow-code-generation-from-strings, so that what Python reaches of JavaScript cannot make code.
 */
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { pyodide: folder, harness, program, memoryMb, describe } = JSON.parse(process.argv[2]);
const DESCRIPTORS = { rpc: 3, report: 4 };
const PAGE = 65_536;
const EIO = 29;

const exit = process.exit.bind(process);
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Reads or writes, also where the descriptor does not block. */
function transfer(FS, move) {
  for (;;) {
    try {
      return move();
    } catch (error) {
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw new FS.ErrnoError(EIO);
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

function connectDevices(FS) {
  Object.entries(DESCRIPTORS).forEach(([name, descriptor], index) => {
    const device = FS.makedev(80, index);
    FS.registerDevice(device, {
      open: () => undefined,
      close: () => undefined,
      read: (_, buffer, offset, length) =>
        transfer(FS, () => fs.readSync(descriptor, buffer, offset, Math.min(length, PAGE), null)),
      write: (_, buffer, offset, length) =>
        transfer(FS, () => fs.writeSync(descriptor, buffer, offset, Math.min(length, PAGE), null)),
    });
    FS.mkdev(`/dev/${name}`, device);
  });
}

function placeHarness(FS) {
  FS.mkdir('/harness');
  for (const name of fs.readdirSync(harness)) {
    if (name.endsWith('.py')) FS.writeFile(`/harness/${name}`, fs.readFileSync(path.join(harness, name)));
  }
}

/** From now on the interpreter may grow by `memoryMb`; what it cannot have becomes a MemoryError. */
function limitMemory(view) {
  const { grow } = WebAssembly.Memory.prototype;
  const most = view.buffer.byteLength + memoryMb * 1024 * 1024;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE > most) throw new RangeError('memory limit');
    return grow.call(this, pages);
  };
}

/** Takes away what JavaScript code could do with this process, should Python get hold of an object of it. */
function disarm(pyodide) {
  for (const name of ['js', 'pyodide_js']) pyodide.unregisterJsModule(name);
  // What is left of it takes the status that a program ends with.
  Object.defineProperty(globalThis, 'process', { value: Object.create(null), writable: false, configurable: false });
  // Its own account of a crash names paths of this machine.
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[name] = () => undefined;
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'Worker', 'BroadcastChannel', 'require']) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
  }
}

async function main() {
  // All that Pyodide asks it for; the permission model refuses the real one.
  process.binding = () => ({ fs: fs.constants });
  const { loadPyodide } = await import(pathToFileURL(path.join(folder, 'pyodide.mjs')).href);
  const pyodide = await loadPyodide({
    indexURL: folder + path.sep,
    jsglobals: Object.create(null),
    env: { HOME: '/tmp', LANG: 'C.UTF-8', PYTHONHASHSEED: '0' },
  });
  const output = (descriptor) => ({
    isatty: false,
    write: (bytes) => transfer(pyodide.FS, () => fs.writeSync(descriptor, bytes)),
  });
  pyodide.setStdin({ stdin: () => null, isatty: false });
  pyodide.setStdout(output(1));
  pyodide.setStderr(output(2));
  if (describe) {
    const python = pyodide.runPython('import sys; "%d.%d.%d" % sys.version_info[:3]');
    fs.writeSync(1, JSON.stringify({ pyodide: pyodide.version, python }));
    return;
  }
  connectDevices(pyodide.FS);
  placeHarness(pyodide.FS);
  const settings = { rpcPath: '/dev/rpc', ...(program === 'judge' ? { reportPath: '/dev/report' } : {}) };
  const start = `import sys, importlib
sys.argv = ['', ${JSON.stringify(JSON.stringify(settings))}]
sys.path.insert(0, '/harness')
for name in ('js', 'pyodide_js'):
    sys.modules[name] = None
importlib.import_module('${program}')`;
  limitMemory(pyodide._module.HEAP8);
  disarm(pyodide);
  pyodide.runPython(start);
}

main().then(
  () => exit(0),
  (error) => {
    if (describe) fs.writeSync(2, String(error?.stack ?? error));
    exit(Number.isInteger(error?.status) ? error.status : 1);
  },
);
