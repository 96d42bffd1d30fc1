import { attack, type HostileProgram, inVain, refused } from './hostileProgram';

const JS = 'reach JavaScript';

function program(name: string, body: string, more: Partial<HostileProgram> = {}): HostileProgram {
  return {
    ...{ name, mustNot: JS, language: 'python', outside: { shownIn: 'pyodide' }, check: inVain },
    code: () => attack(body),
    ...more,
  };
}

/** Makes the modules importable again that are marked as absent. */
const UNMARK = `import sys
for name in [name for name, module in sys.modules.items() if module is None]: del sys.modules[name]
`;
/** The module that Python's side of the bridge is written in, taken from the interpreter itself. */
const CORE = `import importlib.machinery, importlib.util
spec = importlib.machinery.BuiltinImporter.find_spec('_pyodide_core')
core = importlib.util.module_from_spec(spec)
spec.loader.exec_module(core)
`;

/** Programs that want to leave Python for the JavaScript around it. */
export const WASM_BRIDGE: readonly HostileProgram[] = [
  program('imports js', 'import js\nreturn len(js.process.version) > 0', { check: refused }),
  program('imports js after a search of its traces', `${UNMARK}import js\nreturn len(js.process.version) > 0`),
  program('reads the environment of the host', `${UNMARK}import js\nreturn len(js.process.env.PATH) > 0`),
  program('makes code of a string', `${UNMARK}from pyodide.code import run_js\nreturn run_js('1 + 1') == 2`),
  program('asks the runtime for itself', `${UNMARK}import pyodide_js\nreturn pyodide_js._module is not None`),
  program('asks the runtime for its insides', `${UNMARK}from pyodide_js._api import config\nreturn config is not None`),
  program('has a package installed', `${UNMARK}import pyodide_js\nreturn pyodide_js.loadPackage is not None`),
  program(
    'mounts a folder of the host',
    `${UNMARK}import pyodide_js, os
os.mkdir('/host')
pyodide_js.FS.mount(pyodide_js.FS.filesystems.NODEFS, pyodide_js.toPy({'root': '/'}) and pyodide_js._module.NODEFS and __import__('js').Object.fromEntries([['root', '/']]), '/host')
return 'etc' in os.listdir('/host')`,
    {
      outside: {
        notShown:
          'which objects a mount takes differs from release to release; the module that it needs is tried above',
      },
    },
  ),
  program(
    'keeps the bridge from an earlier import',
    `import sys
found = [module for name, module in sys.modules.items() if name.split('.')[0] in ('js', 'pyodide_js') and module is not None]
return len(found) > 0`,
    { check: refused },
  ),
  program(
    'hunts for objects of JavaScript',
    `import gc
spaces = [one for one in gc.get_objects() if type(one) is dict]
found = [value for one in spaces for value in list(one.values()) if 'JsProxy' in [kind.__name__ for kind in type(value).__mro__]]
return any(dir(one) and one.constructor is not None for one in found)`,
  ),
  program(
    'hunts for modules of the bridge, and uses one',
    `import gc, types
for one in gc.get_objects():
    if isinstance(one, types.ModuleType) and one.__name__ == 'pyodide.code': return one.run_js('1 + 1') == 2`,
  ),
  program(
    'hunts for the finder of the bridge',
    `import gc
finder = next(one for one in gc.get_objects() if type(one).__name__ == 'JsFinder')
return finder.jsproxies['js'].process is not None`,
  ),
  program(
    'hunts for functions that call JavaScript',
    `import gc, types
for one in gc.get_objects():
    if isinstance(one, types.FunctionType) and one.__name__ == 'run_js': return one('1 + 1') == 2`,
  ),
  program('loads the core of the bridge', `${CORE}return core.to_js([1, 2]).length == 2`),
  program('makes a proxy of a function', `${CORE}return core.create_proxy(print) is not None`),
  program('makes a proxy that is called once', `${CORE}return core.create_once_callable(print) is not None`),
  program('makes an exception of JavaScript', `${CORE}error = core.JsException\nreturn error.new('x') is not None`, {
    outside: {
      notShown: 'the class has no such method in a plain interpreter either; what it stands on is tried above',
    },
  }),
  program('waits for a promise', `${CORE}return core.run_sync(core.to_js([1])) is None`, {
    outside: { notShown: 'it needs an engine with stack switching, which Node 20 is not' },
  }),
  program(
    'converts data for JavaScript',
    `${UNMARK}from pyodide.ffi import to_js\nreturn to_js([1]).constructor.name == 'Array'`,
  ),
  program(
    'fetches through the host',
    `${UNMARK}import pyodide.http\npyodide.http.pyfetch('data:,x').send(None)\nreturn True`,
    { check: inVain },
  ),
  program(
    'schedules with the host',
    `${UNMARK}from pyodide.webloop import WebLoop\nWebLoop().call_later(0, print)\nreturn True`,
  ),
  program(
    'has the import machinery make the core anew',
    `import _imp
class Spec: name = '_pyodide_core'; origin = 'built-in'
core = _imp.create_builtin(Spec)
_imp.exec_builtin(core)
return core.to_js([1]) is not None`,
  ),
  program(
    'patches importing, then imports',
    `import builtins
import importlib
importlib.invalidate_caches()
module = importlib._bootstrap._gcd_import('js') if hasattr(importlib._bootstrap, '_gcd_import') else builtins.__import__('js')
return len(module.process.version) > 0`,
    { check: refused },
  ),
  program(
    'reloads the bridge',
    `import importlib, types
js = types.ModuleType('js')
return importlib.reload(__import__('js')) is not None`,
    { check: refused, outside: { notShown: 'proxies of JavaScript cannot be reloaded' } },
  ),
  program(
    'calls a function of C that makes code',
    `import sys
sys.modules.pop('_ctypes', None)
import ctypes
return ctypes.CDLL(None).emscripten_run_script(b'1') is not None`,
    {
      outside: { notShown: 'this build of Pyodide has no such function; ctypes itself is shown below' },
    },
  ),
  program(
    'calls a function of C',
    `import sys
sys.modules.pop('_ctypes', None)
import ctypes
return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda value: value + 1)(1) == 2`,
    { mustNot: 'call C by itself' },
  ),
  program(
    'looks up a function of C',
    `import sys
sys.modules.pop('_ctypes', None)
import _ctypes
return _ctypes.dlsym(_ctypes.dlopen(None, 0), 'getpid') != 0`,
    { mustNot: 'call C by itself' },
  ),
  program('asks for ctypes', 'import ctypes\nreturn ctypes.CDLL(None) is not None', {
    ...{ mustNot: 'call C by itself', check: refused },
  }),
];

/** Programs that look for weak spots of the little operating system inside. */
export const WASM_SYSTEM: readonly HostileProgram[] = [
  program(
    'opens the channel for reports',
    "import os\nreturn os.write(os.open('/dev/report', os.O_WRONLY), b'x') == 1",
    {
      ...{ mustNot: 'report its own verdict', check: refused },
      outside: { notShown: 'a plain interpreter has no such channel' },
    },
  ),
  program(
    'forges reports through the channel for reports',
    `import json, os
with open('/dev/report', 'w') as report:
    for line in ({'phase': 'load'}, {'phase': 'setup'}, {'start': 0}, {'done': 0, 'ok': True, 'ms': 1}, {'end': True}):
        print(json.dumps(line), file=report)
os._exit(0)`,
    { mustNot: 'report its own verdict', outside: { notShown: 'a plain interpreter has no such channel' } },
  ),
  program(
    'answers through a second opening of its channel',
    `import os
for number in range(1, 20):
    os.write(os.open('/dev/rpc', os.O_RDWR), b'{"v":[true],"n":[],"i":%d}\\n' % number)
return False`,
    { mustNot: 'answer for the tests', outside: { notShown: 'a plain interpreter has no such channel' } },
  ),
  program(
    'makes the device of the channel for reports',
    "import os, stat\nos.mknod('/tmp/report', stat.S_IFCHR | 0o666, os.makedev(80, 1))\nreturn os.write(os.open('/tmp/report', os.O_WRONLY), b'x') == 1",
    { mustNot: 'report its own verdict', outside: { notShown: 'a plain interpreter has no such channel' } },
  ),
  program(
    'writes to the descriptors of the process around it',
    'import os\nwritten = 0\nfor number in range(4, 64):\n    try: written += os.write(number, b"{}")\n    except OSError: pass\nreturn written > 0',
    {
      mustNot: 'report its own verdict',
      check: refused,
      outside: { notShown: 'a plain interpreter has no such descriptors' },
    },
  ),
  program('reads the input of the host', "return len(open('/dev/stdin').read() + open('/dev/tty').read()) > 0", {
    ...{ mustNot: 'read the input of the host', check: refused },
    outside: { notShown: 'the tests have no terminal to read from' },
  }),
  program('runs a command', "import os\nreturn os.system('true') == 0", { mustNot: 'start a program', check: refused }),
  program('runs a program', "import subprocess\nreturn subprocess.run(['true']).returncode == 0", {
    ...{ mustNot: 'start a program', check: refused },
    outside: { notShown: 'Python for WebAssembly refuses it by itself' },
  }),
  program('forks', 'import os\nreturn os.fork() >= 0', {
    ...{ mustNot: 'start a program', check: refused },
    outside: { notShown: 'Python for WebAssembly refuses it by itself' },
  }),
  program('becomes another program', "import os\nos.execv('/bin/true', ['true'])", {
    ...{ mustNot: 'start a program', check: inVain },
    outside: { notShown: 'Python for WebAssembly refuses it by itself' },
  }),
  program('starts a thread', 'import threading\nthreading.Thread(target=print).start()\nreturn True', {
    ...{ mustNot: 'outlive its limits in a thread' },
    outside: { notShown: 'Python for WebAssembly refuses it by itself' },
  }),
  program('makes a socket', 'import socket\nreturn socket.socket().fileno() >= 0', {
    mustNot: 'reach the network',
    check: refused,
  }),
  program(
    'listens',
    "import socket\nserver = socket.socket()\nserver.bind(('127.0.0.1', 0))\nserver.listen()\nreturn True",
    {
      ...{ mustNot: 'be reached from the network', check: refused },
      outside: { notShown: 'Pyodide cannot listen under Node without a package of its own' },
    },
  ),
  program('resolves a name', "import socket\nreturn len(socket.getaddrinfo('localhost', 80)) > 0", {
    mustNot: 'reach the network',
    check: refused,
  }),
  program(
    'makes a pipe that holds anything',
    'import os\nends = os.pipe()\nreturn os.write(ends[1], bytes(1 << 22)) == 1 << 22',
    {
      ...{ mustNot: 'take memory that is not counted', check: refused },
    },
  ),
  program('asks who the user is', '', {
    ...{ mustNot: 'learn who the user is', check: refused },
    code: () => `OWN = ${process.getuid?.() ?? 0}\n${attack('import os\nreturn os.getuid() == OWN and OWN != 1000')}`,
    outside: { notShown: 'a plain interpreter does tell it, but whether it is a secret depends on the user' },
  }),
  program(
    'reads what Node reads',
    "return len(open('/pyodide/pyodide.mjs').read() + open('/harness/pyodide-runner.cjs').read()) > 0",
    {
      ...{ mustNot: 'see files around the interpreter', check: refused },
      outside: { notShown: 'a plain interpreter has files of its own only; the paths exist only in bubblewrap' },
    },
  ),
  program(
    'spoils the library for others',
    // It may, for itself; the run after all of these shows that the library is whole.
    "open('/lib/python314.zip', 'r+b').write(bytes(1000))\nraise ValueError",
    {
      mustNot: 'change what other runs start from',
      outside: { notShown: 'the library of a plain interpreter is its own, too' },
    },
  ),
  program('imports the judge', 'import judge\nreturn True', {
    ...{ mustNot: 'become the judge', check: refused, outside: { notShown: 'a plain interpreter has no judge' } },
  }),
];
