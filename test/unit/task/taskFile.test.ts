import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatTask, parseTask, parseTasks, TaskFileError } from '../../../src/core/task/taskFile';
import { LANGUAGES, type Task } from '../../../src/core/task/task';

const GOOD = { id: 'a', language: 'python', prompt: 'def f(x):', entryPoint: 'f', tests: ['assert f(1) == 2'] };
const line = (change: Record<string, unknown>): string => JSON.stringify({ ...GOOD, ...change });

function errorOf(text: string): string {
  const [first] = parseTasks(text);
  assert.ok(first && 'error' in first, 'expected an error');
  return first.error;
}

describe('task files', () => {
  it('come back as they were written', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const task: fc.Arbitrary<Task> = fc.record(
      {
        id: text,
        language: fc.constantFrom(...LANGUAGES),
        prompt: text.filter((t) => t.trim() !== ''),
        entryPoint: fc.option(text, { nil: undefined }),
        tests: fc.array(fc.string()),
        setup: fc.string(),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(task, (one) => {
        assert.deepEqual(parseTask(formatTask(one), 'x'), one);
      }),
    );
  });

  it('need no setup and ignore what they do not know', () => {
    const task = parseTask(line({ surplus: [1] }), 'x');
    assert.deepEqual(task, { ...GOOD, setup: '' });
  });

  it('may number their tasks, and may leave the entry point empty', () => {
    const task = parseTask(line({ id: 511, entryPoint: '' }), 'x');
    assert.equal(task.id, '511');
    assert.equal(task.entryPoint, undefined);
  });

  it('may have blank lines, a byte order mark and CRLF, and still count lines as an editor does', () => {
    const found = parseTasks(`\uFEFF${line({})}\r\n\r\n  \r\n${line({ id: 'b' })}\r\n`);
    assert.deepEqual(
      found.map((f) => [f.line, 'task' in f ? f.task.id : f.error]),
      [
        [1, 'a'],
        [4, 'b'],
      ],
    );
  });

  it('name line and field of what is wrong', () => {
    assert.equal(errorOf(`\n\n${line({ tests: 3 })}`), "line 3: 'tests' must be an array of strings, but is a number");
    assert.equal(
      errorOf(line({ tests: ['a', null] })),
      "line 1: 'tests' must be an array of strings, but item 2 is null",
    );
    assert.equal(errorOf(line({ prompt: undefined })), "line 1: the required field 'prompt' is missing");
    assert.equal(errorOf(line({ id: undefined })), "line 1: the required field 'id' is missing");
    assert.equal(errorOf(line({ id: {} })), "line 1: 'id' must be a string or a number, but is an object");
    assert.equal(errorOf(line({ entryPoint: null })), "line 1: 'entryPoint' must be a string, but is null");
    assert.match(errorOf(line({ language: 'cobol' })), /line 1: 'language' must be one of "python", .* but is "cobol"/);
    assert.equal(errorOf('[1]'), 'line 1: a task must be a JSON object, but is an array');
  });

  it('say in plain words where broken JSON breaks', () => {
    assert.match(errorOf('{"id": "a", oops}'), /^line 1: this is not JSON: .*column 13/);
    assert.match(errorOf('{"id": "a"'), /^line 1: this is not JSON: /);
    assert.match(errorOf('not json at all'), /^line 1: this is not JSON: unexpected /);
  });

  it('go on after a bad line', () => {
    const found = parseTasks([line({}), '{', line({ id: 'c' })].join('\n'));
    assert.deepEqual(
      found.map((f) => 'task' in f),
      [true, false, true],
    );
  });

  it('give the id of a bad line where it can be read', () => {
    const [found] = parseTasks(line({ id: 7, prompt: 1 }));
    assert.ok(found && 'error' in found);
    assert.equal(found.id, '7');
  });

  it('use an id once: the later line is the error', () => {
    const found = parseTasks([line({ id: 1 }), line({ id: '1' })].join('\n'));
    assert.ok(found[0] && 'task' in found[0]);
    assert.ok(found[1] && 'error' in found[1]);
    assert.match(found[1].error, /line 2: 'id' must be unique, but "1" was already used on line 1/);
  });

  it('name their source when there is but one task', () => {
    assert.throws(
      () => parseTask('', 'standard input'),
      new TaskFileError('standard input: this is not JSON: it is empty'),
    );
  });

  it('never throw as JSONL, whatever they hold', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseTasks(text)));
    fc.assert(fc.property(fc.array(fc.json()), (lines) => void parseTasks(lines.join('\n'))));
  });
});
