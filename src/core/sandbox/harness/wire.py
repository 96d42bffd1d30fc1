"""The codec between judge and candidate: plain data travels by value, by its exact type; all else as a reference.

A message carries *slots*: JSON scalars stand for themselves, `[sid]` stands for a numbered object. *Nodes*
`[sid, tag, payload]` define numbered objects. Numbers live as long as the outermost call, so that shared references,
cycles and in-place changes of arguments are the same on both sides.
"""

import sys

SMALL = 1 << 62
TYPES = {
    kind.__name__: kind
    for kind in (
        object, type, bool, int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict, range, slice,
        property, staticmethod, classmethod, enumerate, zip, map, filter, reversed, memoryview, super,
    )
}  # fmt: skip
EXCEPTIONS = {
    name: kind
    for name, kind in vars(__import__('builtins')).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
TYPES.update(EXCEPTIONS)
TYPES['NoneType'] = type(None)
NAMES = {id(kind): name for name, kind in TYPES.items()}


class Broken(BaseException):
    """The other side does not keep to the protocol."""


class Codec:
    """Translates values for one side. `step` is +1 or -1: each side numbers the objects that it introduces."""

    def __init__(self, step, export, adopt):
        self.step = step
        self.export = export  # object -> (tag, payload of JSON and slots), for what is not plain data
        self.adopt = adopt  # (tag, payload) -> object, the reverse
        self.last = 0
        self.forget()

    def forget(self):
        """Ends the life of all numbers: the outermost call is over."""
        self.objects = {}
        self.sids = {}
        self.watched = {}
        self.weight = 0

    # ---- values to messages

    def pack(self, values, final=True):
        """The parts of a message that carry `values` and the in-place changes made since the last message."""
        nodes = []
        todo = []
        before = self.last
        try:
            message = {'v': [self.slot(value, todo) for value in values], 'n': nodes}
            self.drain(todo, nodes)
            if self.watched and (final or self.weight <= 4096):
                updates = self.updates(todo)
                self.drain(todo, nodes)
                if updates:
                    message['u'] = updates
            return message
        except BaseException:
            self.undo(before)
            raise

    def undo(self, before):
        """Takes back the numbers of a message that is never sent: the other side will not know them."""
        for sid in [sid for sid in self.objects if sid * self.step > before * self.step]:
            self.sids.pop(id(self.objects.pop(sid)), None)
            self.watched.pop(sid, None)

    def drain(self, todo, nodes):
        at = 0
        while at < len(todo):
            sid, value = todo[at]
            at += 1
            tag, payload = self.node(value, todo)
            nodes.append([sid, tag, payload])
            self.watch(sid, tag, value)
        todo.clear()

    def slot(self, value, todo):
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            if -SMALL < value < SMALL:
                return value
        elif kind is float:
            if value == value:
                return value
        elif kind is str:
            if value.isascii() or clean(value):
                return value
        sid = self.sids.get(id(value))
        if sid is None:
            self.last = sid = self.last + self.step
            self.objects[sid] = value
            self.sids[id(value)] = sid
            todo.append((sid, value))
        return [sid]

    def slots(self, values, todo):
        kinds = set(map(type, values))
        if len(kinds) == 1:
            kind = kinds.pop()
            if kind is int and -SMALL < min(values) and max(values) < SMALL:
                return list(values)
            if kind is str and ''.join(values).isascii():
                return list(values)
        return [self.slot(value, todo) for value in values]

    def pairs(self, value, todo):
        return [self.slots(list(dict.keys(value)), todo), self.slots(list(dict.values(value)), todo)]

    def node(self, value, todo):
        kind = type(value)
        if kind is list:
            return 'l', self.slots(value, todo)
        if kind is tuple:
            return 't', self.slots(value, todo)
        if kind is dict:
            return 'd', self.pairs(value, todo)
        if kind is set:
            return 's', self.slots(list(value), todo)
        if kind is frozenset:
            return 'f', self.slots(list(value), todo)
        if kind is int:
            return 'I', hex(value)
        if kind is float:
            return 'n', None
        if kind is str:
            return 'S', [ord(letter) for letter in value]
        if kind is bytes:
            return 'B', value.hex()
        if kind is bytearray:
            return 'A', value.hex()
        if kind is complex:
            return 'c', [value.real, value.imag]
        if kind is range:
            return 'r', self.slots([value.start, value.stop, value.step], todo)
        if kind is slice:
            return 'k', self.slots([value.start, value.stop, value.step], todo)
        if value is Ellipsis:
            return 'E', 0
        if value is NotImplemented:
            return 'E', 1
        if id(value) in NAMES and isinstance(value, type):
            return 'y', NAMES[id(value)]
        if kind.__module__ in LIBRARY:
            found = self.library(kind, value, todo)
            if found is not None:
                return found
        tag, payload = self.export(value)
        return tag, [part if type(part) is str else self.slot(part, todo) for part in payload]

    def library(self, kind, value, todo):
        """Values of the standard library. Modules are looked up, not imported: who holds a value has imported it."""
        name = kind.__name__
        if kind is not getattr(sys.modules.get(LIBRARY[kind.__module__]), name, None):
            return None
        if name == 'Decimal':
            return 'D', str(value)
        if name == 'Fraction':
            return 'F', self.slots([value.numerator, value.denominator], todo)
        if name == 'timedelta':
            return 'T', [name, value.days, value.seconds, value.microseconds]
        if name == 'date':
            return 'T', [name, value.year, value.month, value.day]
        if name in ('datetime', 'time'):
            return self.moment(name, value)
        if name in PATHS:
            return 'p', [name, str(value)]
        if name == 'OrderedDict':
            return 'O', self.pairs(value, todo)
        if name == 'Counter':
            return 'C', self.pairs(value, todo)
        if name == 'defaultdict' and (value.default_factory is None or id(value.default_factory) in NAMES):
            return 'Q', [NAMES.get(id(value.default_factory))] + self.pairs(value, todo)
        if name == 'deque':
            return 'q', [value.maxlen, self.slots(list(value), todo)]
        return None

    def moment(self, name, value):
        zone = value.tzinfo
        offset = None
        if zone is not None:
            if type(zone) is not sys.modules['datetime'].timezone:
                return None
            shift = zone.utcoffset(None)
            offset = [shift.days, shift.seconds, shift.microseconds]
        clock = [value.hour, value.minute, value.second, value.microsecond]
        day = [value.year, value.month, value.day] if name == 'datetime' else []
        return 'T', [name] + day + clock + [value.fold, offset]

    # ---- in-place changes

    def watch(self, sid, tag, value):
        look = LOOKS.get(tag)
        if look is not None:
            seen = look(value)
            self.watched[sid] = (tag, seen)
            self.weight += len(seen)

    def updates(self, todo):
        changed = []
        for sid, (tag, seen) in list(self.watched.items()):
            value = self.objects[sid]
            now = LOOKS[tag](value)
            if len(now) != len(seen) or any(map(is_not, now, seen)):
                self.watched[sid] = (tag, now)
                changed.append([sid, tag, self.node(value, todo)[1]])
        return changed

    # ---- messages to values

    def unpack(self, message):
        """The values of a message, after its in-place changes have been applied to this side's originals."""
        fresh = {}
        for sid, tag, payload in message['n']:
            if type(sid) is not int or sid * self.step >= 0 or sid in self.objects or sid in fresh:
                raise Broken('a node with a number that is not its own')
            fresh[sid] = (tag, payload)
        updates = message.get('u', ())
        for sid, (tag, _) in fresh.items():
            if tag in SHELLS:
                self.settle(sid, SHELLS[tag]())
        for sid in fresh:
            if sid not in self.objects:
                self.build(sid, fresh)
        for sid, (tag, payload) in fresh.items():
            if tag in LOOKS:
                self.fill(tag, self.objects[sid], payload)
        for sid, (tag, _) in fresh.items():
            self.watch(sid, tag, self.objects[sid])
        for sid, tag, payload in updates:
            if sid not in self.watched or self.watched[sid][0] != tag:
                raise Broken('a change of something that cannot be changed')
            value = self.objects[sid]
            self.fill(tag, value, payload)
            self.watched[sid] = (tag, LOOKS[tag](value))
        return [self.value(slot) for slot in message['v']]

    def settle(self, sid, value):
        self.objects[sid] = value
        self.sids[id(value)] = sid

    def build(self, sid, fresh):
        """Builds an immutable object after its parts, without recursion: data may be nested deeply."""
        stack = [sid]
        open_ = set()
        while stack:
            top = stack[-1]
            if top in self.objects:
                stack.pop()
                continue
            tag, payload = fresh[top]
            missing = [slot[0] for slot in parts(tag, payload) if type(slot) is list and slot[0] not in self.objects]
            if missing:
                if top in open_ or any(part not in fresh for part in missing):
                    raise Broken('an object that contains itself')
                open_.add(top)
                stack.extend(missing)
                continue
            self.settle(top, self.make(tag, payload))
            stack.pop()

    def value(self, slot):
        if type(slot) is list:
            return self.objects[slot[0]]
        return slot

    def values(self, slots):
        return [self.objects[slot[0]] if type(slot) is list else slot for slot in slots]

    def fill(self, tag, value, payload):
        if tag == 'l':
            value[:] = self.values(payload)
        elif tag == 'A':
            value[:] = bytes.fromhex(payload)
        elif tag == 's':
            value.clear()
            value.update(self.values(payload))
        elif tag == 'q':
            value.clear()
            value.extend(self.values(payload[1]))
        else:
            keys, values = payload[-2:]
            value.clear()
            for key, item in zip(self.values(keys), self.values(values)):
                value[key] = item

    def make(self, tag, payload):
        if tag == 't':
            return tuple(self.values(payload))
        if tag == 'f':
            return frozenset(self.values(payload))
        if tag == 'I':
            return int(payload, 16)
        if tag == 'n':
            return float('nan')
        if tag == 'S':
            return ''.join(map(chr, payload))
        if tag == 'B':
            return bytes.fromhex(payload)
        if tag == 'c':
            return complex(*payload)
        if tag == 'r':
            return range(*self.values(payload))
        if tag == 'k':
            return slice(*self.values(payload))
        if tag == 'E':
            return NotImplemented if payload else Ellipsis
        if tag == 'y':
            return TYPES[payload]
        if tag == 'D':
            return __import__('decimal').Decimal(str(payload))
        if tag == 'F':
            return __import__('fractions').Fraction(*self.values(payload))
        if tag == 'T':
            return moment(payload)
        if tag == 'p':
            return path(*payload)
        if tag == 'Q':
            factory = None if payload[0] is None else TYPES[payload[0]]
            return __import__('collections').defaultdict(factory)
        if tag == 'q':
            return __import__('collections').deque([], payload[0])
        return self.adopt(tag, [part if type(part) is str else self.value(part) for part in payload])


def parts(tag, payload):
    """The slots that must be there before an immutable object can be made."""
    if tag in COMPOSED or tag in 'PKRX':
        return payload
    return ()


def clean(text):
    """True when the text survives JSON as it is: it holds no half of a surrogate pair, which JSON might join."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def moment(payload):
    library = __import__('datetime')
    name = payload[0]
    if name in ('date', 'timedelta'):
        return getattr(library, name)(*payload[1:])
    if name not in ('datetime', 'time'):
        raise Broken('no such kind of time')
    zone = None if payload[-1] is None else library.timezone(library.timedelta(*payload[-1]))
    return getattr(library, name)(*payload[1:-2], tzinfo=zone, fold=payload[-2])


def path(name, text):
    if name not in PATHS or type(text) is not str:
        raise Broken('no such kind of path')
    return getattr(__import__('pathlib'), name)(text)


def is_not(one, other):
    return one is not other


def _look_dict(value):
    return [*dict.keys(value), *dict.values(value)]


LIBRARY = {
    'decimal': 'decimal', 'fractions': 'fractions', 'datetime': 'datetime', 'collections': 'collections',
    'pathlib': 'pathlib', 'pathlib._local': 'pathlib',
}  # fmt: skip
PATHS = ('PosixPath', 'PurePosixPath', 'PureWindowsPath')
# Mutable kinds that exist before their contents do, so that cycles can close.
SHELLS = {
    'l': list, 'd': dict, 's': set, 'A': bytearray,
    'O': lambda: __import__('collections').OrderedDict(), 'C': lambda: __import__('collections').Counter(),
}  # fmt: skip
LOOKS = {
    'l': list.copy, 's': list, 'A': bytes, 'q': list,
    'd': _look_dict, 'O': _look_dict, 'C': _look_dict, 'Q': _look_dict,
}  # fmt: skip
COMPOSED = 'tfrkF'
