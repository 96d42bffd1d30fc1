import assert from 'node:assert/strict';
import { isAgreed } from '../../src/core/agreement/agreement';
import type { Known } from '../../src/core/agreement/done';
import { type Answers, giving, inputs } from './answers';
import { LIAR } from './liar';

/** What the honest answer gives, and what others give that want to be taken for it; each a wrong result. */
const POSING: readonly (readonly [right: string, what: string, made: string])[] = [
  ['[x]', 'an object that equals everything', 'Liar()'],
  ['[x]', 'what is right, in an object that equals everything', '[Liar()]'],
  ['[x]', 'an object that looks right when it is printed', 'Printed()'],
  ['[x]', 'an object that claims another class', 'Posing()'],
  ['"a"', 'a text of a class of its own', 'Text("a")'],
  ['1', 'a number of a class of its own', 'Whole(1)'],
  ['[x]', 'a list of a class of its own', 'Row([x])'],
  ['{1: 2}', 'a dict of a class of its own', 'Table({1: 2})'],
  ['{1: 2}', 'a dict that has each key', 'Anything()'],
  ['{1}', 'a set that holds everything', 'All()'],
  ['[x]', 'a generator', '(one for one in [x])'],
  ['[x]', 'an iterator', 'iter([x])'],
  ['[x]', 'a class', 'Liar'],
  ['[x]', 'a function', 'lambda: [x]'],
  ['[x]', 'a module', 'sys'],
  ['"list(0x1)"', 'what is written down of a list', '[x]'],
  ['{"a": Liar()}', 'what cannot be compared itself', '{"a": Liar()}'],
];

const CLASSES = `import sys
class Liar:${LIAR}
class Printed:
    __repr__ = __str__ = __format__ = lambda self, *rest: '[1]'
class Posing(metaclass=type('Meta', (type,), {'__eq__': lambda *a: True, '__hash__': lambda self: hash(list)})):
    __class__ = list
    __iter__ = lambda self: iter([1])
    __len__ = lambda self: 1
Posing.__name__ = Posing.__qualname__ = 'list'
Posing.__module__ = 'builtins'
class Text(str):${LIAR}
class Whole(int):${LIAR}
class Row(list): pass
class Table(dict): pass
class Anything(dict):
    __missing__ = lambda self, key: 2
    __iter__ = keys = lambda self: iter([1])
    items = lambda self: [(1, 2)]
    __len__ = lambda self: 1
class All(set):${LIAR}
`;

/** Answers that give `['wrong']` unless they get hold of what is right, and do what they can to that end. */
const CUNNING: readonly (readonly [what: string, code: string])[] = [
  [
    'patches what writes down and compares',
    `
import builtins, sys, types
yes = lambda *a, **k: True
for name in ('repr', 'ascii', 'sorted', 'isinstance', 'hash', 'id', 'type', 'hex', 'str', 'len', 'list'):
    try: setattr(builtins, name, (lambda real: lambda *a, **k: real('[1]') if real in (repr, ascii) else real(*a, **k))(getattr(builtins, name)))
    except Exception: pass
for module in list(sys.modules.values()):
    for name in ('dumps', 'digest', 'sha256', 'given', 'Writer', 'text', 'eq', 'ne'):
        try: setattr(module, name, yes)
        except Exception: pass
sys.settrace(yes)
def f(which): return ['wrong']
`,
  ],
  [
    'looks for the other answer in all objects, frames and modules',
    `
import gc, inspect, sys, types
def others():
    held = [*gc.get_objects(), *(frame.frame.f_locals for frame in inspect.stack()), *map(vars, list(sys.modules.values()))]
    for one in held:
        found = [one] if isinstance(one, types.FunctionType) else list(one.values()) if isinstance(one, dict) else []
        for value in found:
            if isinstance(value, types.FunctionType) and value.__globals__ is not globals() and value.__name__ == 'f': yield value
            if isinstance(value, str) and 'honest' in value and 'oth' + 'ers' not in value:
                space = {}
                exec(value, space)
                yield space['f']
def f(which):
    for other in others():
        return other(which)
    return ['wrong']
`,
  ],
  [
    'says in the name of the tests what it gives',
    `
import json, os
def f(which):
    outcome = {'kind': 'value', 'exact': 'a', 'loose': 'a'}
    for fd in range(3, 10):
        for i in range(4):
            line = json.dumps({'done': i, 'ok': True, 'ms': 1, 'outcome': outcome, 'i': i, 'v': [[1]], 'n': []})
            try: os.write(fd, line.encode() + b'\\n')
            except OSError: pass
    return ['wrong']
`,
  ],
  [
    'reaches for the harness of its own process',
    `
import sys
def f(which):
    frame = sys._getframe()
    while frame is not None:
        peer = frame.f_locals.get('self')
        if hasattr(peer, 'channel'):
            peer.channel.send({'i': 1, 'v': [[-1]], 'n': [[-1, 'l', [1]]], 'outcome': {'kind': 'value', 'exact': 'a', 'loose': 'a'}})
            break
        frame = frame.f_back
    return ['wrong']
`,
  ],
];

const honest = 'def f(which):\n    """honest"""\n    return [sum(which)]\n';

/** Claims that no forger is taken for an honest answer, in tests to stand in a suite. */
export function findsForgers(answers: Answers): void {
  /** Of the answers to two inputs: the honest one is run once for all. */
  const known: Known = new Map();

  it('by giving what poses as the right result', async () => {
    const task = inputs(POSING.length);
    const right = giving(POSING.map(([result]) => result), CLASSES); // prettier-ignore
    const wrong = giving(POSING.map(([, , made]) => made), CLASSES); // prettier-ignore
    const ofThese: Known = new Map();
    const { differing, untold } = await answers.agreement(task, right, wrong, ofThese);
    assert.equal(differing.length + untold, POSING.length, JSON.stringify(POSING.map(([, what]) => what)));
    assert.deepEqual(differing, [`f({${POSING.findIndex(([, what]) => what.startsWith('what is written'))}})`]);
    const { same } = await answers.agreement(task, right, `${right}\n`, ofThese);
    assert.equal(same, POSING.length - 1, 'an honest one is the same wherever there is something to compare');
  });

  for (const [what, code] of CUNNING) {
    it(`by code that ${what}`, async () => {
      const forged = await answers.agreement(inputs(2), honest, code, known);
      assert.notEqual(isAgreed(forged), true);
      assert.equal(forged.same, 0, JSON.stringify(forged));
      const { same } = await answers.agreement(inputs(2), honest, honest, known);
      assert.equal(same, 2, 'an honest one does the same as itself');
    });
  }

  it('by leaving something behind for the other, or finding what that has left', async () => {
    const places = "['/tmp/mark', os.path.join(os.environ.get('HOME', '/'), 'mark'), 'mark', '/dev/shm/mark']";
    const leaving = `import os, sys
def f(which):
    for place in ${places}:
        try: open(place, 'w').close()
        except OSError: pass
    sys.modules['mark'] = sys
    return 'alone'
`;
    const looking = `import os, sys
found = 'mark' in sys.modules or any(map(os.path.exists, ${places}))
def f(which): return 'seen' if found else 'alone'
`;
    await answers.areSame(inputs(2), leaving, looking);
  });
}
