"""The special methods that travel between the processes, and the operation that each one stands for."""

import operator


def _special(name):
    def run(value, *rest):
        return getattr(type(value), name)(value, *rest)

    return run


def _copy(value, *_):
    import copy

    return copy.copy(value)


def _deepcopy(value, *_):
    import copy

    return copy.deepcopy(value)


UNARY = {
    '__neg__': operator.neg,
    '__pos__': operator.pos,
    '__abs__': abs,
    '__invert__': operator.invert,
}
ACCESS = {
    '__len__': len,
    '__iter__': iter,
    '__next__': next,
    '__reversed__': reversed,
    '__getitem__': operator.getitem,
    '__setitem__': operator.setitem,
    '__delitem__': operator.delitem,
    '__int__': int,
    '__float__': float,
    '__complex__': complex,
    '__index__': operator.index,
    '__bytes__': bytes,
    '__round__': round,
    '__trunc__': _special('__trunc__'),
    '__floor__': _special('__floor__'),
    '__ceil__': _special('__ceil__'),
    '__enter__': _special('__enter__'),
    '__exit__': _special('__exit__'),
}
ALWAYS = {
    '__str__': str,
    '__repr__': repr,
    '__format__': format,
    '__hash__': hash,
    '__bool__': bool,
    '__copy__': _copy,
    '__deepcopy__': _deepcopy,
}
EQUALITY = {'__eq__': operator.eq, '__ne__': operator.ne}
ORDER = {
    '__lt__': operator.lt,
    '__le__': operator.le,
    '__gt__': operator.gt,
    '__ge__': operator.ge,
    '__contains__': operator.contains,
}
ARITHMETIC = {
    '__%s__' % name: getattr(operator, '__%s__' % name)
    for name in 'add sub mul truediv floordiv mod pow matmul and or xor lshift rshift'.split()
}
ARITHMETIC['__divmod__'] = divmod
INPLACE = {
    '__i%s' % name[2:]: getattr(operator, '__i%s' % name[2:]) for name in ARITHMETIC if name != '__divmod__'
}  # fmt: skip
OPERATIONS = {}
for _table in (UNARY, ACCESS, ALWAYS, EQUALITY, ORDER, ARITHMETIC, INPLACE):
    OPERATIONS.update(_table)
# Which of them a class is asked for: the rest is always there or decided by the judge.
ASKED = [*UNARY, *ACCESS, *INPLACE, '__call__']


def supported(kind, names=None):
    """The special methods of `names` that instances of `kind` have."""
    return [name for name in (names or ASKED) if getattr(kind, name, None) is not None]


# What the candidate may do with an object of the tests, beside its public attributes.
LENT = [
    *ACCESS, *EQUALITY, *ORDER, *ARITHMETIC, *INPLACE, *UNARY, *('__r%s' % name[2:] for name in ARITHMETIC),
    '__str__', '__repr__', '__hash__', '__bool__', '__call__',
]  # fmt: skip
