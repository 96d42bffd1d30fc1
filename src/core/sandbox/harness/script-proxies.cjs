'use strict';
/**
 * What the judge holds in place of objects that live in the candidate's process.
 *
 * A stand-in never equals plain data: its prototype and tag are the judge's own. It turns into a number, or into what an
 * operator makes of it, only where the tests built it themselves. And as long as nothing of the code is called, it gives
 * the same answer twice, so that no result can be greater than one bound and then less than the next.
 */
const { BASE_BY_NAME } = require('./script-builtins.cjs');
const { Broken } = require('./script-channel.cjs');
const { makeRef, Traps } = require('./script-remote.cjs');
const { inspect } = require('node:util');
const { Map, Object, String, Symbol, TypeError } = globalThis;

/** Stands for what an object holds beside its properties, such as the entries of a map. */
const CONTENTS = Symbol('contents');
const CHAIN = 60;
/** Special names that the tests' own functions look for, on whatever they are given. */
const WITHHELD = new Set([Symbol.hasInstance, Symbol.isConcatSpreadable, Symbol.species, Symbol.unscopables]);
const PATTERNS = new Set([Symbol.match, Symbol.matchAll, Symbol.replace, Symbol.search, Symbol.split]);

/** What stands between a stand-in and a builtin prototype, which is plain data's alone. */
class Prototypes {
  constructor() {
    this.made = new Map();
  }

  above(base) {
    if (!this.made.has(base)) this.made.set(base, Object.create(base));
    return this.made.get(base);
  }
}

class JudgeTraps extends Traps {
  constructor(link, ref) {
    super(link, ref);
    this.answers = new Map();
    this.epoch = -1;
  }

  /** Asks, unless it was asked since any code of the candidate's was last called. */
  ask(question, ...operands) {
    const { link, ref } = this;
    const lasting = !ref.built && (question === 'get' || question === 'has' || question === 'primitive');
    if (!lasting) return super.ask(question, ...operands);
    if (this.epoch !== link.epoch) this.answers.clear();
    this.epoch = link.epoch;
    let known = this.answers.get(question);
    if (known === undefined) this.answers.set(question, (known = new Map()));
    const [key] = operands;
    if (!known.has(key)) known.set(key, super.ask(question, key));
    return known.get(key);
  }

  get(base, key) {
    if (key === 'name' && this.ref.kind !== 'object') return ownName(super.get(base, key));
    if (typeof key === 'string') return super.get(base, key);
    if (key === Symbol.toPrimitive) return (hint) => this.primitive(hint);
    if (key === Symbol.toStringTag)
      return this.ref.kind === 'object' ? `${this.ref.name || 'object'} of the code` : undefined;
    if (key === inspect.custom) return () => describe(this.ref);
    if (key === CONTENTS) return this.ref.contents ? this.link.ask('contents', this.stand) : undefined;
    if (WITHHELD.has(key) || (PATTERNS.has(key) && !this.ref.built)) return undefined;
    return super.get(base, key);
  }

  primitive(hint) {
    if (hint !== 'string' && !this.ref.built)
      throw new TypeError(`the result is not plain data but ${describe(this.ref)}`);
    const made = this.ask('primitive', hint);
    if ((typeof made === 'object' && made !== null) || typeof made === 'function') throw new Broken('no primitive');
    return made;
  }

  ownKeys() {
    const keys = super.ownKeys();
    return this.ref.contents ? [...keys, CONTENTS] : keys;
  }

  getOwnPropertyDescriptor(base, key) {
    if (key !== CONTENTS) return super.getOwnPropertyDescriptor(base, key);
    if (!this.ref.contents) return undefined;
    return { value: this.get(base, CONTENTS), enumerable: true, writable: true, configurable: true };
  }

  apply(base, self, operands) {
    return super.apply(base, this.link.isScope(self) ? undefined : self, operands);
  }

  construct(base, operands, derived) {
    if (derived !== this.stand) {
      throw new TypeError(`tests cannot derive a class from ${this.ref.name}, a class of the code under test`);
    }
    const made = super.construct(base, operands, derived);
    const ref = this.link.standIns.refOf(made);
    if (ref !== undefined) ref.built = true;
    return made;
  }
}

/** Reads what a message describes. @throws Broken where the description makes no sense */
function readRef(link, prototypes, [, id, kind, name, prototype, contents], depth = 0) {
  const sound = typeof id === 'number' && ['function', 'class', 'object'].includes(kind) && typeof name === 'string';
  if (!sound || depth > CHAIN) throw new Broken('a reference that makes no sense');
  const ref = makeRef(
    id,
    kind,
    name.slice(0, 100).replace(/\s+/g, ' '),
    above(link, prototypes, kind, prototype, depth),
  );
  ref.contents = contents === true;
  return ref;
}

function above(link, prototypes, kind, slot, depth) {
  if (slot === null) return prototypes.above(null);
  if (Array.isArray(slot) && slot[0] === 'm' && BASE_BY_NAME.has(slot[1])) {
    const base = BASE_BY_NAME.get(slot[1]);
    return kind === 'object' ? prototypes.above(base) : base;
  }
  if (!Array.isArray(slot) || (slot[0] !== 'p' && slot[0] !== 'r')) throw new Broken('a prototype that makes no sense');
  return link.refer(slot, depth + 1);
}

/** The name of a function of the code's: never that of a builtin class. */
function ownName(name) {
  return BASE_BY_NAME.has(name) ? `candidate.${name}` : name;
}

/** Such as "a Stack object". */
function describe({ kind, name }) {
  if (kind === 'object') return `a ${name === '' || name === 'Object' ? 'special' : name} object`;
  return `the ${kind} ${name === '' ? 'without a name' : String(name)}`;
}

module.exports = { CONTENTS, describe, JudgeTraps, Prototypes, readRef };
