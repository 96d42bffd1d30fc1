'use strict';
/** What the tests lend to the code: functions, classes and objects of their own, by their public surface only. */
const { types } = require('node:util');
const { builtinNames, NAME_OF_BASE } = require('./script-builtins.cjs');
const { OPERATIONS } = require('./script-remote.cjs');
const { several } = require('./script-peer.cjs');
const { Function, Map, Reflect, Set, Symbol, TypeError } = globalThis;
const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const sourceOf = Function.prototype.toString;

/** Ways from an object to code that makes code, or to what called it. */
const BLOCKED = new Set(['__proto__', '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__']);
for (const name of ['caller', 'callee', 'arguments']) BLOCKED.add(name);
const QUESTIONS = new Set(['get', 'set', 'has', 'delete', 'keys', 'own', 'call', 'new', 'primitive']);

/** What shows that an object stands for more than data: with it, code could reach the report of the tests. */
const POWERS = ['fd', '_handle', 'spawn', 'runInThisContext', 'postMessage', 'binding'];
const PUBLIC = new Set([Symbol.iterator, Symbol.asyncIterator, Symbol.toStringTag]);

/** Names of what works on an object's insides, rather than on any object. */
const METHOD = /^(?!Object|Function)\w+\.prototype\./;

function isPublic(key) {
  return typeof key === 'string' ? !key.startsWith('_') : PUBLIC.has(key);
}

class Lender {
  /** @param sources all texts that the tests consist of: what is defined elsewhere is not theirs */
  constructor(sources) {
    this.sources = sources;
    this.lent = new Map();
    this.ids = new Map();
    this.names = undefined;
    /** Methods of builtin classes that the code has taken from objects of the tests: they work on those alone. */
    this.methods = new Set();
    this.learnt = new Map();
  }

  /** Notes a builtin module that the tests have required: the code has its own. */
  learn(name, exports) {
    const add = (value, path) => {
      const known =
        (typeof value !== 'function' && typeof value !== 'object') || value === null || this.learnt.has(value);
      if (!known) this.learnt.set(value, path);
    };
    add(exports, `node:${name}`);
    for (const key of ownKeys(exports)) {
      const found = getOwnPropertyDescriptor(exports, key);
      if (typeof key === 'string' && found.get === undefined) add(found.value, `node:${name}#${key}`);
    }
  }

  /** Whether a function was written in the tests. */
  isTheirs(value) {
    if (typeof value !== 'function' || types.isProxy(value)) return false;
    const text = Reflect.apply(sourceOf, value, []);
    return this.sources.some((source) => source.includes(text));
  }

  /** Whether an object is of a class that neither the tests nor the language made: one of Node's. */
  isNodes(value) {
    for (let at = typeof value === 'function' ? null : getPrototypeOf(value); at !== null; at = getPrototypeOf(at)) {
      if (NAME_OF_BASE.has(at)) return false;
      const maker = getOwnPropertyDescriptor(at, 'constructor')?.value;
      if (typeof maker === 'function' && !this.isTheirs(maker)) return true;
    }
    return false;
  }

  id(value) {
    const known = this.ids.get(value);
    if (known !== undefined) return known;
    const id = this.ids.size + 1;
    this.ids.set(value, id);
    this.lent.set(id, value);
    return id;
  }

  /** The name of an object that both processes have. */
  builtin(value) {
    this.names ??= builtinNames();
    return this.names.get(value) ?? this.learnt.get(value);
  }

  slot(value) {
    const name = this.methods.has(value) ? undefined : this.builtin(value);
    if (name !== undefined) return ['m', name];
    if (this.isNodes(value) && POWERS.some((power) => power in value)) {
      throw new TypeError('tests cannot hand a descriptor, a process or a thread to the code');
    }
    const id = this.id(value);
    if (typeof value !== 'function') return ['p', id, 'object', this.nameOf(value), this.prototypeSlot(value)];
    const { name: called } = value;
    const kind = /^class\b/.test(Reflect.apply(sourceOf, value, [])) ? 'class' : 'function';
    return ['p', id, kind, typeof called === 'string' ? called : '', this.parentSlot(value)];
  }

  nameOf(value) {
    const { constructor } = value;
    return this.isTheirs(constructor) ? constructor.name : '';
  }

  parentSlot(value) {
    const parent = getPrototypeOf(value);
    return this.isTheirs(parent) ? this.slot(parent) : ['m', NAME_OF_BASE.get(parent) ?? 'Function.prototype'];
  }

  /** The nearest prototype that the tests made, or a builtin one. */
  prototypeSlot(value) {
    for (let at = getPrototypeOf(value); at !== null; at = getPrototypeOf(at)) {
      const name = NAME_OF_BASE.get(at);
      if (name !== undefined) return ['m', name];
      const functions = ownKeys(at).map((key) => getOwnPropertyDescriptor(at, key).value);
      if (functions.every((item) => typeof item !== 'function' || this.isTheirs(item))) return this.slot(at);
    }
    return null;
  }

  /** Serves the code. Only what was lent, only its public surface: of a function that is not the tests', its call alone. */
  serve(question, [value, ...operands]) {
    if (!this.ids.has(value) || !QUESTIONS.has(question)) throw new TypeError('not an object of the tests');
    if (question === 'call' || question === 'new') return OPERATIONS[question](value, ...operands);
    const [key] = operands;
    if (this.isNodes(value) && !(question === 'primitive' || (question === 'get' && isPublic(key)))) {
      return question === 'keys' ? several([]) : question === 'own' ? several([false]) : undefined;
    }
    const open = typeof value !== 'function' || this.isTheirs(value);
    if (!open) {
      if (question === 'get' && (key === 'name' || key === 'length')) return value[key];
      if (question === 'keys') return several([]);
      if (question === 'own') return several([false]);
      return undefined;
    }
    if (BLOCKED.has(key)) return question === 'own' ? several([false]) : undefined;
    if (key === 'constructor' || (key === 'prototype' && typeof value === 'function')) {
      if (question !== 'get') return question === 'own' ? several([false]) : false;
      return this.mayTake(key, value[key]) ? value[key] : undefined;
    }
    const found = OPERATIONS[question](value, ...operands);
    if (question === 'get' && METHOD.test(this.builtin(found) ?? '')) this.methods.add(found);
    return found;
  }

  mayTake(key, found) {
    if (key === 'prototype') return typeof found === 'object' && found !== null;
    return this.isTheirs(found) || this.builtin(found) !== undefined;
  }
}

module.exports = { Lender };
