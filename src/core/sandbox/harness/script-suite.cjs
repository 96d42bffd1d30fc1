'use strict';
/** What node:test offers to tests, run here: one test of the task may hold several of these, and passes when all do. */
const assert = require('node:assert');
const { Promise, Proxy, String } = globalThis;

const NOTHING = 'the test checks nothing: all of it is skipped';

/** A group of tests with what runs before and after them. */
class Group {
  constructor(name, parent) {
    this.name = name;
    this.parent = parent;
    this.hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
    this.started = false;
    this.work = [];
  }

  get path() {
    return this.parent === undefined ? [] : [...this.parent.path, this.name];
  }
}

class Suite {
  constructor() {
    this.root = new Group('', undefined);
    this.current = this.root;
    this.running = Promise.resolve();
    this.failures = [];
    this.ran = this.skipped = 0;
  }

  /** Forgets the tests of the text before; its hooks stay. */
  begin() {
    this.failures = [];
    this.running = Promise.resolve();
    this.ran = this.skipped = 0;
  }

  /** Resolves when all tests that were started are over. Throws what the first that failed threw, with its name. */
  async end() {
    for (let seen; seen !== this.running;) {
      seen = this.running;
      await seen;
    }
    const [first] = this.failures;
    if (first !== undefined) throw first;
    if (this.skipped > 0 && this.ran === 0) throw new assert.AssertionError({ message: NOTHING });
  }

  /** The functions of node:test that tests call. */
  api() {
    const declare = (...operands) => this.test(...operands);
    const describe = (...operands) => this.describe(...operands);
    const skip = () => this.skip();
    for (const name of ['skip', 'todo']) declare[name] = describe[name] = skip;
    declare.only = declare;
    describe.only = describe;
    const hooks = Object.keys(this.root.hooks).map((kind) => [
      kind,
      (hook) => void this.current.hooks[kind].push(hook),
    ]);
    return { test: declare, it: declare, describe, suite: describe, ...Object.fromEntries(hooks) };
  }

  /** The module node:test, with these functions in place of its own. */
  module(real) {
    const api = this.api();
    const own = Object.assign(api.test, api);
    return new Proxy(own, { get: (_, key) => (key in own ? own[key] : key === 'default' ? own : real()[key]) });
  }

  describe(...operands) {
    const { name, options, body } = read(operands);
    if (options.skip || options.todo || body === undefined) return this.skip();
    const around = this.current;
    const group = (this.current = new Group(name, around));
    try {
      const result = body();
      this.enqueue(() => result);
    } finally {
      this.current = around;
    }
    this.enqueue(() => this.hooks(group, 'after'));
    return this.running;
  }

  test(...operands) {
    const { name, options, body } = read(operands);
    if (options.skip || options.todo || body === undefined) return this.skip();
    const group = this.current;
    return this.enqueue(() => this.attempt(group, name, body));
  }

  skip() {
    this.skipped++;
    return Promise.resolve();
  }

  enqueue(work) {
    this.running = this.running.then(work).catch((error) => void this.failures.push(error));
    return this.running;
  }

  async attempt(group, name, body) {
    this.ran++;
    try {
      await this.start(group);
      for (const one of lineage(group)) await this.hooks(one, 'beforeEach');
      try {
        await run(body, this.context(group, name));
      } finally {
        for (const one of lineage(group).reverse()) await this.hooks(one, 'afterEach');
      }
    } catch (error) {
      if (error instanceof Failed) throw error;
      throw new Failed([...group.path, name].join(' > '), error);
    }
  }

  async start(group) {
    for (const one of lineage(group)) {
      if (one.started) continue;
      one.started = true;
      await this.hooks(one, 'before');
    }
  }

  async hooks(group, kind) {
    for (const hook of group.hooks[kind]) await run(hook, {});
  }

  /** What a test gets as its argument. */
  context(group, name) {
    const inner = async (...operands) => {
      const { name: own, options, body } = read(operands);
      if (!options.skip && !options.todo && body !== undefined) await this.attempt(group, `${name} > ${own}`, body);
    };
    const nothing = () => undefined;
    return {
      name,
      test: inner,
      assert,
      diagnostic: nothing,
      skip: nothing,
      todo: nothing,
      plan: nothing,
      after: nothing,
    };
  }
}

/** What a test of node:test threw, and the name of that test. */
class Failed extends Error {
  constructor(name, thrown) {
    super(name);
    this.thrown = thrown;
  }
}

function lineage(group) {
  return group === undefined ? [] : [...lineage(group.parent), group];
}

function read(operands) {
  const body = operands.find((one) => typeof one === 'function');
  const name = typeof operands[0] === 'string' ? operands[0] : (body?.name ?? '');
  const options = operands.find((one) => typeof one === 'object' && one !== null) ?? {};
  return { name: String(name), options, body };
}

/** Runs a test that returns, resolves, or calls the function that it is given. */
async function run(body, context) {
  if (body.length < 2) return body(context);
  return new Promise((resolve, reject) => {
    body(context, (error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
}

module.exports = { Failed, Suite };
