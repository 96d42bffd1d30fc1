import assert from 'node:assert/strict';
import fc from 'fast-check';
import { difference, findRegion, lineNumber } from '../../../src/vscode/region';

const STUB = 'def f(x):\n    """Adds one."""';
const DOCUMENT = `import math\n\n\ndef a():\n    return 1\n\n\n${STUB}\n\n\ndef z():\n    return 2\n`;
const region = { start: DOCUMENT.indexOf(STUB), end: DOCUMENT.indexOf(STUB) + STUB.length };

function found(after: string, before = DOCUMENT, of = region): string | undefined {
  const at = findRegion(before, of, after);
  return at && after.slice(at.start, at.end);
}

describe('the place of an answer in a document that was edited', () => {
  it('is where it was when nothing was edited, or only what follows', () => {
    assert.deepEqual(findRegion(DOCUMENT, region, DOCUMENT), region);
    assert.deepEqual(findRegion(DOCUMENT, region, `${DOCUMENT}\nmore = 1\n`), region);
  });

  it('moves along with edits above, below, and on both sides', () => {
    assert.equal(found(`import os\n${DOCUMENT}`), STUB);
    assert.equal(found(DOCUMENT.replace('return 1', 'return 100')), STUB);
    assert.equal(found(`import os\n${DOCUMENT.replace('return 2', 'return 3')}`), STUB);
  });

  it('is found when line ends were changed', () => {
    const crlf = `# top\r\n${DOCUMENT.replaceAll('\n', '\r\n')}`;
    assert.equal(found(crlf), STUB.replaceAll('\n', '\r\n'));
    const at = { start: crlf.indexOf('def f'), end: crlf.indexOf('def f') + STUB.length + 1 };
    assert.equal(found(DOCUMENT, crlf, at), STUB);
  });

  it('is lost when it was edited itself, went away, or went on below', () => {
    assert.equal(found(DOCUMENT.replace('Adds one', 'Adds two')), undefined);
    assert.equal(found(DOCUMENT.replace(STUB, '')), undefined);
    assert.equal(found(DOCUMENT.replace(STUB, `${STUB}\n    return x + 1`)), undefined);
    assert.equal(found(DOCUMENT.replace(STUB, `${STUB}  # why`)), undefined);
  });

  it('stays when another definition was put right below', () => {
    assert.equal(found(DOCUMENT.replace(STUB, `${STUB}\n\n\ndef between():\n    pass`)), STUB);
  });

  it('is not guessed among several of the same text', () => {
    const twice = `${STUB}\n\n\n${STUB}\n`;
    const edited = `# one\n${STUB}\n# two\n${STUB}\n# three\n`;
    assert.equal(findRegion(twice, { start: 0, end: STUB.length }, edited), undefined);
  });

  it('is told from others of the same text by the line above', () => {
    const before = `# here\n${STUB}\n\n# there\n${STUB}\n`;
    const after = `# new\n# here\n${STUB}\n\n# new\n# there\n${STUB}\n# new\n`;
    const at = findRegion(before, { start: 7, end: 7 + STUB.length }, after);
    assert.equal(at?.start, after.indexOf(STUB));
  });

  it('is found for an insertion by the lines around it', () => {
    const before = '# Sort a list.\n\nother = 1\n';
    const at = before.indexOf('\n');
    const after = `# new\n${before}end = 2\n`;
    assert.deepEqual(findRegion(before, { start: at, end: at }, after), {
      start: after.indexOf('.\n') + 1,
      end: after.indexOf('.\n') + 1,
    });
  });

  it('always holds the same text as before', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '    '), maxLength: 40 });
    fc.assert(
      fc.property(text, text, text, text, text, (head, middle, tail, newHead, newTail) => {
        const before = head + middle + tail;
        const at = findRegion(
          before,
          { start: head.length, end: head.length + middle.length },
          newHead + middle + newTail,
        );
        if (at !== undefined) assert.equal((newHead + middle + newTail).slice(at.start, at.end), middle);
      }),
    );
  });
});

describe('the number of a line', () => {
  it('counts from 1, whatever lines end in', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 5].map((offset) => lineNumber('a\nb\r\nc', offset)),
      [1, 1, 2, 2, 3],
    );
  });
});

describe('the difference of two texts', () => {
  it('is one replacement that makes the second of the first, and no larger than needed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const { start, end, text } = difference(before, after);
        assert.equal(before.slice(0, start) + text + before.slice(end), after);
      }),
    );
    assert.deepEqual(difference('abc', 'abXc'), { start: 2, end: 2, text: 'X' });
  });
});
