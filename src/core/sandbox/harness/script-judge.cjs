'use strict';
/** Runs setup and tests, compares, and alone reports the verdict. No line of the code under test runs in here. */
const assert = require('node:assert');
const { enter } = require('./script-boot.cjs');
const { Broken, Channel, Gone, writeAll } = require('./script-channel.cjs');
const { isIdle, UNSEEN } = require('./script-idle.cjs');
const { Judge } = require('./script-judge-peer.cjs');
const { cut, Messages } = require('./script-messages.cjs');
const { given, thrown } = require('./script-outcome.cjs');
const { DECLARES, Scope } = require('./script-scope.cjs');
const { Failed, Suite } = require('./script-suite.cjs');
const { types } = require('node:util');
const { JSON, Map, Promise, process, setImmediate } = globalThis;
const { stringify } = JSON;
const exit = process.reallyExit.bind(process);
/** Frames of a stack: those of the tests lie below those of the harness. */
Error.stackTraceLimit = 50;

const now = performance.now.bind(performance);

const ENDED = 'the code ended its own process';
/** How Node.js and V8 word it when there is no memory for what a program asks for, or when a program that it started had none. */
const EXHAUSTED =
  /Array buffer allocation failed|\b(?:JS|JavaScript) heap out of memory|WebAssembly\.\w+\(\): (?:could not allocate memory|Out of memory)|envelope routines::malloc failure/;
const STRUCK = { memory: 'ran out of memory', processes: 'started too many processes' };
/** How long the candidate's event loop runs before the judge's gets a turn, in ms. */
const SLICE = 4;
/** How long a test that is over waits for promises that it left behind, in ms. */
const LINGER = 100;
/** Turns without anything left to wait for, after which a promise is taken to stay as it is. */
const QUIET = 25;

/** What a call came to where that is neither a value nor an error that it threw; the last where there was no call. */
const UNLOADED = { kind: 'error', name: 'not loaded' };
const CRASHED = { kind: 'error', name: 'thrown outside of the call' };
const WAITING = { kind: 'error', name: 'never settled' };
const UNCALLED = { kind: 'opaque' };

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** The code threw, or rejected, where nobody could catch it. */
class Crashed extends Error {}

/** A test waits for what the code will never do. */
class Waiting extends Error {}

/** One candidate before its tests. `report` takes the events that the host reads. */
class Trial {
  constructor(judge, job, report) {
    this.judge = judge;
    this.job = job;
    this.report = report;
    this.messages = new Messages(judge);
    this.scope = new Scope(judge, job.declared, job.entry ?? '');
    this.suite = new Suite();
    this.broken = undefined;
    this.stray = undefined;
    this.unseen = job.tests.some(({ text }) => UNSEEN.test(text)) || UNSEEN.test(job.setup.text);
    const own = new Map([['test', this.suite.module(() => require('node:test'))]]);
    const tools = {
      assert,
      require: this.scope.requirer(own),
      module: { exports: {} },
      exports: {},
      ...this.suite.api(),
    };
    this.scope.provide(tools);
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.on(event, (error) => (this.stray ??= { error }));
    }
  }

  async run() {
    await this.prepare();
    const { tests } = this.job;
    if (this.job.outcomes) return this.compare(tests);
    for (let index = 0; index < tests.length; index++) {
      this.report({ start: index });
      const began = now();
      const message = this.broken ?? (await this.test(`test-${index + 1}.js`, tests[index]));
      const ms = Math.round((now() - began) * 1000) / 1000;
      const failed =
        message === undefined ? {} : { message: cut(message, 2000), gone: this.judge.lost instanceof Gone };
      this.report({ done: index, ok: message === undefined, ms, ...failed });
      if (this.judge.lost !== undefined) this.broken ??= `not run: ${lost(this.judge.lost)}`;
    }
    this.report({ end: true });
  }

  /** Tells what each test gives, and judges none of them. */
  async compare(tests) {
    const unloaded = this.broken !== undefined && this.judge.lost === undefined;
    for (let index = 0; index < tests.length; index++) {
      this.report({ start: index });
      const began = now();
      const outcome = unloaded ? UNLOADED : await this.outcome(`test-${index + 1}.js`, tests[index]);
      const ms = Math.round((now() - began) * 1000) / 1000;
      const gone = this.judge.lost instanceof Gone;
      this.report({ done: index, ok: outcome !== undefined, ms, gone, ...(outcome === undefined ? {} : { outcome }) });
    }
    this.report({ end: true });
  }

  /** What one call comes to; undefined where it, or one before, was the end of the code. */
  async outcome(file, { text, problem }) {
    const { judge } = this;
    if (this.broken !== undefined || judge.lost !== undefined) return undefined;
    if (problem !== undefined) return UNCALLED;
    judge.crashed = judge.thrown = this.stray = undefined;
    try {
      const result = this.scope.run(text, file);
      return given(judge, types.isPromise(result) ? await this.settled(result) : result);
    } catch (error) {
      this.limit(error);
      if (this.broken !== undefined || judge.lost !== undefined) return undefined;
      if (error instanceof Waiting) return WAITING;
      if (error instanceof Crashed) return CRASHED;
      // What the text itself throws, such as for an argument that cannot be made, says nothing of the code.
      return this.messages.origin(error) === undefined ? UNCALLED : thrown(judge, error);
    }
  }

  /** Loads the code, then runs the stub's helpers and the setup. */
  async prepare() {
    const { judge, job } = this;
    try {
      judge.ask('hello');
    } catch {
      // Nothing of the code has run: it is the sandbox that failed.
      this.report({ failed: 'candidate' });
      exit(0);
    }
    this.report({ phase: 'load' });
    try {
      if (job.code.problem !== undefined) throw new SyntaxError(job.code.problem);
      const helpers = job.helpers.filter(({ answered }) => !answered).map(({ text }) => text);
      const loading = judge.ask('load', helpers, job.code.text);
      if (types.isPromise(loading)) await this.settled(loading);
      judge.turn(0);
      if (judge.crashed !== undefined) throw new Crashed(judge.crashed);
    } catch (error) {
      this.limit(error);
      this.broken ??= this.mapped(this.explain(error));
      return;
    }
    this.report({ phase: 'setup' });
    for (const { kind, text } of job.helpers) {
      try {
        if (kind !== 'class') this.scope.run(text, 'stub.js');
      } catch {
        // What the tests do not need may fail.
      }
    }
    if (job.setup.text.trim() === '') return;
    const message = await this.test('setup.js', job.setup);
    if (message !== undefined) this.broken = this.broken ?? `setup: ${message}`;
    else this.share();
  }

  /** Runs one text of the tests. Returns what went wrong, undefined when nothing did. */
  async test(file, { text, problem }) {
    if (problem !== undefined) return `the test itself cannot be read: ${problem}`;
    const { judge } = this;
    judge.swallowed = judge.crashed = this.stray = undefined;
    this.messages.note(file, text);
    this.suite.begin();
    let message = await this.attempt(file, text);
    if (judge.lost !== undefined) message ??= lost(judge.lost);
    if (message === undefined && judge.swallowed !== undefined) message = this.explain(judge.swallowed);
    if (message === undefined && this.stray !== undefined) message = this.explain(this.stray.error);
    if (message === undefined && judge.crashed !== undefined) {
      const crash = new Crashed(judge.crashed);
      this.limit(crash);
      message = this.explain(crash);
    }
    if (judge.struck !== undefined) return this.strike(judge.struck);
    return message === undefined ? undefined : this.mapped(message);
  }

  async attempt(file, text) {
    try {
      let result;
      try {
        result = this.scope.run(text, file);
      } catch (error) {
        if (error instanceof SyntaxError && this.judge.origins.get(error) === undefined && unread(error, file)) {
          return `the test itself cannot be read: ${error.message}`;
        }
        throw error;
      }
      if (types.isPromise(result)) await this.settled(result);
      await this.settled(this.suite.end());
      await this.linger();
      if (DECLARES.test(text)) this.share();
    } catch (error) {
      this.limit(error);
      return this.explain(error);
    }
    return undefined;
  }

  /** Lets both event loops run until a promise settles. Gives what it gives. */
  async settled(promise) {
    let over = false;
    const end = () => (over = true);
    promise.then(end, end);
    for (let quiet = 0; ;) {
      await tick();
      if (over) return promise;
      if (this.judge.crashed !== undefined) throw new Crashed(this.judge.crashed);
      const idle = this.judge.turn(SLICE) && isIdle() && !this.unseen;
      quiet = idle ? quiet + 1 : 0;
      if (quiet >= QUIET) throw new Waiting('the test waits for something that never happens');
    }
  }

  /** Gives what the test has left behind a chance to fail. */
  async linger() {
    const began = now();
    for (let idle = false; !idle && now() - began < LINGER;) {
      idle = this.judge.turn(this.judge.promises.waiting > 0 ? SLICE : 0) || this.judge.promises.waiting === 0;
      await tick();
    }
  }

  /** Lends the candidate the names that its code reads and only the tests define. */
  share() {
    for (const [name, value] of this.scope.defined(this.job.code.text)) {
      if (this.judge.standIns.refOf(value) !== undefined) continue;
      try {
        this.judge.ask('define', name, value);
      } catch (error) {
        if (error instanceof Gone || error instanceof Broken) throw error;
        // It cannot be handed over: the code will find no such name.
      }
    }
  }

  /** Reports a limit of the operating system that the code ran into. */
  limit(error) {
    if (!types.isNativeError(error)) return;
    const { message, code } = error;
    if (EXHAUSTED.test(message)) this.strike('memory');
    else if (code === 'EAGAIN' || code === 'ERR_WORKER_INIT_FAILED') this.strike('processes');
    else if (code === 'ERR_WORKER_OUT_OF_MEMORY') this.strike('memory');
  }

  strike(limit) {
    this.report({ killed: limit });
    this.broken = `not run: the code ${STRUCK[limit]}`;
    return `the code ${STRUCK[limit]}`;
  }

  explain(error) {
    if (error instanceof Gone || error instanceof Broken) return lost(error);
    if (error instanceof Crashed) return `outside of any call, ${error.message}`;
    if (error instanceof Failed) return `${error.message}: ${this.explain(error.thrown)}`;
    return this.messages.explain(error);
  }

  /** Names lines of the code as they were before types were stripped. */
  mapped(message) {
    const { lines } = this.job.code;
    if (lines === undefined) return message;
    return message.replace(/\(line (\d+)(?=[,)])/, (whole, line) =>
      lines[line - 1] === undefined ? whole : `(line ${lines[line - 1] + 1}`,
    );
  }
}

function lost(error) {
  return error instanceof Gone ? ENDED : `the code broke the channel of its results: ${error.message}`;
}

/** Whether a text was refused as a whole, rather than having thrown such an error. */
function unread(error, file) {
  return String(error.stack).startsWith(`${file}:`);
}

function main() {
  const { rpc, report: descriptor } = enter();
  // The job may be larger than any message.
  const job = JSON.parse(new Channel(descriptor, Infinity).line());
  const report = (event) => writeAll(descriptor, `${stringify(event)}\n`);
  const texts = [job.setup, ...job.helpers, ...job.tests].map(({ text }) => text ?? '');
  new Trial(new Judge(new Channel(rpc), texts), job, report).run().then(
    () => exit(0),
    (error) => {
      writeAll(2, `${error?.stack ?? error}\n`);
      exit(1);
    },
  );
}

main();
