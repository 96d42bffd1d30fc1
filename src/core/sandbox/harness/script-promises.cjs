'use strict';
/** Promises that cross between the processes: each side has one of its own, which settles when the other side says so. */
const { types } = require('node:util');
const { Map, Promise, Reflect, String, WeakMap } = globalThis;
const { then } = Promise.prototype;
/** Code under test is loaded under this name. */
const FILE = '/tmp/solution.js';

/** How many values an event has. */
const FIELDS = 5;
const NOTHING = { text: '', where: '' };

class Promises {
  /**
   * @param wake called when there is something to tell
   * @param shown what the other side is to see of what a promise failed with
   */
  constructor(wake, shown = (error) => error) {
    this.wake = wake;
    this.shown = shown;
    this.events = [];
    this.open = new Map();
    this.known = new Map();
    this.ids = new WeakMap();
  }

  // ---- this side's promises

  /** Tells the other side when a promise settles. */
  watch(id, promise) {
    const tell = (ok, value, { text, where }) => {
      this.events.push(id, ok, value, text, where);
      this.wake();
    };
    const kept = (value) => tell(true, value, NOTHING);
    const failed = (error) => {
      const shown = this.shown(error);
      tell(false, shown, describeThrown(shown));
    };
    Reflect.apply(then, promise, [kept, failed]);
  }

  /** What went wrong without anybody there to handle it. */
  crash(error) {
    const { text, where } = describeThrown(error);
    this.events.push(0, false, undefined, text, where);
    this.wake();
  }

  get hasEvents() {
    return this.events.length > 0;
  }

  takeEvents() {
    return this.events.splice(0);
  }

  // ---- the other side's promises

  /** How many of the other side's promises have not settled. */
  get waiting() {
    return this.open.size;
  }

  /** The promise that stands for one of the other side. */
  promised(id) {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const promise = new Promise((resolve, reject) => this.open.set(id, [resolve, reject]));
    this.known.set(id, promise);
    this.ids.set(promise, id);
    return promise;
  }

  /** The number of the other side's promise that this one stands for. */
  theirs(promise) {
    return this.ids.get(promise);
  }

  /**
   * Settles promises: a flat list of number, whether fulfilled, value, and what that is in words and where it arose.
   * `note` is told of every failure before it happens; number 0 is one that belongs to no promise.
   */
  settle(events, note = () => undefined) {
    for (let at = 0; at < events.length; at += FIELDS) {
      const [id, ok, value, text, where] = events.slice(at, at + FIELDS);
      if (ok !== true) note(id, value, text, where);
      const ways = this.open.get(id);
      this.open.delete(id);
      ways?.[ok === true ? 0 : 1](value);
    }
  }
}

/** What was thrown, for people: in words, and where in the code under test, such as "line 12, in helper". */
function describeThrown(error) {
  return { text: textOf(error).slice(0, 2000), where: placeOf(error) };
}

function textOf(error) {
  try {
    if (types.isNativeError(error)) {
      const name = String(error.name);
      const message = String(error.message).replace(/\nRequire stack:[\s\S]*$/, '');
      return message === '' ? name : `${name}: ${message}`;
    }
    return typeof error === 'object' && error !== null
      ? `${error.constructor?.name ?? 'object'} thrown: ${String(error)}`
      : String(error);
  } catch {
    return 'something that cannot be shown';
  }
}

function stackOf(error) {
  try {
    return types.isNativeError(error) ? String(error.stack) : '';
  } catch {
    return '';
  }
}

function placeOf(error) {
  const stack = stackOf(error);
  // A syntax error names its place in the first line, before the source.
  const first = stack.startsWith(`${FILE}:`) ? /^[^:]*:(\d+)/.exec(stack) : null;
  if (first !== null) return `line ${first[1]}`;
  for (const frame of stack.split('\n')) {
    const found = /^\s+at (?:(?:async )?(.+?) \()?(?:eval at .*, )?\/tmp\/solution\.js:(\d+):\d+\)?$/.exec(frame);
    if (found === null) continue;
    const inside =
      found[1] === undefined || /(?:^|\.)(?:eval|<anonymous>)(?: |$)/.test(found[1]) ? '' : `, in ${found[1]}`;
    return `line ${found[2]}${inside}`;
  }
  return '';
}

module.exports = { describeThrown, FILE, Promises };
