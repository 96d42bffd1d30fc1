/* global require, structuredClone, Buffer, WebAssembly */
/* eslint-disable @typescript-eslint/no-require-imports -- a script that runs as it stands, without a build */
'use strict';
/**
 * One interpreter of Python on WebAssembly: `node pyodide-runner.cjs <settings as JSON>`.
 *
 * `snapshot` loads Pyodide and the harness, writes the interpreter's memory to descriptor 4 and ends. `judge` and
 * `candidate` start from that memory, say so on descriptor 5, wait there for the limits of their run, and then serve
 * it: descriptor 3 is the channel between the two, 4 the judge's report, 6 the file of the snapshot.
 *
 * From the moment the limits are there, the interpreter can call nothing of JavaScript but what it needs as its
 * operating system: files in its own memory, clocks, random numbers, its outputs. Every other import of the WebAssembly
 * module ends the process. So whatever Python code gets hold of, a proxy of a JavaScript object is worth nothing to it.
 */
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { Worker } = require('node:worker_threads');

const { pyodide: folder, harness, program, account, watched } = JSON.parse(process.argv[2]);
const REPORT = 4;
const CONTROL = 5;
const SNAPSHOT = 6;
/** The devices of each program: their names in Python, and the descriptors behind them. */
const DEVICES = { judge: { rpc: 3, report: REPORT }, candidate: { rpc: 3 } };
/** Bytes of the SHA-256 at the end of a snapshot. */
const DIGEST = 32;
const PAGE = 65_536;
const MIB = 1024 * 1024;
/** Numbers of errors as Emscripten counts them. */
const EFBIG = 22;
const EIO = 29;
const ENOSPC = 51;
const ENOSYS = 52;
/** The status of a process that reached for what it must not have. */
const REACHED = 77;
/** The status of a process that ended itself for want of sense, and of one that did for want of memory. */
const ABORTED = 134;
const STARVED = 76;

/** What Python needs as its operating system. */
const ALLOWED = new Set(
  `fd_close fd_read fd_write fd_sync fd_fdstat_get fd_seek fd_pread fd_pwrite environ_sizes_get environ_get
  clock_res_get clock_time_get random_get emscripten_date_now emscripten_get_now emscripten_get_heap_max
  emscripten_resize_heap _emscripten_get_progname _tzset_js _timegm_js _mktime_js _localtime_js _gmtime_js
  __syscall_fcntl64 __syscall_ioctl __syscall_openat __syscall_faccessat __syscall_chdir __syscall_fchdir
  __syscall_chmod __syscall_fchmod __syscall_fchmodat2 __syscall_fchownat __syscall_fchown32 __syscall_dup
  __syscall_dup3 __syscall_fdatasync __syscall_fstat64 __syscall_stat64 __syscall_newfstatat __syscall_lstat64
  __syscall_ftruncate64 __syscall_truncate64 __syscall_getcwd __syscall_getdents64 __syscall_mkdirat
  __syscall_fadvise64 __syscall_fallocate __syscall_readlinkat __syscall_unlinkat __syscall_rmdir __syscall_renameat
  __syscall_statfs64 __syscall_fstatfs64 __syscall_symlinkat __syscall_utimensat __syscall_poll
  _mmap_js _munmap_js _msync_js emscripten_runtime_keepalive_push
  emscripten_runtime_keepalive_pop _emscripten_runtime_keepalive_clear _Py_CheckEmscriptenSignals_Helper _PyEM_TrampolineCall_JS __call_sighandler
  can_run_sync_js
  pyproxy_Check`.split(/\s+/),
);
/** What is not there, and is answered so. */
const ABSENT = {
  __syscall_socket: -ENOSYS,
  __syscall_pipe: -ENOSYS,
  __syscall_mknodat: -ENOSYS,
  __syscall_umask_js: 0o22,
  // Not that of this process, which would be the user's.
  __syscall_getuid32_js: 1000,
  _emscripten_system: -1,
  _setitimer_js: -ENOSYS,
  _dlopen_js: 0,
  _dlsym_js: 0,
  _maybe_poll_async: null,
  _try_fcntl64: 0,
  getaddrinfo: -4,
  getnameinfo: -4,
  getprotobyname: 0,
};

const exit = process.exit.bind(process);
const sleeper = new Int32Array(new SharedArrayBuffer(4));
let armed = false;
/** Whether the interpreter has asked for more memory than it may have. */
let starved = false;

/** Ends this process: an exception could be caught on the way out. */
function end(status, reason) {
  if (reason !== undefined) {
    try {
      fs.writeSync(2, `${reason}\n`);
    } catch {
      // Nobody is listening any more.
    }
  }
  exit(status);
}

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

/** The imports of the WebAssembly module, of which most end this process once it is armed. */
function guarded(imports) {
  const guard = (module) =>
    new Proxy(module, {
      get: (functions, name) => guardedFunction(functions[name], name),
    });
  return { ...imports, env: guard(imports.env), wasi_snapshot_preview1: guard(imports.wasi_snapshot_preview1) };
}

function guardedFunction(real, name) {
  if (name === 'proc_exit' || name === 'exit') return (status) => (armed ? end(status & 255) : real(status));
  if (name === '_abort_js') return () => (armed ? end(starved ? STARVED : ABORTED) : real());
  if (ALLOWED.has(name)) return real;
  if (typeof real !== 'function') return () => end(REACHED, `${name} is not for sandboxed code`);
  return (...values) => {
    if (!armed) return real(...values);
    return Object.hasOwn(ABSENT, name) ? ABSENT[name] : end(REACHED, `${name} is not for sandboxed code`);
  };
}

/** Has every WebAssembly module with imports made under guard. */
function guardWebAssembly() {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (source, imports) => {
    if (imports === undefined) return instantiate(source);
    const instance = await instantiate(source, guarded(imports));
    release(source);
    return instance;
  };
}

/** Frees the memory behind an array, whoever still holds the array. */
function release({ buffer }) {
  structuredClone(undefined, { transfer: [buffer] });
}

/** `first` runs once, before the first read of any of the devices. */
function connectDevices(FS, first) {
  let begun = false;
  Object.entries(DEVICES[program]).forEach(([name, descriptor], index) => {
    const device = FS.makedev(80, index);
    FS.registerDevice(device, {
      open: () => undefined,
      close: () => undefined,
      read: (_, buffer, offset, length) => {
        if (!begun) {
          begun = true;
          first();
        }
        return transfer(FS, () => fs.readSync(descriptor, buffer, offset, Math.min(length, PAGE), null));
      },
      write: (_, buffer, offset, length) =>
        transfer(FS, () => fs.writeSync(descriptor, buffer, offset, Math.min(length, PAGE), null)),
    });
    FS.mkdev(`/dev/${name}`, device);
  });
}

/** From now on the interpreter may grow by `memoryMb`; what it cannot have becomes a MemoryError. */
function limitMemory(view, memoryMb) {
  const { grow } = WebAssembly.Memory.prototype;
  const most = view.buffer.byteLength + memoryMb * MIB;
  WebAssembly.Memory.prototype.grow = function (pages) {
    starved = this.buffer.byteLength + pages * PAGE > most;
    if (starved) throw new RangeError('memory limit');
    return grow.call(this, pages);
  };
}

/** Files lie in the memory of this process, outside of the interpreter's: each is limited, their sum, and their number. */
function limitFiles(FS, { scratchMb, scratchFiles, fileMb }) {
  const { MEMFS } = FS.filesystems;
  const { expandFileStorage, resizeFileStorage, createNode } = MEMFS;
  const operations = MEMFS.ops_table.file.stream;
  const { write } = operations;
  const alive = () => {
    const nodes = new Set(FS.streams.filter((stream) => stream).map(({ node }) => node));
    for (let node of FS.nameTable) for (; node; node = node.name_next) nodes.add(node);
    return nodes;
  };
  const bytes = (nodes) => [...nodes].reduce((sum, { contents }) => sum + (contents?.byteLength ?? 0), 0);
  const before = alive();
  const most = { bytes: bytes(before) + scratchMb * MIB, nodes: before.size + scratchFiles };
  let used = { bytes: bytes(before), nodes: before.size };
  const take = (size, count) => {
    used = { bytes: used.bytes + size, nodes: used.nodes + count };
    if (used.bytes <= most.bytes && used.nodes <= most.nodes) return;
    const nodes = alive();
    used = { bytes: bytes(nodes) + size, nodes: nodes.size + count };
    if (used.bytes > most.bytes || used.nodes > most.nodes) throw new FS.ErrnoError(ENOSPC);
  };
  const ofOne = (size) => {
    if (size > fileMb * MIB) throw new FS.ErrnoError(EFBIG);
  };
  operations.write = (stream, buffer, offset, length, position, ...rest) => {
    ofOne(position + length);
    // The first piece of a file becomes its storage, without being asked for below.
    if (stream.node.usedBytes === 0) take(length, 0);
    return write(stream, buffer, offset, length, position, ...rest);
  };
  MEMFS.expandFileStorage = (node, capacity) => {
    // Emscripten takes up to twice of what is asked for.
    if (capacity > node.contents.length)
      take(Math.max(capacity, Math.min(node.contents.length * 2, capacity + MIB)), 0);
    expandFileStorage(node, capacity);
  };
  MEMFS.resizeFileStorage = (node, size) => {
    ofOne(size);
    take(size, 0);
    resizeFileStorage(node, size);
  };
  MEMFS.createNode = (...values) => {
    take(0, 1);
    return createNode(...values);
  };
}

/** Takes away what JavaScript code could do with this process, should anything get hold of an object of it. */
function disarm() {
  // What is left of it takes the status that a program ends with.
  Object.defineProperty(globalThis, 'process', { value: Object.create(null), writable: false, configurable: false });
  // Its own account of a crash names paths of this machine.
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[name] = () => undefined;
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'Worker', 'BroadcastChannel', 'require']) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
  }
}

/** The limits of the run, one line of JSON. Undefined when the other end has closed without one. */
function awaitLimits() {
  const chunk = Buffer.alloc(1024);
  for (let text = ''; ;) {
    let length = 0;
    try {
      length = fs.readSync(CONTROL, chunk);
    } catch (error) {
      if (error.code === 'EAGAIN') {
        Atomics.wait(sleeper, 0, 0, 5);
        continue;
      }
    }
    if (length === 0) return undefined;
    text += chunk.toString('latin1', 0, length);
    if (text.endsWith('\n')) return JSON.parse(text);
  }
}

/** Ends this process soon after the one that started it has ended, whatever the interpreter is busy with. */
function watchOwner() {
  // It must not block: a thread that does would keep this process from ending.
  const source = `
    const { workerData: { owner, pid } } = require('node:worker_threads');
    const lives = () => {
      try { return process.kill(owner, 0); } catch (error) { return error.code === 'EPERM'; }
    };
    setInterval(() => {
      if (process.ppid !== owner || !lives()) process.kill(pid, 'SIGKILL');
    }, 250);`;
  new Worker(source, { eval: true, workerData: { owner: process.ppid, pid: process.pid } }).unref();
}

function readSnapshot() {
  // The digest at its end was checked by whoever opened it.
  const size = fs.fstatSync(SNAPSHOT).size - DIGEST;
  const memory = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const length = fs.readSync(SNAPSHOT, memory, at, size - at, at);
    if (length === 0) throw new Error('The snapshot is cut off.');
    at += length;
  }
  fs.closeSync(SNAPSHOT);
  return memory;
}

function load(options) {
  // All that Pyodide asks it for; the permission model refuses the real one.
  process.binding = () => ({ fs: fs.constants });
  guardWebAssembly();
  return import(pathToFileURL(path.join(folder, 'pyodide.mjs')).href).then(({ loadPyodide }) =>
    loadPyodide({
      indexURL: folder + path.sep,
      jsglobals: Object.create(null),
      env: { HOME: '/tmp', LANG: 'C.UTF-8', PYTHONHASHSEED: '0' },
      ...options,
    }),
  );
}

/** Loads Pyodide and the harness, and writes out what the memory of the interpreter then holds. */
async function makeSnapshot() {
  const pyodide = await load({ _makeSnapshot: true });
  pyodide.FS.mkdir('/harness');
  for (const name of fs.readdirSync(harness)) {
    if (name.endsWith('.py')) pyodide.FS.writeFile(`/harness/${name}`, fs.readFileSync(path.join(harness, name)));
  }
  pyodide.runPython(`import sys
sys.path.insert(0, '/harness')
import pyodide_start
pyodide_start.prepare()`);
  const memory = pyodide.makeMemorySnapshot();
  for (let at = 0; at < memory.length;) {
    try {
      at += fs.writeSync(REPORT, memory, at, Math.min(MIB, memory.length - at));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

async function serve() {
  const memory = readSnapshot();
  const pyodide = await load({ _loadSnapshot: memory });
  release(memory);
  const output = (descriptor) => ({
    isatty: false,
    write: (bytes) => transfer(pyodide.FS, () => fs.writeSync(descriptor, bytes)),
  });
  pyodide.setStdin({ stdin: () => null, isatty: false });
  pyodide.setStdout(output(1));
  pyodide.setStderr(output(2));
  const python = pyodide.runPython('import sys; "%d.%d.%d" % sys.version_info[:3]');
  const main = pyodide.runPython(`sys.modules['pyodide_start'].start('${program}')`);
  for (const name of ['js', 'pyodide_js']) pyodide.unregisterJsModule(name);
  if (account !== null) {
    process.setgroups([]);
    process.setgid(account);
    process.setuid(account);
  }
  if (watched) watchOwner();
  const { version, FS, _module } = pyodide;
  // What was only needed to load is half of what this process holds.
  globalThis.gc();
  globalThis.gc = undefined;
  connectDevices(FS, () => {
    const limits = awaitLimits();
    if (limits === undefined) exit(0);
    limitMemory(_module.HEAP8, limits.memoryMb);
    limitFiles(FS, limits);
    disarm();
    armed = true;
  });
  fs.writeSync(CONTROL, `${JSON.stringify({ pyodide: version, python })}\n`);
  main();
}

(program === 'snapshot' ? makeSnapshot() : serve()).then(
  () => exit(0),
  (error) => {
    if (!armed) fs.writeSync(2, String(error?.stack ?? error));
    exit(Number.isInteger(error?.status) ? error.status : starved ? STARVED : 1);
  },
);
