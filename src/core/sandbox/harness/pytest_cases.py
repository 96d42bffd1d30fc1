"""Runs test functions and classes by pytest itself, in the judge's process, where the interpreter has it.

Nothing of the code under test is collected: pytest is handed what the tests bind, and the code only by their proxies.
"""

import asyncio
import inspect
import os
import types
import unittest

import cases
import proxies
import pytest
from pytest_fixtures import Fixtures, guard

if int(pytest.__version__.split('.')[0]) < 7:
    raise ImportError('pytest %s is too old: 7 or newer is needed' % pytest.__version__)

# What would write, watch or rewrite, or read files that the tests did not bring along.
LEFT_OUT = '''cacheprovider terminal warnings logging faulthandler debugging junitxml pastebin stepwise threadexception
unraisableexception'''.split()
SCRATCH = os.getcwd()
OPTIONS = ['-c', os.devnull, '--noconftest', '--assert=plain', '--capture=no']
OPTIONS += [word for name in LEFT_OUT for word in ('-p', 'no:' + name)]


class Text(pytest.Module):
    """A text of tests as pytest's module. It has been run already."""

    def _getobj(self):
        return self.config.solvent_module


class Suite(Fixtures):
    """A plugin that hands pytest the tests of one text, and keeps what came of each."""

    def __init__(self, link, module):
        super().__init__(link)
        self.module = module
        self.left = []  # items that have not come to their end
        self.counted = 0  # those that passed
        self.why = []  # why the others say nothing
        self.thrown = {}  # (item, phase) -> what it has thrown
        self.failures = []

    def fail(self, name, error):
        self.failures.append((name, error))

    # ---- hooks of pytest

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session):
        session.config.solvent_module = self.module
        text = Text.from_parent(session, path=session.config.rootpath / 'tests.py')
        session.items = list(session.genitems(text))
        session.testscollected = len(session.items)
        self.left = list(session.items)
        return session.items

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        report = (yield).get_result()
        if report.failed:
            error = report.call.excinfo.value if getattr(report, 'call', None) else AssertionError(str(report.longrepr))
            self.fail(collector.name, error)
        elif report.skipped:
            self.why.append('all of it is skipped')

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem):
        if not inspect.iscoroutinefunction(pyfuncitem.obj):
            return None
        names = pyfuncitem._fixtureinfo.argnames
        asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        """A report without pytest's own pictures of what was thrown: they would look into objects of the code."""
        outcome, text = 'passed', None
        if call.excinfo is not None:
            error = call.excinfo.value
            skipped = type(error) in (pytest.skip.Exception, unittest.SkipTest)
            outcome, text = ('skipped', ('', 0, str(error))) if skipped else ('failed', None)
            self.thrown[item.nodeid, call.when] = error
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, text, call.when)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item):
        self.running = item
        self.phases = {}
        yield
        self.ended(item)

    def pytest_runtest_logreport(self, report):
        # There are several where a test has parts: none of them may be forgotten.
        known = self.phases.get(report.when)
        if known is None or not known.failed:
            self.phases[report.when] = report

    def pytest_keyboard_interrupt(self, excinfo):
        self.fail(self.name_of(self.running), excinfo.value)

    def pytest_internalerror(self, excinfo):
        self.fail('pytest', excinfo.value)
        return True

    # ---- what they come to

    running = None

    def ended(self, item):
        self.left.remove(item)
        name = self.name_of(item)
        for when in ('setup', 'call', 'teardown'):
            report = self.phases.get(when)
            if report is not None and report.failed:
                error = self.thrown.get((item.nodeid, when))
                if type(error).__name__ == 'FixtureLookupError':
                    error = AssertionError('there is no fixture %s' % error.argname)
                self.fail(name, error or AssertionError(str(report.longrepr).strip() or 'it failed'))
                return
        reports = [self.phases.get(when) for when in ('setup', 'call', 'teardown')]
        if any(hasattr(report, 'wasxfail') for report in reports):
            self.why.append('whether it fails or not, it may: it is marked xfail')
        elif any(report is not None and report.skipped for report in reports):
            self.why.append('all of it is skipped')
        elif all(report is not None and report.passed for report in reports):
            self.counted += 1
        else:
            self.left.append(item)

    def name_of(self, item):
        if item is None:
            return 'the tests'
        return '.'.join(node.name for node in item.listchain() if isinstance(node, (pytest.Class, pytest.Function)))

    def outcome(self, name, code):
        """Raises what went wrong. Only what was seen to pass, passes."""
        if self.failures:
            raise cases.Case(*self.failures[0])
        if self.left:
            raise cases.Case(self.name_of(self.left[0]), AssertionError('it was not run'))
        if self.counted == 0:
            raise cases.Case(name, AssertionError(cases.NOTHING % (self.why[0] if self.why else 'it has no test methods')))
        if code != 0:
            raise cases.Case(name, AssertionError('pytest ended with code %d' % code))


def prepare(link):
    """Makes pytest fit for tests whose code is in another process. To be called once, before any test."""
    os.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'
    guard(link)


def run(name, names, space, link):
    """Runs tests by pytest, and raises the first thing that goes wrong.

    `name` is for what goes wrong with all of them; `names` are those of the tests and of what belongs to them in `space`.
    """
    module = types.ModuleType('tests')
    for one in names:
        value = dict.__getitem__(space, one)
        if one[:2] != '__' and proxies.ref_of(value) is None:
            module.__dict__[one] = value
    suite = Suite(link, module)
    root = os.path.join(SCRATCH, 'files')
    os.makedirs(root, exist_ok=True)
    folder = os.path.join(root, str(len(os.listdir(root)) + 1))
    with suite.files(folder):
        code = pytest.main([*OPTIONS, '--rootdir=' + root, '--basetemp=' + folder], plugins=[suite])
    os.makedirs(folder, exist_ok=True)
    suite.outcome(name, int(code))
