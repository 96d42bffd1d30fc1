import { type HostileProgram, inVain } from './hostileProgram';

const PASS = 'make a wrong answer pass';

function program(
  name: string,
  code: string,
  tests: readonly string[],
  more: Partial<HostileProgram> = {},
): HostileProgram {
  return {
    ...{ name, mustNot: PASS, language: 'python', outside: { shownIn: 'python3' }, check: inVain, tests },
    code: () => code,
    ...more,
  };
}

/** Programs whose answers are wrong, and that want their tests to pass all the same. */
export const PYTHON_FORGE: readonly HostileProgram[] = [
  program('leaves with a good status while it is loaded', 'import os\nos._exit(0)', ['assert f() == 1']),
  program('leaves with a good status when it is called', 'import os\ndef f(): os._exit(0)', ['assert f() == 1']),
  program('exits politely', 'import sys\ndef f(): sys.exit(0)', ['assert f() == 1']),
  program('kills its process politely', 'import atexit, os\natexit.register(os._exit, 0)\ndef f(): return 2', [
    'assert f() == 1',
  ]),
  program(
    'answers with an object that equals everything',
    'class Yes:\n    def __eq__(self, other): return True\ndef f(): return Yes()',
    ['assert f() == 1'],
  ),
  program(
    'answers with an int that equals everything',
    'class Yes(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\ndef f(): return Yes(2)',
    ['assert f() == 1', 'assert [f()] == [1]'],
  ),
  program(
    'answers with an object that claims another class',
    'class Yes:\n    __class__ = int\ndef f(): return Yes()',
    ['assert isinstance(f(), int)'],
  ),
  program(
    'replaces a builtin that the tests use',
    'import builtins\nbuiltins.sum = lambda values: 6\ndef f(): return [0]',
    ['assert sum(f()) == 6'],
  ),
  program(
    'replaces a function of the library that the tests use',
    'import math\nmath.isclose = lambda *args, **more: True\ndef f(): return 0.0',
    ['import math\nassert math.isclose(f(), 1.0)'],
  ),
  program(
    'replaces a module that the tests import',
    'import sys, types\nfake = types.ModuleType("statistics")\nfake.mean = lambda values: 2\nsys.modules["statistics"] = fake\ndef f(): return [0]',
    ['import statistics\nassert statistics.mean(f()) == 2'],
  ),
  program(
    'replaces importing',
    'import builtins\nreal = builtins.__import__\nclass Fake:\n    floor = staticmethod(lambda value: 1)\ndef fake(name, *args): return Fake if name == "math" else real(name, *args)\nbuiltins.__import__ = fake\ndef f(): return 2.0',
    ['import math\nassert math.floor(f()) == 1'],
  ),
  program(
    'changes the globals of its caller',
    'import sys\ndef f():\n    sys._getframe(1).f_globals["expected"] = 2\n    return 2',
    ['expected = 1\nassert f() == expected'],
  ),
  program(
    'reads what is expected from the code of its caller',
    'import sys\ndef f():\n    numbers = [one for one in sys._getframe(1).f_code.co_consts if type(one) is int]\n    return max(numbers, default=0)',
    ['assert f() == 9371'],
  ),
  program(
    'finds what is expected in memory',
    'import gc\ndef f():\n    for one in gc.get_objects():\n        if type(one) is dict and "hidden" in one: return one["hidden"]',
    ['hidden = 9371\nassert f() == hidden'],
  ),
  program(
    'swallows the failure of the test in a context manager',
    'class f:\n    def __enter__(self): return 2\n    def __exit__(self, *error): return True',
    ['with f() as value:\n    assert value == 1'],
  ),
  program(
    'stops the test in its tracks with a trace function',
    'import sys\ndef trace(frame, event, arg):\n    import os\n    if event == "exception": os._exit(0)\n    return trace\ndef f():\n    sys.settrace(trace)\n    sys._getframe(1).f_trace = trace\n    return 2',
    ['assert f() == 1'],
  ),
  program(
    'turns a failed comparison into an exit at the end',
    'import sys\nsys.excepthook = lambda *error: __import__("os")._exit(0)\ndef f(): return 2',
    ['assert f() == 1'],
  ),
  program(
    'writes a report to its outputs',
    `def f():
    import os, json
    for line in ({"phase": "load"}, {"phase": "setup"}, {"start": 0}, {"done": 0, "ok": True, "ms": 1}, {"end": True}):
        text = json.dumps(line) + chr(10)
        print(text, flush=True)
        os.write(2, text.encode())
    return 2`,
    ['assert f() == 1'],
    { outside: { notShown: 'no plain interpreter believes its outputs' } },
  ),
  program(
    'writes a report to every descriptor that it finds',
    `import os, json
LINES = ''.join(json.dumps(line) + chr(10) for line in (
    {"phase": "load"}, {"phase": "setup"}, {"start": 0}, {"done": 0, "ok": True, "ms": 1}, {"end": True}))
def f():
    for fd in range(3, 64):
        try: os.write(fd, LINES.encode())
        except OSError: pass
    os._exit(0)`,
    ['assert f() == 1'],
    { outside: { notShown: 'a plain interpreter has no channel for reports' } },
  ),
  program(
    'answers its caller itself, before its function returns',
    `import os
def f():
    for number in range(1, 20):
        os.write(3, b'{"v":[1],"n":[],"i":%d}\\n' % number)
    return 2`,
    ['assert f() == 1'],
    { outside: { notShown: 'a plain interpreter has no channel for answers' } },
  ),
  program(
    'replaces the harness that serves it',
    `import sys
for name in ('wire', 'rpc', 'candidate', 'ops', '__main__'):
    module = sys.modules.get(name)
    for one in ('Codec', 'Peer', 'Candidate'):
        kind = getattr(module, one, None)
        if kind is not None and hasattr(kind, 'pack'): kind.pack = lambda self, values, final=True: {'v': [1], 'n': []}
def f(): return 2`,
    ['assert f() == 3'],
    { outside: { notShown: 'a plain interpreter has no harness' } },
  ),
];
