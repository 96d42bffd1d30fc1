"""The names that tests see: their own, then the entry point and what else the candidate's module holds."""

import builtins
import sys

import proxies
from rpc import Broken, Gone

TESTS = '__tests__'
OWN = frozenset(
    '''__main__ asserts boot candidate cases foreign judge judge_peer mirror namespace ops outcomes proxies pytest_cases
    pytest_fixtures rpc stub wire written'''.split()
)
_OLD = frozenset(
    '''abc array ast base64 bisect calendar cmath collections copy csv dataclasses datetime decimal difflib enum
    fractions functools hashlib heapq html inspect io itertools json keyword math numbers operator os pprint queue
    random re secrets statistics string struct sys textwrap threading time types typing unicodedata uuid'''.split()
)
_STANDARD = getattr(sys, 'stdlib_module_names', _OLD)
# Functions that compare or measure: when the candidate imported them, the tests use the judge's own.
_TRUSTED = frozenset(
    '''math cmath operator itertools functools collections re string decimal fractions datetime statistics random heapq
    bisect copy typing numbers json collections.abc _operator _collections _functools _heapq _bisect'''.split()
)


def standard(module):
    """True for a module of the standard library."""
    return module.partition('.')[0] in _STANDARD and module not in OWN


class Space(dict):
    """The tests' globals. Unknown names are looked up in the candidate's module."""

    def __init__(self, link, entry, stub):
        super().__init__()
        self.link = link
        self.entry = entry
        self.stub = stub
        self.found = {}
        self['__name__'] = TESTS
        self['__builtins__'] = builtins

    def __missing__(self, name):
        if name in self.found:
            return self.found[name]
        declared = name == self.entry or name in self.stub.functions or name in self.stub.classes
        if name[:1] == '@' or name[:2] == '__' or (hasattr(builtins, name) and not declared):
            raise KeyError(name)
        value, lasting = self.look_up(name, declared)
        if lasting:
            self.found[name] = value
        return value

    def look_up(self, name, declared):
        """The value, and whether it may be kept: data of the candidate's module may change with every call."""
        answer = self.link.ask('resolve', name)
        if type(answer) is not tuple or not answer or type(answer[0]) is not int:
            raise Broken('a name that makes no sense')
        if answer[0] == 0:
            raise KeyError(name)
        if not declared and name in _STANDARD:
            # Whatever the code calls by this name: the tests mean the library.
            return bring(name), True
        if answer[0] == 1:
            return bring(answer[1]), True
        value, home, label = answer[1:]
        ref = proxies.ref_of(value)
        if ref is None:
            return value, False
        if not declared and home in _TRUSTED and type(label) is str:
            own = getattr(bring(home), label, None)
            if own is not None:
                return own, True
        self.judge_class(name, value, ref)
        return value, type(value) is proxies.RemoteMeta or callable(value)

    def judge_class(self, name, value, ref):
        """Tests that call a class build its objects. Only a name that means a class makes it one in their eyes:
        a function to be written that turns out to be a class would otherwise build its own results.
        """
        if type(value) is not proxies.RemoteMeta or name in self.stub.functions:
            return
        if name in self.stub.classes or (name[:1].isupper() and '_' not in name):
            ref.builds = value


def bring(name):
    """Imports a module by the name that the candidate knows it by."""
    if type(name) is not str or name.partition('.')[0] in OWN:
        raise Broken('a module that makes no sense')
    try:
        return __import__(name, fromlist=['*'])
    except (Gone, Broken):
        raise
    except Exception as error:
        raise ImportError('%s cannot be imported by the tests: %s' % (name, error)) from None
