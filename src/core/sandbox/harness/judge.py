"""Runs setup and tests, compares, and alone reports the verdict. No line of the code under test runs in here."""

import ast
import builtins
import errno
import json
import os
import re
import sys
import time

import boot
import cases
import outcomes
import proxies
from asserts import FAIL, Failures, compile_tests, cut
from judge_peer import Judge
from namespace import Space
from rpc import Broken, Channel, Gone
from stub import Stub

HARNESS = os.path.dirname(os.path.abspath(__file__))
ENDED = 'the code ended its own process'
STRUCK = {'memory': 'ran out of memory', 'processes': 'started too many processes'}
# What a call came to where that is neither a value nor an error that it raised; with the last, there was no call.
UNLOADED = {'kind': 'error', 'name': 'not loaded'}
UNCALLED = {'kind': 'opaque'}


class Trial:
    """One candidate before its tests. `report` takes the events that the host reads."""

    def __init__(self, judge, job, report):
        self.judge = judge
        self.job = job
        self.report = report
        self.stub = Stub(job['prompt'], job['entry'])
        self.space = Space(judge, job['entry'], self.stub)
        self.wanted = set()
        self.shared = set()
        self.sources = {}
        self.broken = None
        self.pytest = None
        self.no_pytest = None
        self.base = frozenset()
        setattr(builtins, FAIL, Failures(opaque))

    def run(self):
        if any(re.search(r'\bpytest\b', text) for text in [self.job['setup'], *self.job['tests']]):
            self.load_pytest()
        self.prepare()
        self.base = frozenset(self.space)
        if self.job.get('outcomes'):
            self.compare()
            return
        for index, source in enumerate(self.job['tests']):
            self.report({'start': index})
            began = time.perf_counter()
            message = self.broken or self.test(index, source)
            took = (time.perf_counter() - began) * 1000
            event = {'done': index, 'ok': message is None, 'ms': round(took, 3)}
            if message is not None:
                event['message'] = cut(message, 2000)
                event['gone'] = isinstance(self.judge.lost, Gone)
            self.report(event)
            if self.judge.lost is not None and self.broken is None:
                self.broken = 'not run: %s' % lost(self.judge.lost)
        self.report({'end': True})

    def compare(self):
        """Tells what each test gives, and judges none of them."""
        unloaded = self.broken is not None and self.judge.lost is None
        for index, source in enumerate(self.job['tests']):
            self.report({'start': index})
            began = time.perf_counter()
            found = UNLOADED if unloaded else self.outcome(source)
            took = (time.perf_counter() - began) * 1000
            event = {'done': index, 'ok': found is not None, 'ms': round(took, 3)}
            if found is None:
                event['gone'] = isinstance(self.judge.lost, Gone)
            else:
                event['outcome'] = found
            self.report(event)
        self.report({'end': True})

    def outcome(self, source):
        """What one call comes to; None where it, or one before, was the end of the code."""
        if self.broken is not None or self.judge.lost is not None:
            return None
        try:
            code = compile(source, '<call>', 'eval', self.stub.flags, True)
            return outcomes.given(eval(code, self.space))
        except BaseException as error:
            self.limit(error)
            if self.broken is not None or self.judge.lost is not None:
                return None
            # What the call itself raises, such as for an argument that cannot be made, says nothing of the code.
            return UNCALLED if getattr(error, '_solvent_from', None) is None else outcomes.thrown(error)

    def prepare(self):
        """Loads the code, then runs the stub's helpers and the setup."""
        try:
            self.judge.ask('hello')
        except (Gone, Broken):
            # Nothing of the code has run: it is the sandbox that failed.
            self.report({'failed': 'candidate'})
            os._exit(0)
        self.report({'phase': 'load'})
        kept = self.stub.kept
        try:
            wanted = self.judge.ask('load', [source for source, _ in kept], self.job['code'], self.stub.flags)
            self.wanted = set(wanted if type(wanted) is list else ())
        except BaseException as error:
            self.limit(error)
            self.broken = self.explain(error)
            return
        self.report({'phase': 'setup'})
        for source, kind in kept:
            if kind != 'ClassDef':
                try:
                    exec(compile(source, '<stub>', 'exec', self.stub.flags, True), self.space)
                except Exception:  # what the tests do not need may fail
                    pass
        self.shared.update(self.space)
        setup = self.job['setup']
        if setup.strip():
            message = self.statements(setup, '<setup>', False)
            if message is not None:
                self.broken = 'setup: %s' % message

    def test(self, index, source):
        self.judge.swallowed = None
        message = self.statements(source, '<test %d>' % (index + 1), True)
        if message is None and self.judge.lost is not None:
            return lost(self.judge.lost)
        if message is None and self.judge.swallowed is not None:
            return self.explain(self.judge.swallowed)
        return message

    def statements(self, source, name, with_cases):
        """Runs test code, and where wanted the cases that it defines. Returns what went wrong, None when nothing did."""
        try:
            source = cases.plain(source)
            self.sources[name] = source.replace('\r\n', '\n').replace('\r', '\n').split('\n')
            tree = cases.without_main(ast.parse(source, name))
            codes = compile_tests(source, tree, name, self.stub.flags)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return 'the test itself cannot be read: %s' % error
        try:
            before = dict(self.space)
            for code in codes:
                exec(code, self.space)
                self.share()
            for case, run in self.cases(tree, before) if with_cases else ():
                message = self.case(case, run)
                if message is not None:
                    return message
        except BaseException as error:
            self.limit(error)
            return self.explain(error)
        finally:
            try:
                sys.stdout.flush()
            except (OSError, ValueError):
                pass
        return None

    def cases(self, tree, before):
        """The cases of a text: [name, function without parameters]. `before` is what was bound when it began."""
        plain, test_cases = cases.defined(tree, self.space)
        found = [case for kind in test_cases.values() for case in cases.of_test_case(kind)]
        for name, value in plain.items():
            if opaque(value) is not None:
                raise AssertionError('%s is no test any more: the code has put something in its place' % name)
        wants = [(name, why) for name, why in ((name, cases.wants(value)) for name, value in plain.items()) if why]
        if wants and not self.load_pytest():
            raise AssertionError('%s %s. %s' % (*wants[0], self.no_pytest))
        if not plain or self.pytest is None:
            return [case for name, value in plain.items() for case in cases.of_plain(name, value)] + found
        bound = {name for name, value in self.space.items() if before.get(name, before) is not value} | self.base
        names = [name for name in sorted(bound) if name in plain or not self.is_other_test(name)]
        first = next(iter(plain))
        return [(first, lambda: self.pytest.run(first, names, self.space, self.judge))] + found

    def is_other_test(self, name):
        value = dict.get(self.space, name)
        return opaque(value) is None and cases.looks_like_test(name, value)

    def load_pytest(self):
        """Whether there is a pytest that can be used. It is made safe before any test uses it."""
        if sys.platform == 'emscripten':
            self.no_pytest = "There is no pytest on WebAssembly: have the tests run in the system's sandbox ('os')"
        elif self.pytest is None and self.no_pytest is None:
            sys.path.insert(0, HARNESS)
            try:
                import pytest_cases
            except Exception as error:  # whatever keeps it from being imported, keeps it from being used
                self.no_pytest = install(error)
            else:
                pytest_cases.prepare(self.judge)
                self.pytest = pytest_cases
            finally:
                sys.path.remove(HARNESS)
        return self.pytest is not None

    def case(self, name, run):
        """Runs one case that the tests define. Returns what went wrong, None when nothing did."""
        try:
            run()
            return None
        except cases.Case as inner:
            name, error = inner.name, inner.error
        except BaseException as thrown:
            error = thrown
        self.limit(error)
        message = self.explain(error)
        line = self.spot(error)[0]
        if line is not None and isinstance(error, AssertionError) and line not in message:
            message += ', at `%s`' % cut(line)
        return '%s: %s' % (name, message)

    def share(self):
        """Lends the candidate the names that its code reads and only the tests define."""
        if not self.wanted:
            return
        for name in [name for name in self.wanted if name in self.space.keys() and name not in self.shared]:
            self.shared.add(name)
            try:
                self.judge.ask('define', name, dict.__getitem__(self.space, name))
            except TypeError:  # cannot be handed over: the code will find no such name
                pass

    def limit(self, error):
        """Reports a limit of the operating system that the code ran into."""
        struck = None
        if isinstance(error, MemoryError):
            struck = 'memory'
        elif isinstance(error, OSError) and error.errno == errno.EAGAIN:
            struck = 'processes'
        elif isinstance(error, RuntimeError) and "can't start new thread" in str(error):
            struck = 'processes'
        if struck is not None:
            self.report({'killed': struck})
            self.broken = 'not run: the code %s' % STRUCK[struck]

    def explain(self, error):
        """One line or a few, for a person or a model that has to mend the code."""
        if isinstance(error, (Gone, Broken)):
            return lost(error)
        origin = getattr(error, '_solvent_from', None)
        if isinstance(error, AssertionError) and origin is None:
            return str(error) or 'AssertionError'
        if type(error).__name__ == 'SystemExit' and origin is not None:
            return '%s: exit(%s)' % (ENDED, cut(origin))
        kind = type(error).__name__
        detail = cut(origin if origin is not None else str(error), 1000)
        text = '%s: %s' % (kind, detail) if detail else kind
        if origin is None and isinstance(error, ModuleNotFoundError) and error.name == 'pytest' and self.no_pytest:
            text += '. ' + self.no_pytest
        line, alone = self.spot(error)
        if line is not None and not (alone and origin is not None):
            text += ', at `%s`' % cut(line)
        return text

    def spot(self, error):
        """The innermost line of the tests that an exception passed through, and whether it is the whole test."""
        found = (None, True)
        trace = error.__traceback__
        while trace is not None:
            lines = self.sources.get(trace.tb_frame.f_code.co_filename)
            if lines is not None and trace.tb_lineno <= len(lines):
                found = (lines[trace.tb_lineno - 1].strip(), len([line for line in lines if line.strip()]) == 1)
            trace = trace.tb_next
        return found


def install(error):
    """What to do about a pytest that cannot be imported."""
    if not isinstance(error, ModuleNotFoundError) or error.name != 'pytest':
        return 'The pytest of %s cannot be used: %s' % (sys.executable, error)
    way = '%s -m pip install pytest' % sys.executable
    return 'pytest is not installed for %s. Install it (%s; sudo apt install python3-pytest)' % (sys.executable, way)


def lost(error):
    if isinstance(error, Gone):
        return ENDED
    return 'the code broke the channel of its results: %s' % error


def opaque(value):
    """The name of the type of what is not plain data, None for plain data."""
    if type(value) is proxies.RemoteMeta:
        return 'class'
    return type(value).__name__ if proxies.ref_of(value) is not None else None


def main():
    config = boot.enter()
    fd = config['report']
    with open(os.dup(fd), encoding='utf-8', errors='surrogatepass') as source:
        job = json.loads(source.readline())

    def report(event, _write=os.write, _dumps=json.dumps):
        data = _dumps(event).encode('ascii') + b'\n'
        while data:
            data = data[_write(fd, data) :]

    sys.stdout.reconfigure(errors='backslashreplace')
    sys.setrecursionlimit(3000)
    Trial(Judge(Channel(config['rpc'], config['rpc'])), job, report).run()
    sys.stdout.flush()
    os._exit(0)


if __name__ == '__main__':
    main()
