"""What the candidate holds in place of functions, classes and objects that the tests made."""

import ops


class ForeignMeta(type):
    """The type of the stand-ins for the tests' classes."""

    def __call__(cls, *args, **kwargs):
        return cls._link.ask('call', cls, args, kwargs)

    def __getattr__(cls, name):
        if name[:1] == '_':
            raise AttributeError(name)
        return cls._link.ask('getattr', cls, name)


class Foreign(metaclass=ForeignMeta):
    """An object of the tests: its public attributes and the special methods of its class, nothing else."""

    def __getattribute__(self, name):
        if name[:1] == '_':
            return object.__getattribute__(self, name)
        return type(self)._link.ask('getattr', self, name)

    def __setattr__(self, name, value):
        type(self)._link.ask('setattr', self, name, value)

    def __delattr__(self, name):
        type(self)._link.ask('delattr', self, name)


def _forward(name):
    def method(self, *rest):
        return type(self)._link.ask(name, self, *rest)

    return method


def _reflected(name):
    def method(self, other):
        return type(self)._link.ask(name, other, self)

    return method


def _call(self, *args, **kwargs):
    return type(self)._link.ask('call', self, args, kwargs)


def _method(name):
    if name == '__call__':
        return _call
    if name[:3] == '__r' and '__%s' % name[3:] in ops.ARITHMETIC:
        return _reflected('__%s' % name[3:])
    return _forward(name)


def stand_in(link, name, names, bases=(Foreign,)):
    """A class for objects of the tests that support the special methods `names`."""
    space = {dunder: _method(dunder) for dunder in names.split()}
    space['_link'] = link
    return type.__new__(ForeignMeta, name, bases, space)


def bare(kind):
    """An instance without running a constructor: the object itself lives with the tests."""
    return object.__new__(kind)
