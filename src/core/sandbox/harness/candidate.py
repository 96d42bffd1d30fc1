"""Runs the code under test, and only that. What it answers is never believed, only compared."""

import builtins
import os
import sys
import types

import boot
import foreign
import ops
from mirror import Mirror
from rpc import Broken, Channel, Gone, Peer
from wire import EXCEPTIONS

FILE = '<candidate>'
HEADROOM = 40  # frames of this harness below the code under test
_exit = os._exit
_pid = os.getpid
_here = os.getpid()


class Candidate(Peer):
    """Serves the judge: loads the code, calls what it defines, hands out references to its objects."""

    def __init__(self, channel):
        super().__init__(channel, -1)
        self.module = types.ModuleType('solution')
        self.exports = {}
        self.rids = {}
        self.foreign = {}
        self.wanted = frozenset()
        self.mirror = None

    # ---- objects that leave and come back

    def rid(self, value):
        found = self.rids.get(id(value))
        if found is None:
            found = self.rids[id(value)] = len(self.rids) + 1
            self.exports[found] = value
        return found

    def export(self, value):
        kind = type(value)
        if kind is foreign.ForeignMeta or type(kind) is foreign.ForeignMeta:
            return 'R', [object.__getattribute__(value, '_rid') if kind is not foreign.ForeignMeta else value._rid]
        if isinstance(value, type):
            return 'K', [self.rid(value)]
        return 'P', [self.rid(value), self.rid(kind)]

    def adopt(self, tag, payload):
        if tag == 'R':
            return self.exports[payload[0]]
        if tag == 'M':
            found = __import__(payload[0], fromlist=['*']) if payload[0] else builtins
            for name in payload[1].split('.') if payload[1] else ():
                found = getattr(found, name)
            return found
        if tag == 'X':
            return EXCEPTIONS[payload[0]](*payload[1])
        rid = payload[0]
        found = self.foreign.get(rid)
        if found is None:
            found = self.foreign[rid] = self.receive_foreign(tag, payload)
        return found

    def receive_foreign(self, tag, payload):
        rid, name, names = payload[:3]
        if tag == 'K':
            kind = foreign.stand_in(self, name, names)
            type.__setattr__(kind, '_rid', rid)
            return kind
        kind = foreign.stand_in(self, name, names) if payload[3] is None else payload[3]
        value = foreign.bare(kind)
        object.__setattr__(value, '_rid', rid)
        if payload[3] is None:
            object.__setattr__(value, '__name__', name)
        return value

    # ---- questions

    def ask(self, question, *operands):
        if _pid() != _here:
            raise RuntimeError('a forked process cannot use objects of the tests')
        return super().ask(question, *operands)

    def serve(self, question, operands):
        try:
            return self.work(question, operands)
        finally:
            if _pid() != _here:
                # The code forked, and its child came back here: only the parent answers.
                _exit(0)

    def work(self, question, operands):
        if question == 'call':
            target, args, kwargs = operands
            return target(*args, **kwargs)
        if question == 'getattr':
            return getattr(*operands)
        if question == 'setattr':
            return setattr(*operands)
        if question == 'delattr':
            return delattr(*operands)
        if question == 'describe':
            return self.describe(self.exports[operands[0]])
        if question == 'hello':
            return True
        if question == 'load':
            return self.load(*operands)
        if question == 'resolve':
            return self.resolve(operands[0])
        if question == 'define':
            return self.module.__dict__.setdefault(*operands) and None
        if question == 'files':
            return self.receive_files(*operands)
        if question == 'written':
            return self.mirror.changes() if self.mirror is not None else []
        if question == 'environment':
            return environment(*operands)
        if question == 'enter':
            return enter(operands[0])
        return ops.OPERATIONS[question](*operands)

    def receive_files(self, root, changes):
        if self.mirror is None or self.mirror.root != root:
            self.mirror = Mirror(root)
        os.makedirs(root, exist_ok=True)
        self.mirror.apply(changes)

    def fail(self, values, _):
        kind, args = values[:2]
        raise kind(*args)

    def refuse(self, error):
        kind = type(error)
        try:
            text = str(error)
        except BaseException:
            text = ''
        known = EXCEPTIONS.get(kind.__name__) is kind
        where = place(error)
        if kind is SyntaxError or isinstance(error, SyntaxError) and known:
            text = '%s (line %s)' % (error.msg, error.lineno)
            where = ''
        try:
            return self.codec.pack([kind, error.args, text[:2000], where, None if known else error])
        except Exception:
            return self.codec.pack([kind, (), text[:2000], where, None if known else error])

    def describe(self, kind):
        bases = []
        for base in kind.__bases__:
            if EXCEPTIONS.get(base.__name__) is base:
                bases.append('!' + base.__name__)
            elif base is not object:
                bases.append(str(self.rid(base)))
        return '%s|%s|%s' % (' '.join(bases), ' '.join(ops.supported(kind)), kind.__name__)

    def load(self, prelude, source, flags):
        """Runs the stub's own statements, then the code. Returns the names that it reads but nobody defined."""
        space = self.module.__dict__
        sys.modules['solution'] = self.module
        for statement in prelude:
            try:
                exec(compile(statement, '<stub>', 'exec', flags, True), space)
            except Exception:  # what the code does not need may fail
                pass
        code = compile(source, FILE, 'exec', flags, True)
        exec(code, space)
        return sorted(reads(code) - set(space) - set(vars(builtins)))

    def resolve(self, name):
        """How the code's module binds a name: (0,) not at all, (1, module name), (2, value, home of the value)."""
        space = self.module.__dict__
        if name not in space:
            return (0,)
        value = space[name]
        if type(value) is types.ModuleType:
            return (1, value.__name__)
        home = getattr(value, '__module__', None)
        label = getattr(value, '__qualname__', None)
        if type(home) is str and type(label) is str and home != 'solution':
            return (2, value, home, label)
        return (2, value, '', '')


def environment(name, value):
    """Sets a variable, or takes it away, and returns what it was."""
    old = os.environ.get(name)
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
    return old


def enter(folder):
    """Changes the working directory and returns what it was."""
    old = os.getcwd()
    os.chdir(folder)
    return old


def reads(code):
    """All global names that a code object and those inside it may look up."""
    found = set()
    todo = [code]
    while todo:
        one = todo.pop()
        found.update(one.co_names)
        todo.extend(part for part in one.co_consts if type(part) is type(code))
    return found


def place(error):
    """Where in the code an exception arose, such as "line 12, in helper"; empty when not in the code at all."""
    found = ''
    try:
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename == FILE:
                inside = '' if code.co_name == '<module>' else ', in %s' % code.co_name
                found = 'line %d%s' % (trace.tb_lineno, inside)
            trace = trace.tb_next
    except BaseException:
        return ''
    return found


def _leave(code=None):
    raise SystemExit(code)


def main():
    config = boot.enter()
    for name in ('exit', 'quit'):
        setattr(builtins, name, _leave)
    sys.stdout.reconfigure(line_buffering=True, errors='backslashreplace')
    sys.setrecursionlimit(1000 + HEADROOM)
    candidate = Candidate(Channel(config['rpc'], config['rpc']))
    while True:
        try:
            candidate.answer(candidate.channel.receive())
        except (Gone, Broken):
            _exit(0)


if __name__ == '__main__':
    main()
