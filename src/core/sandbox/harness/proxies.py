"""What the judge holds in place of objects that live in the candidate's process.

A proxy never equals plain data, and never hands plain data of the tests to an object that the tests did not build:
the candidate's own `__eq__`, `__sub__` or `__lt__` would answer whatever makes the test pass.
"""

import builtins

import ops
from rpc import Broken
from wire import EXCEPTIONS

# Special names that are data. All others are answered here, so that no proxy can pose as something that it is not.
READABLE = frozenset(
    '__dict__ __doc__ __name__ __qualname__ __annotations__ __defaults__ __wrapped__ __dataclass_fields__'.split()
)
_get = object.__getattribute__


class Ref:
    """Which object a proxy stands for, and how far it is trusted with the tests' values."""

    __slots__ = ('link', 'rid', 'built', 'builds')

    def __init__(self, link, rid):
        self.link = link
        self.rid = rid
        self.built = False  # built by the tests: operators may take plain data
        self.builds = None  # the class whose instances a call of this one builds


def ref_of(value):
    """The Ref of a proxy of either kind, None for everything else."""
    kind = type(value)
    if kind is RemoteMeta:
        return type.__getattribute__(value, '__dict__').get('_solvent')
    if type(kind) is RemoteMeta:
        return _get(value, '_solvent')
    return None


def trust(value, kind):
    """Marks an instance of `kind` as built by the tests."""
    if type(type(value)) is RemoteMeta and issubclass(type(value), kind):
        ref_of(value).built = True
    return value


class RemoteMeta(type):
    """The type of the stand-ins for the candidate's classes: real classes, fit for isinstance and except."""

    def __new__(mcs, name, bases, namespace, **_):
        raise TypeError('tests cannot derive a class from %s, a class of the code under test' % bases[0].__name__)

    def __call__(cls, *args, **kwargs):
        ref = ref_of(cls)
        made = ref.link.ask('call', cls, args, kwargs)
        if isinstance(made, BaseException) and ref_of(made) is not None:
            made.args = ref.link.ask('getattr', made, 'args')
        return made if ref.builds is None else trust(made, ref.builds)

    def __getattr__(cls, name):
        if special(name) and name not in READABLE and name != '__members__':
            raise AttributeError(name)
        ref = ref_of(cls)
        if ref is None:
            raise AttributeError(name)
        found = ref.link.ask('getattr', cls, name)
        inner = ref_of(found)
        if inner is not None and ref.builds is not None:
            inner.builds = inner.builds or ref.builds
            trust(found, ref.builds)
        return found

    def __setattr__(cls, name, value):
        ref_of(cls).link.ask('setattr', cls, name, value)

    def __delattr__(cls, name):
        ref_of(cls).link.ask('delattr', cls, name)

    def __iter__(cls):
        return ref_of(cls).link.ask('__iter__', cls)

    def __len__(cls):
        return ref_of(cls).link.ask('__len__', cls)

    def __bool__(cls):
        return True

    def __getitem__(cls, key):
        return ref_of(cls).link.ask('__getitem__', cls, key)


def special(name):
    return name[:2] == '__' and name[-2:] == '__'


def _forward(name):
    def method(self, *rest):
        return ref_of(self).link.ask(name, self, *rest)

    return method


def _derive(name):
    def method(self, *rest):
        ref = ref_of(self)
        return mark(ref.link.ask(name, self, *rest), ref.built)

    return method


def mark(value, built):
    inner = ref_of(value)
    if built and inner is not None:
        inner.built = True
    return value


def _guarded(name):
    def method(self, other):
        return mark(*_operate(self, other, name, False))

    return method


def _reflected(name):
    def method(self, other):
        return mark(*_operate(self, other, name, True))

    return method


def _operate(self, other, name, swapped):
    mine, theirs = ref_of(self), ref_of(other)
    built = mine.built or (theirs is not None and theirs.built)
    if theirs is None and not built:
        raise TypeError('the result is not plain data but a %s object' % type(self).__name__)
    return mine.link.ask(name, *((other, self) if swapped else (self, other))), built


def _eq(self, other):
    if self is other:
        return True
    if ref_of(other) is None:
        return False
    return ref_of(self).link.ask('__eq__', self, other)


def _ne(self, other):
    if ref_of(other) is None:
        return True
    return ref_of(self).link.ask('__ne__', self, other)


def _getattribute(self, name):
    if special(name) and name not in READABLE:
        return _get(self, name)
    return ref_of(self).link.ask('getattr', self, name)


def _setattr(self, name, value):
    ref_of(self).link.ask('setattr', self, name, value)


def _delattr(self, name):
    ref_of(self).link.ask('delattr', self, name)


def _call(self, *args, **kwargs):
    ref = ref_of(self)
    made = ref.link.ask('call', self, args, kwargs)
    return made if ref.builds is None else trust(made, ref.builds)


def _exit(self, kind, error, trace):
    """Never lets the candidate swallow a failed assertion, and never shows it one: its message holds expected values."""
    if isinstance(error, AssertionError) and ref_of(error) is None:
        ref_of(self).link.ask('__exit__', self, AssertionError, AssertionError(), None)
        return False
    return ref_of(self).link.ask('__exit__', self, kind, error, None)


def _error_getattr(self, name):
    ref = self.__dict__.get('_solvent')
    if ref is None or special(name):
        raise AttributeError(name)
    return ref.link.ask('getattr', self, name)


def _error_str(self):
    text = self.__dict__.get('_solvent_text')
    return ref_of(self).link.ask('__str__', self) if text is None else text


METHODS = {name: _derive(name) for name in ops.UNARY}
METHODS.update({name: _forward(name) for name in ops.ACCESS})
METHODS.update({name: _guarded(name) for name in ops.INPLACE})
METHODS.update({'__call__': _call, '__exit__': _exit})

_base = {name: _forward(name) for name in ops.ALWAYS}
_base.update({name: _guarded(name) for table in (ops.ORDER, ops.ARITHMETIC) for name in table})
_base.update({'__r%s' % name[2:]: _reflected(name) for name in ops.ARITHMETIC})
_base.update(
    __eq__=_eq, __ne__=_ne, __getattribute__=_getattribute, __setattr__=_setattr, __delattr__=_delattr, _solvent=None
)
Remote = type.__new__(RemoteMeta, 'Remote', (), _base)
RemoteError = type.__new__(
    RemoteMeta, 'RemoteError', (), {'__getattr__': _error_getattr, '__str__': _error_str, '_solvent': None}
)


class Stock:
    """All proxies of one run: the same object always has the same proxy."""

    def __init__(self, link):
        self.link = link
        self.known = {}
        self.opening = set()

    def instance(self, rid, class_rid):
        found = self.known.get(rid)
        if found is None:
            kind = self.kind(class_rid)
            found = kind.__new__(kind) if issubclass(kind, BaseException) else object.__new__(kind)
            if isinstance(found, BaseException):
                found.__dict__['_solvent'] = Ref(self.link, rid)
            else:
                object.__setattr__(found, '_solvent', Ref(self.link, rid))
            self.known[rid] = found
        return found

    def kind(self, rid):
        """The class that stands for the candidate's class `rid`."""
        found = self.known.get(rid)
        if found is not None:
            if type(found) is not RemoteMeta:
                raise Broken('an object that became a class')
            return found
        if type(rid) is not int or rid in self.opening or len(self.opening) > 50:
            raise Broken('a class that makes no sense')
        self.opening.add(rid)
        try:
            bases, names, name = self.link.ask('describe', rid).split('|', 2)
            found = self.synthesise(rid, bases.split(), names.split(), name)
        finally:
            self.opening.discard(rid)
        self.known[rid] = found
        return found

    def synthesise(self, rid, bases, names, name):
        parents = [EXCEPTIONS[base[1:]] if base[0] == '!' else self.kind(int(base)) for base in bases]
        failing = [parent for parent in parents if issubclass(parent, BaseException)]
        mixin = RemoteError if failing else Remote
        if not any(type(parent) is RemoteMeta and issubclass(parent, mixin) for parent in parents):
            parents.insert(0, mixin)
        name = 'candidate.' + name if hasattr(builtins, name) else name[:100]
        space = {'_solvent': Ref(self.link, rid), '__module__': 'solution'}
        if not failing:
            space.update({dunder: METHODS[dunder] for dunder in names if dunder in METHODS})
        try:
            return type.__new__(RemoteMeta, name, tuple(parents), space)
        except TypeError:
            # Its order of bases exists only in the candidate's process: keep what `except` needs.
            return type.__new__(RemoteMeta, name, (mixin, *failing[:1]), space)
