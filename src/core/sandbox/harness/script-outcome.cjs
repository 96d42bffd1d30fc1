'use strict';
/**
 * What calls of the code came to, as text that is the same for equal results: for answers that are compared with each other,
 * when nobody knows the right one. All of it is made up here, from what the code gave back.
 */
const { createHash } = require('node:crypto');
const { Broken, Gone } = require('./script-channel.cjs');
const { kindOf } = require('./script-plain.cjs');
const { CONTENTS } = require('./script-proxies.cjs');
const { Array, Buffer, DataView, JSON, Map, Number, Object, Reflect, String, Symbol } = globalThis;
const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

/** Parts of a result that are looked at; in a larger one nothing is told from it. */
const MOST_PARTS = 200_000;
/** Items that are pulled out of an iterator, which may have no end. */
const PULLED = 200;
/** Digits in which numbers differ that are the same but for the order of their sums. */
const DIGITS = 12;
/** Characters of an error's name. */
const NAME = 100;

/** A result holds what cannot be compared: a function, a promise, an object that shows nothing of itself. */
class Opaque extends Error {}

/**
 * Writes a value down. Maps, sets and properties have no order, as for deepStrictEqual.
 * @param loose leaves out what only the strictest comparison sees: the sign of zero, the last digits of a number, a hole
 *   or a property that is undefined, a missing prototype, whether items stand in an array or come from an iterator
 */
class Writer {
  constructor(judge, loose, pulled) {
    this.judge = judge;
    this.loose = loose;
    /** What iterators gave: they give it once. */
    this.taken = pulled;
    this.left = MOST_PARTS;
    this.around = [];
  }

  /** @throws Opaque */
  text(value) {
    if (--this.left < 0) throw new Opaque();
    switch (typeof value) {
      case 'number':
        return this.number(value);
      case 'string':
        return JSON.stringify(value);
      case 'bigint':
        return `${value}n`;
      case 'symbol':
        return symbol(value);
      case 'function':
        throw new Opaque();
      case 'object':
        return value === null ? 'null' : this.object(value);
      default:
        return String(value);
    }
  }

  number(value) {
    if (!this.loose) return Object.is(value, -0) ? '-0' : String(value);
    return Number.isFinite(value) ? String(Number(value.toPrecision(DIGITS))) : String(value);
  }

  object(value) {
    const above = this.around.indexOf(value);
    if (above >= 0) return `around:${this.around.length - above}`;
    this.around.push(value);
    try {
      const ref = this.judge.standIns.refOf(value);
      return ref === undefined ? this.plain(value) : this.special(value, ref);
    } finally {
      this.around.pop();
    }
  }

  plain(value) {
    switch (kindOf(value, false)) {
      case 'a':
        return this.loose ? this.given(value) : `array ${value.length} ${this.properties(value)}`;
      case 'o':
        return `{} ${this.properties(value)}`;
      case 'O':
        return `${this.loose ? '{}' : 'bare'} ${this.properties(value)}`;
      case 'M':
        return `Map ${listed([...value].map(([key, item]) => `${this.text(key)}: ${this.text(item)}`))}`;
      case 'S':
        return `Set ${listed([...value].map((item) => this.text(item)))}`;
      case 'D':
        return `Date ${String(value.getTime())}`;
      case 'R':
        return `RegExp ${JSON.stringify([value.source, value.flags])}`;
      case 'E':
        return `error ${JSON.stringify([nameOf(this.judge, value), this.loose ? '' : String(value.message)])}`;
      case 'B':
        return `${getPrototypeOf(value).constructor.name} ${this.items(value)}`;
      case 'A':
        return `ArrayBuffer ${Buffer.from(value).toString('base64')}`;
      case 'W':
        return `boxed ${this.text(value.valueOf())}`;
      default:
        throw new Opaque();
    }
  }

  /** What a typed array or a view holds. */
  items(view) {
    if (view instanceof DataView) return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64');
    return `[${Array.from(view, (item) => this.text(item)).join(' ')}]`;
  }

  properties(value) {
    const texts = [];
    for (const key of ownKeys(value)) {
      const found = getOwnPropertyDescriptor(value, key);
      if (key === CONTENTS || found?.enumerable !== true || (this.loose && found.value === undefined)) continue;
      texts.push(`${typeof key === 'symbol' ? symbol(key) : JSON.stringify(key)}: ${this.text(found.value)}`);
    }
    return listed(texts);
  }

  /** An object of a class of the code's: its class, what it shows, and what it gives when it is gone through. */
  special(value, { kind, name, contents }) {
    if (kind !== 'object') throw new Opaque();
    const held = contents === true ? this.text(value[CONTENTS]) : undefined;
    const shown = this.properties(value);
    const pulled = held === undefined && typeof value[Symbol.iterator] === 'function' ? this.pulled(value) : undefined;
    const bare = shown === listed([]) && held === undefined;
    if (bare && pulled === undefined) throw new Opaque();
    // What iterates is written in many ways, and its class seldom counts.
    return bare
      ? pulled
      : [`special ${JSON.stringify(name)}`, held, shown, pulled].filter((text) => text !== undefined).join(' ');
  }

  pulled(value) {
    let items = this.taken.get(value);
    if (items === undefined) {
      this.taken.set(value, (items = []));
      for (const item of value) if (items.push(item) === PULLED) break;
    }
    return this.given(items);
  }

  given(items) {
    const texts = [];
    for (const item of items) texts.push(this.text(item));
    return `gives [${texts.join(' ')}]`;
  }
}

function listed(texts) {
  return `(${texts.sort().join(', ')})`;
}

function symbol(value) {
  const key = Symbol.keyFor(value);
  if (key !== undefined) return `Symbol.for(${JSON.stringify(key)})`;
  const name = value.description ?? '';
  if (Symbol[name.replace(/^Symbol\./, '')] === value) return name;
  // No other is equal to it.
  throw new Opaque();
}

/** The kind of an error, or of whatever was thrown: the name that it bears, else that of its class. */
function nameOf(judge, error) {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) return `a ${typeof error}`;
  const own = getOwnPropertyDescriptor(error, 'name')?.value;
  const name = typeof own === 'string' ? own : (judge.standIns.refOf(error)?.name ?? classOf(error));
  return name.slice(0, NAME);
}

function classOf(value) {
  const name = getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' ? name : '';
}

function digest(text) {
  return createHash('sha256').update(text).digest('base64');
}

/**
 * The outcome of a call that gave something.
 * @throws Gone and Broken, where the code cannot be asked about it any more
 */
function given(judge, value) {
  const pulled = new Map();
  try {
    const [exact, loose] = [false, true].map((way) => digest(new Writer(judge, way, pulled).text(value)));
    return { kind: 'value', exact, loose };
  } catch (error) {
    if (error instanceof Broken || error instanceof Gone) throw error;
    // Also what is too deep to be walked through, and what throws when it is looked at.
    return { kind: 'opaque' };
  }
}

/** The outcome of a call that threw. @throws Gone and Broken */
function thrown(judge, error) {
  try {
    return { kind: 'error', name: nameOf(judge, error) };
  } catch (failure) {
    if (failure instanceof Broken || failure instanceof Gone) throw failure;
    return { kind: 'opaque' };
  }
}

module.exports = { given, thrown };
