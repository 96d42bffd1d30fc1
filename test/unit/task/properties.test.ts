import assert from 'node:assert/strict';
import fc from 'fast-check';
import { extractWith } from '../../../src/core/task/extract';
import type { Extraction } from '../../../src/core/task/extraction';
import type { Grammar } from '../../../src/core/task/grammar';
import { placeWith } from '../../../src/core/task/place';
import { LANGUAGES, type Language } from '../../../src/core/task/task';
import { grammars, type Grammars } from './support';

const PYTHON = [
  'def f(x):',
  'def größe(a, b=1):',
  '    """Doc.',
  '    >>> f(1)',
  '    2',
  '    """',
  '"""',
  "'''",
  '    pass',
  '    return x',
  'class A:',
  '    def m(self):',
  '        ...',
  '    # comment',
  '# Write `f`.',
  '@cache',
  'assert f(1) == 2',
  'import os, re',
  'from typing import List',
  'x = (1,',
  ')',
  'if x:',
  '\tdef t(self):',
  '\t\tpass',
  'else:',
  "'open",
  'x = 1; y = 2',
  '\\',
  '',
  '',
];
const SCRIPT = [
  'function f(x) {',
  '  return x;',
  '}',
  '/** f(1) => 2 */',
  '// Write `f`.',
  'export const g = (x) => {',
  '};',
  'class A {',
  '  m() {',
  '  }',
  'assert.equal(f(1), 2);',
  "import { a } from 'a';",
  '`open',
  '/*',
  '*/',
  '(',
  '',
  '',
];

const lines = (pool: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pool) }, fc.string({ maxLength: 20 })), {
        maxLength: 25,
      }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom('', '\uFEFF'),
    )
    .map(([all, eol, mark]) => mark + all.join(eol));

const CASE = fc.record(
  {
    language: fc.constantFrom(...LANGUAGES),
    python: lines(PYTHON),
    script: lines(SCRIPT),
    a: fc.nat(),
    b: fc.nat(),
    cursor: fc.boolean(),
  },
  { noNullPrototype: true },
);

describe('extraction and placing, for any document and selection', function () {
  this.timeout(60_000);
  let loaded: Grammars;
  before(async () => {
    loaded = await grammars();
  });

  function extract(language: Language, text: string, start: number, end: number): Extraction {
    return extractWith(loaded[language], { text, selection: { start, end }, languageId: language, fileName: 'x' });
  }

  it('never throw, and name a range inside the document', () => {
    fc.assert(
      fc.property(CASE, ({ language, python, script, a, b, cursor }) => {
        const text = language === 'python' ? python : script;
        const start = a % (text.length + 3);
        const end = cursor ? start : b % (text.length + 3);
        const result = extract(language, text, start, end);
        if (!result.ok) {
          assert.ok(result.message.length > 20);
          return;
        }
        const { target, task } = result;
        assert.ok(0 <= target.start && target.start <= target.end && target.end <= text.length);
        assert.ok(target.mode === 'replace' || target.start === target.end);
        assert.ok(task.prompt.trim() !== '');
        assert.doesNotMatch(task.prompt, /\r/);
        const placed = placeWith(loaded[language], text, target, 'def f(x):\n    return x\n');
        assert.ok(0 <= placed.start && placed.start <= placed.end && placed.end <= placed.text.length);
      }),
      { numRuns: 1500 },
    );
  });

  it('never throw on selections outside the document', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.double(), (text, start, end) => {
        for (const language of LANGUAGES) extract(language, text, start, end);
      }),
    );
  });

  it('give the same task for CRLF and LF', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PYTHON), { maxLength: 20 }), fc.nat(), fc.nat(), (all, a, b) => {
        const unix = all.join('\n');
        const [start = 0, end = 0] = [a % (unix.length + 1), b % (unix.length + 1)].sort((x, y) => x - y);
        const inDos = (offset: number): number => offset + unix.slice(0, offset).split('\n').length - 1;
        const dos = unix.replaceAll('\n', '\r\n');
        const one = extract('python', unix, start, end);
        const other = extract('python', dos, inDos(start), inDos(end));
        if (one.ok && other.ok) {
          assert.deepEqual(other.task, one.task);
          assert.equal(other.target.start, inDos(one.target.start));
          assert.equal(other.target.end, inDos(one.target.end));
        } else assert.deepEqual(other, one);
      }),
      { numRuns: 500 },
    );
  });

  it('keep everything outside the target byte for byte, and find the placed function again', () => {
    const part = fc.array(
      fc.constantFrom(
        'x = 1',
        '# note ',
        '',
        'def other(a):\n    return a  ',
        'class B:\n\tdef m(self):\n\t\tpass',
        'print("é")',
        's = """\n  a\n"""',
      ),
      { maxLength: 6 },
    );
    const stub = fc.constantFrom(
      'def f(x):\n    pass',
      '@cache\ndef f(x):\n    """Doc."""',
      'async def f(x): ...',
      'def f(x):\n    return 0',
    );
    const answer = fc.constantFrom(
      'def f(x):\n    return 1\n',
      'def help():\n    return 1\n\n\ndef f(x):\n\n    if x:\n        return 1\n',
      'def f(x): return 2',
    );
    fc.assert(
      fc.property(part, part, stub, answer, fc.boolean(), (above, below, middle, code, dos) => {
        const doc = (text: string): string => (dos ? text.replaceAll('\n', '\r\n') : text);
        const head = doc(above.map((line) => `${line}\n\n`).join(''));
        const tail = doc(`\n\n${below.join('\n')}`);
        const text = head + doc(middle) + tail;
        const result = extract('python', text, head.length, head.length + doc(middle).length);
        assert.ok(result.ok);
        assert.equal(text.slice(result.target.start, result.target.end), doc(middle));
        const once = placeWith(loaded.python, text, result.target, code);
        assert.ok(once.text.startsWith(head));
        assert.ok(once.text.endsWith(tail));
        if (dos) assert.doesNotMatch(once.text, /(?<!\r)\n/);

        const at = once.text.lastIndexOf('def f', once.end);
        const again = extract('python', once.text, at, at);
        assert.ok(again.ok);
        assert.equal(again.task.entryPoint, 'f');
        assert.equal(again.target.name, 'f');
        const twice = placeWith(loaded.python, once.text, again.target, code);
        assert.equal(twice.text.split(/^(?:async )?def f\(/m).length, 2);
      }),
      { numRuns: 300 },
    );
  });

  it('place at a method so that it is found there again', () => {
    const grammar = (): Grammar => loaded.python;
    fc.assert(
      fc.property(
        fc.constantFrom('  ', '    ', '\t'),
        fc.boolean(),
        fc.constantFrom('  ', '    ', '\t'),
        (indent, whole, own) => {
          const text = `class A:\n${indent}x = 1\n\n${indent}def m(self):\n${indent}${indent}pass\n\n${indent}def n(self): ...\n`;
          const at = text.indexOf('def m');
          const first = extract('python', text, at, at);
          assert.ok(first.ok);
          const lines = ['def m(self):', `${own}if self.x:`, `${own}${own}return 1`, `${own}return 2`];
          const code = whole ? ['class A:', ...lines.map((line) => own + line)].join('\n') : lines.join('\n');
          const placed = placeWith(grammar(), text, first.target, code);
          const body = `${indent}def m(self):\n${indent.repeat(2)}if self.x:\n${indent.repeat(3)}return 1\n${indent.repeat(2)}return 2\n`;
          assert.equal(placed.text, `class A:\n${indent}x = 1\n\n${body}\n${indent}def n(self): ...\n`);
          const again = extract('python', placed.text, placed.start, placed.start);
          assert.ok(again.ok);
          assert.equal(again.task.entryPoint, 'm');
        },
      ),
    );
  });
});
