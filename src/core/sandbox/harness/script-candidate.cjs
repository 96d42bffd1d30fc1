'use strict';
/** Runs the code under test, and only that. What it answers is never believed, only compared. */
const { enter } = require('./script-boot.cjs');
const { builtinNamed, NAME_OF_BASE } = require('./script-builtins.cjs');
const { Broken, Channel, Gone } = require('./script-channel.cjs');
const { isIdle } = require('./script-idle.cjs');
const { Peer } = require('./script-peer.cjs');
const { Program } = require('./script-program.cjs');
const { makeRef, OPERATIONS, StandIns, Traps } = require('./script-remote.cjs');
const { describeThrown, Promises } = require('./script-promises.cjs');
const { types } = require('node:util');

const { Function, Map, Object, process, Reflect, setImmediate, setTimeout, clearTimeout } = globalThis;
const { getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const sourceOf = Function.prototype.toString;
const exit = process.reallyExit.bind(process);
/** Longest chain of prototypes that is told. */
const CHAIN = 50;

/** Serves the judge: loads the code, calls what it defines, hands out references to its objects. */
class Candidate extends Peer {
  constructor(channel) {
    super(channel, -1);
    this.lendsRecords = false;
    this.exports = new Map();
    this.ids = new Map();
    this.standIns = new StandIns(this, Traps);
    this.promises = new Promises(() => this.wake());
    this.program = new Program(() => this.ask('struck', 'processes'));
    this.wake = () => undefined;
  }

  // ---- objects that leave and come back

  id(value) {
    const known = this.ids.get(value);
    if (known !== undefined) return known;
    const id = this.ids.size + 1;
    this.ids.set(value, id);
    this.exports.set(id, value);
    return id;
  }

  /** The slot for an object of the tests that comes back; undefined for all others. */
  reference(value) {
    const id = this.standIns.refOf(value)?.id ?? this.promises.theirs(value);
    return id === undefined ? undefined : ['r', id];
  }

  /** The slot for an object that is not plain data. */
  lend(value, chain = 0) {
    const known = this.ids.has(value);
    const id = this.id(value);
    if (types.isPromise(value)) {
      if (!known) this.promises.watch(id, value);
      return ['q', id];
    }
    const kind = typeof value !== 'function' ? 'object' : isClass(value) ? 'class' : 'function';
    const above = types.isProxy(value) ? Object.prototype : getPrototypeOf(value);
    return ['p', id, kind, nameOf(value, kind), this.prototypeSlot(above, chain + 1), contentsOf(value) !== undefined];
  }

  prototypeSlot(value, chain) {
    if (value === null || chain > CHAIN) return null;
    const name = NAME_OF_BASE.get(value);
    return name === undefined ? (this.reference(value) ?? this.lend(value, chain)) : ['m', name];
  }

  refer([letter, id, kind, name, prototype]) {
    if (letter === 'r') return this.exports.get(id);
    if (letter === 'm') return builtinNamed(id);
    if (letter === 'q') return this.promises.promised(id);
    const known = this.standIns.get(id);
    if (known !== undefined) return known;
    const above = prototype === null ? Object.prototype : this.codec.value(prototype);
    return this.standIns.add(makeRef(id, kind, name, above));
  }

  check() {
    // The tests' process keeps to the protocol.
  }

  // ---- questions

  /** Serves until the judge lets the event loop run. */
  listen() {
    try {
      for (;;) {
        const message = this.channel.receive();
        if (message.q === 'turn') {
          this.turn(message);
          return;
        }
        this.answer(message);
      }
    } catch (error) {
      if (error instanceof Gone || error instanceof Broken) exit(0);
      throw error;
    }
  }

  /** Lets timers, microtasks and input of the code run for some ms, or until there is something to tell. */
  turn(message) {
    this.depth++;
    const [most, ...settled] = this.take(message);
    this.promises.settle(settled);
    let over = false;
    const finish = () => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      this.wake = () => undefined;
      const idle = isIdle() && !this.program.unseen;
      this.reply(message.i, () => [idle, ...this.promises.takeEvents()]);
      this.leave();
      this.listen();
    };
    const timer = most > 0 ? setTimeout(finish, most) : undefined;
    this.wake = () => setImmediate(finish);
    if (most <= 0 || this.promises.hasEvents) this.wake();
  }

  serve(question, operands) {
    switch (question) {
      case 'hello':
        return true;
      case 'load':
        return this.program.load(...operands);
      case 'resolve':
        return this.program.resolve(...operands);
      case 'define':
        return this.program.define(...operands);
      case 'assign':
        return this.program.assign(...operands);
      case 'contents':
        return contentsOf(operands[0]);
      default:
        return OPERATIONS[question](...operands);
    }
  }

  failure([error]) {
    return error;
  }

  refuse(error) {
    const { text, where } = describeThrown(error);
    try {
      return this.codec.pack([error, text, where], this.depth === 1);
    } catch {
      return this.codec.pack([undefined, text, where], this.depth === 1);
    }
  }
}

function isClass(value) {
  return !types.isProxy(value) && /^class\b/.test(Reflect.apply(sourceOf, value, []));
}

/** What to call an object in a message: a function's own name, or that of an object's class. */
function nameOf(value, kind) {
  if (types.isProxy(value)) return 'Proxy';
  const holder = kind === 'object' ? dataOf(value, 'constructor') : value;
  const name = holder === undefined || types.isProxy(holder) ? undefined : dataOf(holder, 'name');
  return typeof name === 'string' ? name.slice(0, 100) : '';
}

function dataOf(value, key) {
  for (let at = value, steps = 0; at !== null && steps < CHAIN; at = getPrototypeOf(at), steps++) {
    if (types.isProxy(at)) return undefined;
    const found = getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return found.value ?? undefined;
  }
  return undefined;
}

/** What an object holds beside its properties, as plain data: the entries of a map, the time of a date. */
function contentsOf(value) {
  if (types.isMap(value)) return [...Map.prototype.entries.call(value)];
  if (types.isSet(value)) return [...Set.prototype.values.call(value)];
  if (types.isDate(value)) return Date.prototype.getTime.call(value);
  if (types.isBoxedPrimitive(value)) return Object(value).valueOf();
  return undefined;
}

function main() {
  const { rpc } = enter();
  const candidate = new Candidate(new Channel(rpc));
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error) => candidate.promises.crash(error));
  }
  candidate.listen();
}

main();
