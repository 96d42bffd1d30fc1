"""What calls of the code came to, as text that is the same for equal results: for answers that are compared with each
other, when nobody knows the right one. All of it is made up here, from what the code gave back.
"""

import math

import wire
from rpc import Broken, Gone

ROOM = 400_000  # characters that a result may take when it is written down; of a larger one nothing is told
DEEPEST = 200  # how deeply lists may lie in lists
DIGITS = 12  # in which numbers differ that are the same but for the order of their sums
NAME = 100  # characters of an error's name


class Opaque(Exception):
    """A result holds what cannot be compared: it is no plain data, or too much of it."""


class Writer:
    """Writes a value down. Sets and dicts have no order, as for `==`.

    `loose` leaves out what Python's `==` does not see: of which type a number is, the sign of zero, whether a collection
    can be changed or knows more than its contents; and the last digits of a float.
    """

    def __init__(self, loose):
        self.loose = loose
        self.left = ROOM
        self.around = {}  # the collections that the present one lies in, by their ids: how deep each is

    def text(self, value):
        """Raises Opaque. Only exact types are known here: what derives from one would say of itself what it likes."""
        kind = type(value)
        if kind in CONTAINERS:
            return self.container(kind, value)
        return self.take(self.atom(kind, value))

    def take(self, text):
        self.left -= 1 + len(text)
        if self.left < 0:
            raise Opaque
        return text

    def atom(self, kind, value):
        if value is None or value is Ellipsis or value is NotImplemented:
            return str(value)
        if kind in NUMBERS:
            return self.number(kind, value)
        if kind is str:
            self.fits(value)
            return ascii(value)
        if kind is bytes or kind is bytearray:
            self.fits(value)
            return '%s %s' % ('bytes' if self.loose else kind.__name__, value.hex())
        if kind is range:
            return self.range(value)
        if kind is slice:
            return 'slice(%s)' % ', '.join([self.text(part) for part in (value.start, value.stop, value.step)])
        if kind is type and id(value) in wire.NAMES:
            return 'type %s' % wire.NAMES[id(value)]
        if kind.__module__ in wire.LIBRARY:
            return self.special(kind, value)
        raise Opaque

    def fits(self, value):
        if len(value) > self.left:
            raise Opaque

    # ---- numbers

    def number(self, kind, value):
        if self.loose:
            return loose_complex(value) if kind is complex else loose_number(value)
        if kind is int:
            return hex(value)
        return 'complex(%r, %r)' % (value.real, value.imag) if kind is complex else repr(value)

    def range(self, value):
        if not self.loose:
            return 'range(%x, %x, %x)' % (value.start, value.stop, value.step)
        if not value:
            return 'range()'
        first, last = value[0], value[-1]
        return 'range(%x, %x, %x)' % (first, last, 0 if first == last else value.step)

    # ---- collections

    def container(self, kind, value):
        depth = len(self.around)
        above = self.around.get(id(value))
        if above is not None:
            return self.take('around:%d' % (depth - above))
        if depth == DEEPEST:
            raise Opaque
        self.around[id(value)] = depth
        try:
            name = self.take(CONTAINERS[kind] if self.loose else kind.__name__)
            return '%s(%s)' % (name, ', '.join(self.parts(kind, value)))
        finally:
            del self.around[id(value)]

    def parts(self, kind, value):
        if kind is list or kind is tuple:
            return [self.text(item) for item in value]
        if kind is set or kind is frozenset:
            return sorted([self.text(item) for item in value])
        return sorted(['%s: %s' % (self.text(key), self.text(item)) for key, item in value.items()])

    def special(self, kind, value):
        """Values of the standard library that travel by value."""
        name = kind.__name__
        if name in ('Decimal', 'Fraction'):
            return loose_number(value) if self.loose else '%s %s' % (name, value)
        if name == 'deque':
            limit = '' if self.loose else ' of %s' % value.maxlen
            return 'deque%s %s' % (limit, self.text(list(value)))
        if name in ('OrderedDict', 'Counter', 'defaultdict'):
            items = self.text(dict(value))
            if self.loose:
                return items
            return '%s %s %s' % (name, items, self.text(list(value)) if name == 'OrderedDict' else '')
        return ascii(value)


def loose_complex(value):
    if value.imag == 0:
        return loose_number(value.real)
    return 'complex(%s, %s)' % (loose_number(value.real), loose_number(value.imag))


def loose_number(value):
    """The same for numbers that are equal, or differ in the last digits of a float only."""
    if type(value) in (bool, int):
        return hex(value)
    if not math.isfinite(value):
        return str(float(value))
    if value == int(value):
        return hex(int(value))
    value = float(value)
    # A float of so many digits before its point has few behind it.
    rounded = round(value) if abs(value) >= 10**DIGITS else float('%.*g' % (DIGITS, value))
    return hex(int(rounded)) if rounded == int(rounded) else repr(rounded)


NUMBERS = (int, bool, float, complex)
# By their types, what they are called where only what `==` sees counts.
CONTAINERS = {list: 'list', tuple: 'tuple', set: 'set', frozenset: 'set', dict: 'dict'}


def digest(text):
    import hashlib

    return hashlib.sha256(text.encode('ascii')).hexdigest()


def given(value):
    """The outcome of a call that gave something. Raises Gone and Broken where the code's end is met meanwhile."""
    try:
        exact, loose = (digest(Writer(way).text(value)) for way in (False, True))
    except (Broken, Gone):
        raise
    except Exception:  # also what Python cannot write down, such as a Decimal of a billion digits
        return {'kind': 'opaque'}
    return {'kind': 'value', 'exact': exact, 'loose': loose}


def thrown(error):
    """The outcome of a call that raised something: the name of its class."""
    return {'kind': 'error', 'name': type(error).__name__[:NAME]}
