'use strict';
/** Stand-ins for objects of the other process: whatever is done to one is asked over there. */
const { several } = require('./script-peer.cjs');
const { Function, Map, Proxy, Reflect, Symbol, TypeError, WeakMap } = globalThis;
const { bind } = Function.prototype;

/**
 * Which object a stand-in stands for. `built`: by the tests, with `new`; then it is trusted to answer for itself when it
 * is turned into a primitive.
 * @param kind "function", "class" or "object"
 */
function makeRef(id, kind, name, prototype) {
  return { id, kind, name, prototype, built: false };
}

function nothing() {
  return undefined;
}

/** An empty object that the traps may say anything about: no property of it is fixed. */
function target(kind) {
  if (kind === 'object') return {};
  const callable = Reflect.apply(bind, nothing, [undefined]);
  delete callable.name;
  delete callable.length;
  return callable;
}

/** The traps of one stand-in. `link` asks; `ref` is what it stands for. */
class Traps {
  constructor(link, ref) {
    this.link = link;
    this.ref = ref;
    this.stand = undefined;
  }

  ask(question, ...operands) {
    return this.link.ask(question, this.stand, ...operands);
  }

  get(_, key) {
    return key === '__proto__' ? this.getPrototypeOf() : this.ask('get', key);
  }

  set(_, key, value) {
    return this.ask('set', key, value) === true;
  }

  has(_, key) {
    return this.ask('has', key) === true;
  }

  deleteProperty(_, key) {
    return this.ask('delete', key) === true;
  }

  ownKeys() {
    return this.link.exchange('keys', [this.stand]);
  }

  getOwnPropertyDescriptor(_, key) {
    const [found, enumerable, value] = this.link.exchange('own', [this.stand, key]);
    if (found !== true) return undefined;
    return { value, enumerable: enumerable === true, writable: true, configurable: true };
  }

  defineProperty(_, key, descriptor) {
    return 'value' in descriptor && this.ask('set', key, descriptor.value) === true;
  }

  getPrototypeOf() {
    return this.ref.prototype;
  }

  setPrototypeOf() {
    return false;
  }

  preventExtensions() {
    return false;
  }

  apply(_, self, operands) {
    return this.ask('call', self, ...operands);
  }

  construct(_, operands, derived) {
    if (derived !== this.stand)
      throw new TypeError(`${this.ref.name} is in another process: no class can be derived from it`);
    return this.ask('new', ...operands);
  }
}

/** All stand-ins of one side: the same object always has the same one. */
class StandIns {
  constructor(link, Kind) {
    this.link = link;
    this.Kind = Kind;
    this.known = new Map();
    this.refs = new WeakMap();
  }

  get(id) {
    return this.known.get(id);
  }

  /** What {@link makeRef} made for a stand-in; undefined for everything else. */
  refOf(value) {
    return this.refs.get(value);
  }

  add(ref) {
    const traps = new this.Kind(this.link, ref);
    const base = target(ref.kind);
    traps.stand = new Proxy(base, traps);
    traps.base = base;
    this.known.set(ref.id, traps.stand);
    this.refs.set(traps.stand, ref);
    return traps.stand;
  }
}

/** The question that each operation on an object is, and its answer. */
const OPERATIONS = {
  get: (value, key) => value[key],
  set: (value, key, item) => Reflect.set(value, key, item),
  has: (value, key) => key in value,
  delete: (value, key) => Reflect.deleteProperty(value, key),
  keys: (value) => several(Reflect.ownKeys(value)),
  own(value, key) {
    const found = Reflect.getOwnPropertyDescriptor(value, key);
    return found === undefined ? several([false]) : several([true, found.enumerable, value[key]]);
  },
  call: (value, self, ...operands) => Reflect.apply(value, self, operands),
  new: (value, ...operands) => Reflect.construct(value, operands),
  primitive: toPrimitive,
};

/** What the language does to an object where it needs a primitive. */
function toPrimitive(value, hint) {
  const own = value[Symbol.toPrimitive];
  const ways =
    own !== undefined && own !== null
      ? [own]
      : hint === 'string'
        ? [value.toString, value.valueOf]
        : [value.valueOf, value.toString];
  for (const way of ways) {
    if (typeof way !== 'function') continue;
    const made = Reflect.apply(way, value, way === own ? [hint] : []);
    if ((typeof made !== 'object' && typeof made !== 'function') || made === null) return made;
  }
  throw new TypeError('Cannot convert object to primitive value');
}

module.exports = { makeRef, OPERATIONS, StandIns, Traps };
