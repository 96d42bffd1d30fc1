"""Fixtures of pytest that have to know that the code under test runs in another process."""

import contextlib
import functools
import importlib
import os

import proxies
import pytest
from namespace import TESTS, standard

MISSING = object()


def unseen(what):
    """A fixture that cannot work: what it is to see happens elsewhere."""

    def fixture(self):
        pytest.fail('%s sees %s of the tests, not of the code, which runs in a process of its own' % what, pytrace=False)

    name = what[0]
    fixture.__name__ = name
    return pytest.fixture(name=name)(fixture)


class Patch(pytest.MonkeyPatch):
    """Changes the code's process together with that of the tests, and says so where it cannot."""

    link = None

    def __init__(self):
        super().__init__()
        self.remote = []

    @contextlib.contextmanager
    def context(self=None):
        inner = Patch()
        try:
            yield inner
        finally:
            inner.undo()

    def setattr(self, target, name, value=MISSING, raising=True):
        if isinstance(target, str):
            if value is not MISSING:
                raise TypeError('use setattr(target, name, value) or setattr("module.name", value)')
            (target, name), value = found(target), name
        if value is MISSING:
            raise TypeError('use setattr(target, name, value) or setattr("module.name", value)')
        self.change(target, name, value, raising)
        if proxies.ref_of(target) is None:
            super().setattr(target, name, value, raising=raising)

    def delattr(self, target, name=MISSING, raising=True):
        if isinstance(target, str):
            target, name = found(target)
        self.change(target, name, MISSING, raising)
        if proxies.ref_of(target) is None:
            super().delattr(target, name, raising=raising)

    def change(self, target, name, value, raising):
        """Changes an attribute in the code's process, of an object of the code or of a module of the library."""
        if proxies.ref_of(target) is None:
            home = home_of(target)
            if home == TESTS:
                return
            if not standard(home) or not (type(target) is type(os) or isinstance(target, type)):
                raise AssertionError('monkeypatch cannot change %s in the process that the code runs in' % home)
        try:
            old = self.link.ask('getattr', target, name)
        except AttributeError:
            if raising:
                raise
            old = MISSING
        self.put(target, name, value)
        self.remote.append(functools.partial(self.put, target, name, old))

    def put(self, target, name, value):
        if value is MISSING:
            self.link.ask('delattr', target, name)
        else:
            self.link.ask('setattr', target, name, value)

    def setitem(self, dic, name, value):
        if dic is os.environ:
            self.setenv(name, value)
        else:
            super().setitem(own(dic), name, value)

    def delitem(self, dic, name, raising=True):
        if dic is os.environ:
            self.delenv(name, raising)
        else:
            super().delitem(own(dic), name, raising)

    def setenv(self, name, value, prepend=None):
        super().setitem(os.environ, name, joined(name, str(value), prepend))
        self.tell(name)

    def delenv(self, name, raising=True):
        super().delitem(os.environ, name, raising)
        self.tell(name)

    def tell(self, name):
        old = self.link.ask('environment', name, os.environ.get(name))
        self.remote.append(functools.partial(self.link.ask, 'environment', name, old))

    def chdir(self, path):
        super().chdir(path)
        old = self.link.ask('enter', os.getcwd())
        self.remote.append(functools.partial(self.link.ask, 'enter', old))

    def syspath_prepend(self, path):
        raise AssertionError('monkeypatch cannot change sys.path here: the code is no module of a folder')

    def undo(self):
        super().undo()
        while self.remote:
            back = self.remote.pop()
            if self.link.lost is None:
                back()


def home_of(target):
    """The module that what is to be changed comes from."""
    if type(target) is type(os):
        return target.__name__
    if isinstance(target, (type, type(home_of))):
        return target.__module__
    kind = type(target).__module__
    return TESTS if kind in ('types', 'unittest.mock') else kind


def own(mapping):
    """A mapping of the tests' process; one of the code's is refused."""
    if proxies.ref_of(mapping) is not None:
        raise AssertionError('monkeypatch cannot change an item of a %s of the code' % type(mapping).__name__)
    return mapping


def joined(name, value, prepend):
    return value if prepend is None or name not in os.environ else value + prepend + os.environ[name]


def found(path):
    """The object that holds the last name of a dotted path, and that name."""
    parts = path.split('.')
    for count in range(len(parts) - 1, 0, -1):
        try:
            target = importlib.import_module('.'.join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:-1]:
            target = getattr(target, part)
        return target, parts[-1]
    raise AssertionError('monkeypatch cannot change %s: no module of that name is to be found' % path)


def guarded(compare):
    """A comparison with what is no plain data is never true: the code would answer what makes it so."""

    @functools.wraps(compare)
    def equal(self, actual):
        if proxies.ref_of(actual) is not None or proxies.ref_of(self.expected) is not None:
            return False
        return compare(self, actual)

    return equal


def guard(link):
    """Makes pytest itself safe from objects of the code. To be called before any test uses it."""
    todo = [base for base in type(pytest.approx(1)).__mro__ if base is not object][-1:]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if '__eq__' in vars(kind):
            kind.__eq__ = guarded(vars(kind)['__eq__'])
    Patch.link = link
    pytest.MonkeyPatch = Patch


class Fixtures:
    """A plugin with the fixtures. Those that it does not name are pytest's own."""

    def __init__(self, link):
        self.link = link

    capsys = unseen(('capsys', 'the output'))
    capsysbinary = unseen(('capsysbinary', 'the output'))
    capteesys = unseen(('capteesys', 'the output'))
    capfd = unseen(('capfd', 'the output'))
    capfdbinary = unseen(('capfdbinary', 'the output'))
    caplog = unseen(('caplog', 'the log'))
    recwarn = unseen(('recwarn', 'the warnings'))

    @pytest.fixture
    def monkeypatch(self):
        patch = Patch()
        try:
            yield patch
        finally:
            patch.undo()

    @contextlib.contextmanager
    def files(self, folder):
        """Has the files in a folder be the same for tests and code, as long as it lasts."""
        self.link.share(folder)
        try:
            yield
        finally:
            self.link.share(None)
