import assert from 'node:assert/strict';
import fc from 'fast-check';
import { harmless, markdownBlock, markdownCode, markdownText, oneLine } from '../../../src/report/text';
import { wrapLine } from '../../../src/report/wrap';

// eslint-disable-next-line no-control-regex -- control characters are what must not be left
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe('text of unknown origin', () => {
  it('keeps nothing that drives a terminal', () => {
    assert.equal(harmless('\u001b[31mred\u001b[0m'), 'red');
    assert.equal(harmless('a\u001b]0;title\u0007b'), 'ab');
    assert.equal(harmless('a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\'), 'alink');
    assert.equal(harmless('a\u009b2Jb\u001bcc'), 'abc');
    assert.equal(harmless('over\rwrite\u0008\u0007'), 'over\nwrite');
    assert.equal(harmless('\u202egnp.exe'), 'gnp.exe');
  });

  it('keeps letters of all languages, tabs and lines', () => {
    assert.equal(harmless('größer\t漢字\r\n🙂'), 'größer\t漢字\n🙂');
  });

  it('is harmless whatever it is made of', () => {
    const unit = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '0',
      ';',
      'm',
      '\u009b',
      '\u0090',
      '\u0007',
      '\\',
      'a',
      '\n',
      '\r',
    );
    const any = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.oneof(any, fc.string({ unit })), (text) => {
        assert.doesNotMatch(harmless(text), DANGEROUS);
        assert.doesNotMatch(oneLine(text), /[\n\t]/);
      }),
    );
  });

  it('makes no link, image, icon, formula, heading or table cell in Markdown', () => {
    const text = '![x](http://evil) <img src=x> $(zap) | # `code` https://evil.example';
    const escaped = markdownText(text);
    assert.equal(escaped.replace(/\\(.)/g, '$1'), text);
    assert.doesNotMatch(escaped, /(?<!\\)[[\]()<>|`$!#:]/);
  });

  it('cannot leave its code span or block', () => {
    assert.equal(markdownCode('a `b` c'), '``a `b` c``');
    assert.equal(markdownCode('`'), '`` ` ``');
    assert.equal(markdownCode('x | y'), '`x \\| y`');
    assert.equal(markdownBlock('a\n```\n# b'), '````\na\n```\n# b\n````');
  });
});

describe('a line of the terminal', () => {
  it('breaks between words and hangs below its text', () => {
    assert.deepEqual(wrapLine('  ✓ one two three', 12), ['  ✓ one two', '    three']);
    for (const sign of '▌→←▶■▲≡')
      assert.deepEqual(wrapLine(`${sign} one two three`, 9), [`${sign} one two`, '  three']);
    assert.deepEqual(wrapLine('short', 12), ['short']);
    assert.deepEqual(wrapLine('unbreakableunbreakable', 12), ['unbreakableunbreakable']);
  });

  it('does not count colours, and loses no word', () => {
    assert.deepEqual(wrapLine('\u001b[31mone two\u001b[0m', 7), ['\u001b[31mone two\u001b[0m']);
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }),
        fc.integer({ min: 10, max: 40 }),
        (words, columns) => {
          const lines = wrapLine(words.join(' '), columns);
          assert.deepEqual(lines.join(' ').trim().split(/ +/), words);
          for (const line of lines) assert.ok(line.length <= columns);
        },
      ),
    );
  });
});
