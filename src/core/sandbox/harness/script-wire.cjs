'use strict';
/**
 * The codec between judge and candidate. Plain data travels by value but keeps its identity: both sides hold a copy under
 * the same number, and messages carry what has changed since the last one, so that an object which the code keeps, returns
 * again or changes in place is the one that the tests hold.
 *
 * A message carries *slots*: JSON scalars stand for themselves, `[number]` for a numbered object, `[letter, ...]` for other
 * primitives and for references. *Nodes* `[number, kind, payload]` define numbered objects, *changes* redefine them.
 */
const { Broken } = require('./script-channel.cjs');
const { close, KINDS, kindOf, levelOf } = require('./script-plain.cjs');
const { Array, BigInt, Map, Number, Object, Set, String, Symbol } = globalThis;
const { isArray } = Array;
const { hasOwn, is } = Object;

/** How much, in elements, is looked through for changes with every message. */
const SCANNED = 1_024;
/** How much, in elements, keeps its identity; beyond it the oldest objects are copied anew when they travel again. */
const KEPT = 200_000;

const NUMBERS = { nan: NaN, zero: -0, infinity: Infinity, minus: -Infinity };
const WELL_KNOWN = new Map(
  Reflect.ownKeys(Symbol)
    .filter((name) => typeof Symbol[name] === 'symbol')
    .map((name) => [Symbol[name], name]),
);

/**
 * Translates values for one side. `step` is +1 or -1: each side numbers the objects that it introduces.
 * `host` says how what is not plain data travels: `reference(value)` to a slot, `refer(slot)` back.
 */
class Codec {
  constructor(step, host) {
    this.step = step;
    this.host = host;
    this.last = 0;
    this.objects = new Map();
    this.numbers = new Map();
    this.watched = new Map();
    this.touched = new Set();
    this.weight = 0;
    this.dropped = [];
    this.symbols = [];
    this.theirSymbols = new Map();
  }

  /** The outermost call is over. */
  settle() {
    this.touched.clear();
  }

  /** Forgets the oldest objects where there are too many, and notes their numbers for the other side to do the same. */
  trim() {
    for (const number of this.watched.keys()) {
      if (this.weight <= KEPT) return;
      this.dropped.push(number);
      this.drop(number);
    }
  }

  drop(number) {
    this.numbers.delete(this.objects.get(number));
    this.objects.delete(number);
    const entry = this.watched.get(number);
    if (entry !== undefined) this.weight -= 1 + entry.seen.length;
    this.watched.delete(number);
  }

  // ---- values to messages

  /** The parts of a message. `outermost`: changes of whatever took part are sent, however large it is. */
  pack(values, outermost) {
    // The judge alone forgets, between calls.
    if (outermost && this.step > 0) this.trim();
    const before = this.last;
    const todo = [];
    const slot = (value) => this.slot(value, todo);
    try {
      const v = values.map(slot);
      const n = this.drain(todo, slot);
      const u = this.changes(outermost, slot);
      n.push(...this.drain(todo, slot));
      const f = this.dropped.splice(0);
      return { v, n, ...(u.length > 0 ? { u } : {}), ...(f.length > 0 ? { f } : {}) };
    } catch (error) {
      for (const number of [...this.objects.keys()]) {
        // The other side will not know what was never sent.
        if (number * this.step > before * this.step) this.drop(number);
      }
      throw error;
    }
  }

  drain(todo, slot) {
    const nodes = [];
    // It grows while it is gone through.
    for (const [number, kind, value] of todo) {
      nodes.push([number, kind, KINDS[kind].pack(value, slot)]);
      this.watch(number, kind, value);
    }
    todo.length = 0;
    return nodes;
  }

  slot(value, todo) {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (value === 0 ? !is(value, -0) : Number.isFinite(value)) return value;
        return ['#', Object.keys(NUMBERS).find((name) => is(NUMBERS[name], value))];
      case 'undefined':
        return ['u'];
      case 'bigint':
        return ['b', String(value)];
      case 'symbol':
        return this.symbolSlot(value);
      default:
        return value === null ? null : this.objectSlot(value, todo);
    }
  }

  objectSlot(value, todo) {
    const known = this.numbers.get(value);
    if (known !== undefined) {
      this.touch(known);
      return [known];
    }
    const reference = this.host.reference(value);
    if (reference !== undefined) return reference;
    const kind = typeof value === 'function' ? undefined : kindOf(value, this.host.lendsRecords);
    if (kind === undefined) return this.host.lend(value);
    this.last += this.step;
    this.note(this.last, value);
    todo.push([this.last, kind, value]);
    return [this.last];
  }

  symbolSlot(value) {
    if (WELL_KNOWN.has(value)) return ['y', 'well', WELL_KNOWN.get(value)];
    if (Symbol.keyFor(value) !== undefined) return ['y', 'key', Symbol.keyFor(value)];
    for (const [number, theirs] of this.theirSymbols) if (theirs === value) return ['y', 'yours', number];
    if (!this.symbols.includes(value)) this.symbols.push(value);
    return ['y', 'mine', this.symbols.indexOf(value), value.description ?? ''];
  }

  note(number, value) {
    this.objects.set(number, value);
    this.numbers.set(value, number);
    this.touched.add(number);
  }

  /** Marks a numbered object, and what it leads to, as taking part in the present call. */
  touch(number) {
    const todo = [number];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (this.touched.has(next)) continue;
      this.touched.add(next);
      const entry = this.watched.get(next);
      if (entry === undefined) continue;
      for (const part of KINDS[entry.kind].look(this.objects.get(next))) {
        const inner = typeof part === 'object' && part !== null ? this.numbers.get(part) : undefined;
        if (inner !== undefined) todo.push(inner);
      }
    }
  }

  watch(number, kind, value) {
    const before = this.watched.get(number);
    const seen = KINDS[kind].look(value);
    this.weight += 1 + seen.length - (before === undefined ? 0 : 1 + before.seen.length);
    this.watched.set(number, { kind, seen });
  }

  changes(outermost, slot) {
    const all = this.weight <= SCANNED;
    if (!all && !outermost) return [];
    const changes = [];
    for (const number of [...(all ? this.watched.keys() : this.touched)]) {
      const entry = this.watched.get(number);
      const value = this.objects.get(number);
      if (entry === undefined || same(KINDS[entry.kind].look(value), entry.seen)) continue;
      // What has become something else than plain data stays as it was sent.
      if (kindOf(value, this.host.lendsRecords || number * this.step < 0) !== entry.kind) continue;
      changes.push([number, entry.kind, KINDS[entry.kind].pack(value, slot)]);
      this.watch(number, entry.kind, value);
    }
    return changes;
  }

  // ---- messages to values

  /** The values of a message, after its changes have been applied to this side's copies. */
  unpack({ v, n, u = [], f = [] }) {
    if (f.length > 0 && this.step > 0) throw new Broken('only the tests forget');
    for (const number of f) this.drop(number);
    const read = (slot) => this.value(slot);
    for (const [number, kind, payload] of n) {
      const own = typeof number !== 'number' || number * this.step >= 0 || this.objects.has(number);
      if (own || !hasOwn(KINDS, kind)) throw new Broken('a node with a number that is not its own');
      this.note(number, KINDS[kind].make(payload, read));
    }
    for (const [number, kind, payload] of n) this.fill(number, kind, payload, read);
    for (const [number, kind, payload] of u) {
      if (this.watched.get(number)?.kind !== kind) throw new Broken('a change of something that cannot be changed');
      this.fill(number, kind, payload, read);
    }
    for (const [number, kind, payload] of [...n, ...u]) {
      const value = this.objects.get(number);
      close(value, levelOf(kind, payload));
      this.watch(number, kind, value);
    }
    return v.map(read);
  }

  fill(number, kind, payload, read) {
    if (number * this.step < 0) this.host.check(kind, payload);
    KINDS[kind].fill(this.objects.get(number), payload, read);
    this.touched.add(number);
  }

  value(slot) {
    if (!isArray(slot)) {
      if (typeof slot === 'object' && slot !== null) throw new Broken('a slot that makes no sense');
      return slot;
    }
    const [first, second] = slot;
    if (typeof first === 'number') {
      if (!this.objects.has(first)) throw new Broken('an object that nobody knows');
      return this.objects.get(first);
    }
    switch (first) {
      case 'u':
        return undefined;
      case '#':
        return NUMBERS[second];
      case 'b':
        return BigInt(second);
      case 'y':
        return this.symbol(slot);
      default:
        return this.host.refer(slot);
    }
  }

  symbol([, kind, name, description]) {
    if (kind === 'well') return Symbol[name];
    if (kind === 'key') return Symbol.for(name);
    if (kind === 'yours') return this.symbols[name];
    if (!this.theirSymbols.has(name)) this.theirSymbols.set(name, Symbol(description));
    return this.theirSymbols.get(name);
  }
}

function same(now, seen) {
  if (now.length !== seen.length) return false;
  for (let at = 0; at < now.length; at++) if (!is(now[at], seen[at])) return false;
  return true;
}

module.exports = { Codec };
