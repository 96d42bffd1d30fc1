"""The first steps of judge and candidate in WebAssembly, where they do not start as programs of their own.

`prepare` runs once, before the memory of the interpreter is kept; `start` in every interpreter made of that memory.
"""

import importlib
import json
import os
import sys

PROGRAMS = {
    'judge': 'judge judge_peer namespace proxies stub asserts cases outcomes written'.split(),
    'candidate': 'candidate foreign'.split(),
}
# What could only fail later, and then end the interpreter. The lock is not here: it is what JavaScript may be called for.
BRIDGES = ('js', 'pyodide', 'pyodide_js', '_pyodide', '_pyodide_core', '_ctypes', '_ctypes_test', 'micropip')
# The status of a process that ended for want of memory.
OUT_OF_MEMORY = 76


def prepare():
    """Loads what both programs need, so that nobody has to wait for it."""
    for names in PROGRAMS.values():
        for name in names:
            importlib.import_module(name)
    sys.path.remove('/harness')


def start(program):
    """Becomes one of the two programs. Returns what runs it."""
    rehearse()
    for name, others in PROGRAMS.items():
        for other in others if name != program else ():
            sys.modules.pop(other, None)
    own = importlib.import_module(program)
    for name in list(sys.modules):
        if name.partition('.')[0] in BRIDGES or name == __name__:
            del sys.modules[name]
    # Who asks for one of them is told that there is none.
    sys.modules.update(dict.fromkeys(BRIDGES))
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder.__class__.__module__ != '_pyodide._importhook']
    sys.modules['random'].seed()
    use_own_event_loop()
    settings = {'rpcPath': '/dev/rpc'}
    if program == 'judge':
        settings['reportPath'] = '/dev/report'
    sys.path.insert(0, '/harness')
    sys.argv = ['', json.dumps(settings)]
    return lambda: finish(own.main)


def finish(main):
    """Runs a program to its end, and with it the interpreter: nothing may go back to JavaScript."""
    try:
        main()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    os._exit(1)


REHEARSAL = {
    'code': 'import math\ndef f(x):\n    return [x + 1]\n',
    'prompt': 'def f(x):\n    """One more."""\n',
    'entry': 'f',
    'setup': 'LEAST = 1',
    'tests': ['assert f(LEAST) == [2]', 'assert f(1.5) == [2.5] and "a" in {"a": (1, None)}', 'assert f(1) == 3', 'f("")'],
}


def rehearse():
    """Runs a trial of judge and candidate in this one process: V8 compiles a function when it is first called."""
    import builtins

    import asserts
    import candidate
    import judge
    import judge_peer

    class Mirror:
        """A channel that has whoever is at the other end answer as soon as something is to be received."""

        rest = b''

        def __init__(self):
            self.inbox = []

        def send(self, message):
            self.other.inbox.append(json.dumps(message))

        def receive(self):
            while not self.inbox:
                self.other.peer.answer(json.loads(self.other.inbox.pop(0)))
            return json.loads(self.inbox.pop(0))

    one, two = Mirror(), Mirror()
    one.other, two.other = two, one
    one.peer, two.peer = judge_peer.Judge(one), candidate.Candidate(two)
    events = []
    judge.Trial(one.peer, REHEARSAL, events.append).run()
    if [event['ok'] for event in events if 'done' in event] != [True, True, False, False]:
        raise RuntimeError('the rehearsal went wrong: %s' % events)
    delattr(builtins, asserts.FAIL)
    del sys.modules['solution']


def use_own_event_loop():
    """Lets asyncio run to its end, as it does elsewhere. Pyodide's own loop waits for that of JavaScript."""
    import asyncio
    import selectors
    import time

    class Clock(selectors.SelectSelector):
        """There are no sockets and pipes: all that a loop can wait for is the time."""

        def select(self, timeout=None):
            time.sleep(60 if timeout is None else max(timeout, 0))
            return []

    class Loop(asyncio.SelectorEventLoop):
        def __init__(self, selector=None):
            super().__init__(Clock())

        def _make_self_pipe(self):
            self._internal_fds += 1

        def _close_self_pipe(self):
            self._internal_fds -= 1

        def _write_to_self(self):
            pass

    class Policy(asyncio.events._BaseDefaultEventLoopPolicy):
        _loop_factory = Loop

    for module, name in ((asyncio, 'run'), (time, 'sleep')):
        setattr(module, name, getattr(module, name).__wrapped__)
    asyncio.events._set_event_loop_policy(Policy())
    asyncio.events._set_running_loop(None)
    asyncio.SelectorEventLoop = asyncio.EventLoop = Loop
