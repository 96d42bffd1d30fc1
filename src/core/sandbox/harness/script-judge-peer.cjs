'use strict';
/** The judge's side of the conversation with the code under test. */
const { AssertionError } = require('node:assert');
const { types } = require('node:util');
const { Broken, Gone } = require('./script-channel.cjs');
const { Lender } = require('./script-lend.cjs');
const { Peer } = require('./script-peer.cjs');
const { describeThrown, Promises } = require('./script-promises.cjs');
const { JudgeTraps, Prototypes, readRef } = require('./script-proxies.cjs');
const { StandIns } = require('./script-remote.cjs');
const { Map, Object, Set, TypeError, WeakMap } = globalThis;

/** Questions that run none of the code but its accessors. */
const READING = new Set(['get', 'has', 'own', 'keys', 'primitive', 'contents', 'resolve']);
/** The kinds of what a reference may be described as, where it is no function. */
const NO_FUNCTIONS = { a: (payload) => extras(payload), o: (p) => p[2], O: (p) => p[2], E: (p) => p[2] };

/** What the tests may touch of the candidate, and what they lend to it. */
class Judge extends Peer {
  constructor(channel, sources) {
    super(channel, 1);
    this.lendsRecords = true;
    this.standIns = new StandIns(this, JudgeTraps);
    this.prototypes = new Prototypes();
    this.promises = new Promises(
      () => undefined,
      (error) => this.shown(error),
    );
    this.lender = new Lender(sources);
    this.origins = new WeakMap();
    /** Grows whenever code of the candidate's may have run. */
    this.epoch = 0;
    /** Why the candidate cannot be asked any more. */
    this.lost = undefined;
    /** An assertion of the tests that failed where the candidate could catch it. */
    this.swallowed = undefined;
    /** A limit that the candidate ran into. */
    this.struck = undefined;
    this.scope = undefined;
    /** What stands before each text of the tests in its first line: a number of characters by file. */
    this.prefixes = new Map();
  }

  exchange(question, operands) {
    if (this.lost !== undefined) throw this.lost;
    if (this.depth === 0 && this.channel.pending) {
      this.lost = new Broken('it wrote to the channel of its results');
      throw this.lost;
    }
    if (!READING.has(question)) this.epoch++;
    try {
      return super.exchange(question, operands);
    } catch (error) {
      if (error instanceof Gone || error instanceof Broken) this.lost ??= error;
      throw error;
    }
  }

  /** Lets the candidate's event loop run for at most some ms. Returns whether it has nothing left to wait for. */
  turn(most) {
    const [idle, ...events] = this.exchange('turn', [most, ...this.promises.takeEvents()]);
    this.promises.settle(events, (id, error, text, where) => {
      if (typeof text !== 'string' || typeof where !== 'string') throw new Broken('a failure that makes no sense');
      if (id === 0) this.crashed ??= where === '' ? text : `${text} (${where})`;
      else this.arose(error, { text, where, stack: '' });
    });
    return idle === true && events.length === 0;
  }

  isScope(value) {
    return value === this.scope;
  }

  // ---- what the candidate gives

  refer(slot, depth = 0) {
    const [letter, id] = slot;
    if (letter === 'r') {
      const value = this.lender.lent.get(id);
      if (value === undefined) throw new Broken('an object that was never lent');
      return value;
    }
    if (letter === 'q' && typeof id === 'number') return this.promises.promised(id);
    if (letter !== 'p') throw new Broken('a reference that makes no sense');
    const known = this.standIns.get(id);
    return known ?? this.standIns.add(readRef(this, this.prototypes, slot, depth));
  }

  /** Records of the candidate's hold no functions: they would answer for the record when it is compared. */
  check(kind, payload) {
    for (const slot of NO_FUNCTIONS[kind]?.(payload) ?? []) {
      if (typeof this.codec.value(slot) === 'function') throw new Broken('plain data with a function in it');
    }
  }

  failure(values) {
    const [error, text, where] = values;
    if (values.length !== 3 || typeof text !== 'string' || typeof where !== 'string') {
      return new Broken('an exception that makes no sense');
    }
    // The tests were where it comes out of the call, whatever stack it has itself.
    this.arose(error, { text, where, stack: new Error().stack });
    return error;
  }

  /** Notes that something thrown came from the code. */
  arose(error, origin) {
    const held = (typeof error === 'object' && error !== null) || typeof error === 'function';
    if (!held) this.thrown = { error, ...origin };
    else if (!this.lender.ids.has(error)) this.origins.set(error, origin);
  }

  // ---- what the tests lend

  reference(value) {
    const id = this.standIns.refOf(value)?.id ?? this.promises.theirs(value);
    return id === undefined ? undefined : ['r', id];
  }

  lend(value) {
    if (this.isScope(value)) throw new TypeError('tests cannot hand their own scope to the code');
    if (!types.isPromise(value)) return this.lender.slot(value);
    const known = this.lender.ids.has(value);
    const id = this.lender.id(value);
    if (!known) this.promises.watch(id, value);
    return ['q', id];
  }

  serve(question, operands) {
    if (question === 'struck') {
      this.struck = 'processes';
      throw new Broken('it started too many processes');
    }
    try {
      return this.lender.serve(question, operands);
    } catch (error) {
      throw this.shown(error);
    }
  }

  /** What the candidate sees of what a function of the tests threw. */
  shown(error) {
    if (!(error instanceof AssertionError) || this.origins.has(error)) return error;
    // The candidate could swallow it, and its message may hold an expected value.
    this.swallowed ??= error;
    return Object.assign(new Error('an assertion of the tests failed'), { name: 'AssertionError' });
  }

  refuse(error) {
    const { text } = describeThrown(error);
    try {
      return this.codec.pack([error, text, ''], this.depth === 1);
    } catch {
      return this.codec.pack([new Error(text), text, ''], this.depth === 1);
    }
  }
}

/** What an array holds beside its elements. */
function extras([, length, names, items]) {
  return typeof length === 'number' ? items.filter((_, at) => !/^\d+$/.test(names[at])) : [];
}

module.exports = { Judge };
