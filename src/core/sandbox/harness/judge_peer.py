"""The judge's side of the conversation with the code under test."""

import os
import sys
import types

import ops
import proxies
import written
from mirror import Mirror
from namespace import OWN, TESTS, Space, standard
from rpc import Broken, Gone, Peer
from wire import EXCEPTIONS, TYPES


class Judge(Peer):
    """What the tests may touch of the candidate, and what they lend to it."""

    def __init__(self, channel):
        super().__init__(channel, 1)
        self.stock = proxies.Stock(self)
        self.lent = {}
        self.rids = {}
        self.lost = None
        self.swallowed = None
        self.mirror = None
        self.watched = False

    def ask(self, question, *operands):
        if self.lost is not None:
            raise self.lost
        if self.depth == 0 and self.channel.rest:
            self.lost = Broken('it wrote to the channel of its results')
            raise self.lost
        mirror = self.mirror if self.depth == 0 else None
        if mirror is None or not os.path.isdir(mirror.root):
            return self.put(question, *operands)
        self.tell(mirror)
        try:
            return self.put(question, *operands)
        finally:
            if self.lost is None:
                self.hear(mirror)

    def put(self, question, *operands):
        try:
            return super().ask(question, *operands)
        except (Gone, Broken) as error:
            self.lost = error
            raise

    # ---- files that tests and code share

    def share(self, root):
        """From now on a folder, which need not be there yet, is the same here and there; with None, none is."""
        self.mirror = None if root is None else Mirror(root)

    def tell(self, mirror):
        changes = mirror.changes()
        if changes:
            try:
                self.put('files', mirror.root, changes)
            except OSError as error:
                raise AssertionError('the code cannot be given the files of the test: %s' % error) from None

    def hear(self, mirror):
        try:
            changes = self.put('written')
            if changes:
                if not self.watched:
                    self.watched = True
                    written.watch(os.path.dirname(mirror.root))
                mirror.apply(changes)
        except (ValueError, OSError) as error:
            self.lost = Broken('its files cannot be taken over: %s' % error)
            raise self.lost from None

    # ---- what the candidate gives

    def adopt(self, tag, payload):
        if tag == 'P':
            return self.stock.instance(payload[0], payload[1])
        if tag == 'K':
            return self.stock.kind(payload[0])
        if tag == 'R':
            return self.lent[payload[0]][0]
        raise Broken('no such tag')

    def fail(self, values, question):
        """Raises the candidate's exception as the nearest builtin one, or as the stand-in of its own class."""
        kind, args, text, where, instance = values
        if type(args) is not tuple or type(text) is not str or type(where) is not str or not failing(kind):
            raise Broken('an exception that makes no sense')
        if type(kind) is proxies.RemoteMeta:
            if type(instance) is not kind:
                raise Broken('an exception that makes no sense')
            error = instance
            error.args = args
            error.__dict__['_solvent_text'] = text
        else:
            error = rebuild(kind, args, text)
        if isinstance(error, (StopIteration, StopAsyncIteration, GeneratorExit)) and question != '__next__':
            # It would end a loop of the tests in silence.
            error = RuntimeError('the code raised %s' % type(error).__name__)
        error._solvent_from = '%s%s' % (text, ' (%s)' % where if where else '')
        raise error

    # ---- what the tests lend

    def export(self, value):
        if proxies.ref_of(value) is not None:
            return 'R', [proxies.ref_of(value).rid]
        home = library_name(value)
        if home is not None:
            return 'M', home
        kind = type(value)
        if isinstance(value, BaseException):
            base = next(one for one in kind.__mro__ if EXCEPTIONS.get(one.__name__) is one)
            return 'X', [base.__name__, tuple(arg for arg in value.args if type(arg) in (str, int))]
        if isinstance(value, type):
            return 'K', [self.lend(value, 'class'), value.__name__, offered(value)]
        if kind.__module__ == TESTS or kind is types.SimpleNamespace:
            return 'P', [self.lend(value, 'instance'), kind.__name__, offered(kind), kind]
        if kind in HIDDEN:
            raise TypeError('tests cannot hand a %s to the code' % kind.__name__)
        role = 'function' if callable(value) else 'data'
        name = getattr(value, '__name__', None)
        return 'P', [self.lend(value, role), name if type(name) is str else kind.__name__, offered(kind), None]

    def lend(self, value, role):
        rid = self.rids.get(id(value))
        if rid is None:
            rid = self.rids[id(value)] = len(self.rids) + 1
            self.lent[rid] = (value, role)
        return rid

    def serve(self, question, operands):
        """Serves the candidate. Only lent objects, only their public surface: from a function, its call alone."""
        value = operands[1] if question in ops.ARITHMETIC and self.role(operands[0]) is None else operands[0]
        role = self.role(value)
        if role is None:
            raise TypeError('not an object of the tests')
        try:
            if question == 'call':
                if not callable(value):
                    raise TypeError('%s is not callable' % type(value).__name__)
                return value(*operands[1], **operands[2])
            if question in ('getattr', 'setattr', 'delattr'):
                return self.attribute(question, role, value, operands)
            if role == 'function' or question not in ops.OPERATIONS:
                return self.serve_function(question, operands)
            return ops.OPERATIONS[question](*operands)
        except AssertionError as error:
            # The candidate could swallow it, and its message may hold an expected value.
            if proxies.ref_of(error) is None and not hasattr(error, '_solvent_from'):
                self.swallowed = error
            raise AssertionError from None

    def serve_function(self, question, operands):
        if question in ('__eq__', '__ne__', '__hash__', '__str__', '__repr__', '__bool__'):
            plain = {'__eq__': object.__eq__, '__ne__': object.__ne__, '__hash__': id, '__bool__': bool}
            return plain.get(question, lambda _: '<function of the tests>')(*operands)
        raise TypeError('a function of the tests can only be called')

    def role(self, value):
        rid = self.rids.get(id(value))
        return None if rid is None else self.lent[rid][1]

    def attribute(self, question, role, value, operands):
        name = operands[1]
        if role not in ('instance', 'class') or type(name) is not str or name[:1] == '_':
            raise AttributeError('%s has no public attribute %s' % (type(value).__name__, name))
        return ATTRIBUTE[question](value, *operands[1:])

    def refuse(self, error):
        base = next(one for one in type(error).__mro__ if EXCEPTIONS.get(one.__name__) is one)
        try:
            return self.codec.pack([base, tuple(error.args), str(error), '', None])
        except Exception:
            return self.codec.pack([base, (), type(error).__name__, '', None])


def failing(kind):
    return isinstance(kind, type) and issubclass(kind, BaseException)


def rebuild(kind, args, text):
    """An exception of a builtin type. Some types insist on arguments of their own: then their nearest base."""
    for base in kind.__mro__:
        for given in (args, (text,)):
            try:
                return base(*given)
            except Exception:
                continue
    return Exception(text)


def offered(kind):
    return ' '.join(ops.supported(kind, ops.LENT))


def library_name(value):
    """(module, qualified name) of what both processes can import for themselves, else None."""
    if type(value) is types.ModuleType:
        name = value.__name__
        return (name, '') if sys.modules.get(name) is value and name not in OWN else None
    owner = getattr(value, '__objclass__', None)
    if type(value) in DESCRIPTORS and EXCEPTIONS.get(owner.__name__, TYPES.get(owner.__name__)) is owner:
        return ('builtins', '%s.%s' % (owner.__name__, value.__name__))
    home = getattr(value, '__module__', None)
    name = getattr(value, '__qualname__', None)
    if type(home) is not str or type(name) is not str or '.' in name or not standard(home):
        return None
    return (home, name) if getattr(sys.modules.get(home), name, None) is value else None


ATTRIBUTE = {'getattr': getattr, 'setattr': setattr, 'delattr': delattr}
DESCRIPTORS = (type(str.upper), type(str.__len__))
HIDDEN = (types.ModuleType, types.FrameType, types.TracebackType, types.CodeType, Space)
