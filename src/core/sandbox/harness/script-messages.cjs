'use strict';
/** Says what went wrong in a test: in one line or a few, for a person or a model that has to mend the code. */
const { AssertionError } = require('node:assert');
const { inspect, types } = require('node:util');
const { describe } = require('./script-proxies.cjs');
const { describeThrown } = require('./script-promises.cjs');
const { String } = globalThis;

const SHOWN = 200;
const FRAME = /(?:^|[\s(])((?:test-\d+|setup)\.js):(\d+):(\d+)/;
/** Characters that are looked through for the end of a call. */
const LONGEST = 2_000;

/** The text in at most `size` characters, with a marker where something was left out. */
function cut(text, size = SHOWN) {
  return text.length <= size ? text : `${text.slice(0, size - 20)}... (${text.length} characters)`;
}

class Messages {
  constructor(link) {
    this.link = link;
    this.texts = new Map();
    this.present = '';
  }

  /** Notes a text that is about to run, as it is run, for its calls to be shown. */
  note(file, text) {
    this.texts.set(file, text);
    this.present = text;
  }

  shown(value) {
    const ref = this.link.standIns.refOf(value);
    if (ref !== undefined && ref.kind === 'object') return `${describe(ref)}, which is not plain data`;
    if (ref !== undefined) return describe(ref);
    if (types.isNativeError(value)) return describeThrown(value).text;
    try {
      return cut(inspect(value, { depth: 4, breakLength: Infinity, maxArrayLength: 50, compact: true }));
    } catch {
      return 'something that cannot be shown';
    }
  }

  explain(error) {
    const origin = this.origin(error);
    const { source, alone } = this.place(origin ?? error);
    if (origin === undefined && error instanceof AssertionError) {
      return this.failed(error, source ?? (this.present.includes('\n') ? '' : oneLine(this.present)));
    }
    const text = cut(origin === undefined ? describeThrown(error).text : origin.text, 1000);
    const where = origin === undefined || origin.where === '' ? '' : ` (${origin.where})`;
    // A test of one line says itself where that was.
    const at = source === undefined || (alone && origin !== undefined) ? '' : `, at \`${source}\``;
    return `${text}${where}${at}`;
  }

  origin(error) {
    const { origins, thrown } = this.link;
    if ((typeof error === 'object' && error !== null) || typeof error === 'function') return origins.get(error);
    return thrown !== undefined && Object.is(thrown.error, error) ? thrown : undefined;
  }

  /** The message of a failed assertion of the tests: what was compared, and what it was. */
  failed(error, source) {
    const { actual, expected, operator, generatedMessage, message } = error;
    const note = generatedMessage ? '' : ` (${cut(String(message).split('\n', 1)[0])})`;
    const head = source === '' ? 'assertion' : source;
    if (operator === '==' && source.startsWith('assert') && expected === true)
      return `${head}: got ${this.shown(actual)}${note}`;
    if (/^(?:strictEqual|deepStrictEqual|equal|==|deepEqual|partialDeepStrictEqual)$/.test(operator)) {
      const wanted = this.shown(expected);
      const known = plain(source).includes(plain(wanted));
      return `${head}: got ${this.shown(actual)}${known ? '' : `, expected ${wanted}`}${note}`;
    }
    if (/^(?:not|!=|match|doesNotMatch)/.test(operator)) return `${head}: got ${this.shown(actual)}${note}`;
    const [first = ''] = String(message).split('\n', 1);
    const thrown = /^(?:throws|rejects)$/.test(operator) && actual !== undefined ? `, got ${this.shown(actual)}` : '';
    return `${head}: ${cut(first.replace(/\s*Input:$/, ''))}${thrown}`;
  }

  stackOf(error) {
    try {
      return this.link.standIns.refOf(error) === undefined ? String(error?.stack) : '';
    } catch {
      return '';
    }
  }

  /** The innermost call of the tests that an error passed through, and whether it is the whole of its text. */
  place(error) {
    const stack = this.stackOf(error);
    const frame = stack
      .split('\n')
      .map((line) => FRAME.exec(line))
      .find((found) => found !== null);
    const text = frame === undefined ? undefined : this.texts.get(frame[1]);
    if (text === undefined) return {};
    const [, file, line, column] = frame;
    const before = Number(line) === 1 ? this.link.prefixes.get(file) : 0;
    const at = startOfLine(text, Number(line)) + Number(column) - 1 - before;
    const source = callAt(text, at);
    return { source, alone: !text.trim().includes('\n') };
  }
}

function startOfLine(text, line) {
  let at = 0;
  for (let count = 1; count < line; count++) at = text.indexOf('\n', at) + 1;
  return at;
}

/** The call, construction or chain of properties that a position lies in, on one line. */
function callAt(text, at) {
  const [lead] = /(?:\bawait\s+)?(?:\bnew\s+)?[\w$.]*$/.exec(text.slice(0, at));
  const rest = text.slice(at - lead.length, at - lead.length + LONGEST);
  const [head] = /^(?:await\s+)?(?:new\s+)?[\w$.]*/.exec(rest);
  // Strings and patterns may hold brackets.
  const marks = /(['"`])(?:\\[\s\S]|(?!\1)[^\\])*\1|(?<=[(,=:]\s*)\/(?:\\.|[^\\/\n])+\/|[([{]|[)\]}]/g;
  let depth = 0;
  let end = head.length;
  marks.lastIndex = end;
  for (let mark = marks.exec(rest); mark !== null && (depth > 0 || mark.index === end); mark = marks.exec(rest)) {
    if ('([{'.includes(mark[0])) depth++;
    else if (')]}'.includes(mark[0])) depth--;
    else if (depth === 0) break;
    if (depth < 0) break;
    if (depth === 0) end = mark.index + 1;
  }
  return oneLine(rest.slice(0, end));
}

function oneLine(text) {
  return cut(text.trim().replace(/\s+/g, ' ').replace(/;$/, ''));
}

/** A text without what is written in more than one way. */
function plain(text) {
  return text.replace(/[\s;]/g, '').replace(/["`]/g, "'");
}

module.exports = { cut, Messages };
