'use strict';
/** The code under test as a script: its scope, and what the tests can find in it by name. */
const { createRequire } = require('node:module');
const vm = require('node:vm');
const { UNSEEN } = require('./script-idle.cjs');
const { several } = require('./script-peer.cjs');
const { FILE } = require('./script-promises.cjs');
const { Object, Reflect } = globalThis;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const STRICT = /^(?:\s|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(['"])use strict\1/;
const EAGAIN = -11;
/** Gives the harness a way to evaluate text in the scope that it stands in. */
const HOOK = '$enter(($source) => eval($source));';

const NOTHING = several([false]);
const found = (value) => several([true, value]);

class Program {
  /** @param onTooMany called when the system refuses to start another process */
  constructor(onTooMany) {
    this.onTooMany = onTooMany;
    this.module = { exports: {}, id: '.', filename: FILE, loaded: false, children: [], paths: [] };
    this.evaluate = undefined;
    /** Whether the code may wait for what cannot be seen. */
    this.unseen = false;
    const require = createRequire(FILE);
    const names = ['$enter', 'require', 'module', 'exports', '__filename', '__dirname'];
    const enter = (evaluate) => (this.evaluate = evaluate);
    const operands = [enter, require, this.module, this.module.exports, FILE, '/tmp'];
    Reflect.apply(new Function(...names, HOOK), this.module.exports, operands);
  }

  /**
   * Runs the statements of the stub, each for what it is worth, then the code. Returns a promise where the code awaits.
   * @throws what the code throws, and SyntaxError
   */
  load(prelude, source) {
    if (/\bchild_process\b/.test(source)) this.watchProcesses();
    this.unseen = UNSEEN.test(source);
    for (const statement of prelude) {
      try {
        this.evaluate(`${HOOK}${statement}`);
      } catch {
        // What the code does not need may fail.
      }
    }
    const directive = STRICT.test(source) ? "'use strict';" : '';
    const script = source.replace(/^#!.*/, '');
    try {
      // An error of eval would not say in which line it is.
      new vm.Script(`${directive}${HOOK}${script}`, { filename: FILE });
    } catch (error) {
      if (!/\bawait\b/.test(script)) throw error;
      return this.loadAwaiting(script, directive, error);
    }
    this.evaluate(`${directive}${HOOK}${script}\n//# sourceURL=${FILE}`);
    return undefined;
  }

  loadAwaiting(script, directive, error) {
    const wrapped = `(async () => {${directive}${HOOK}${script}\n})()`;
    try {
      new vm.Script(wrapped, { filename: FILE });
    } catch {
      throw error;
    }
    return this.evaluate(`${wrapped}\n//# sourceURL=${FILE}`);
  }

  /** How the code binds a name: whether at all, and the value. `main`: it is what the module is for. */
  resolve(name, main) {
    if (!IDENTIFIER.test(name)) return NOTHING;
    if (name !== 'default' && this.has(name)) return found(this.evaluate(name));
    const { exports } = this.module;
    const holder = (typeof exports === 'object' && exports !== null) || typeof exports === 'function' ? exports : {};
    if (Object.hasOwn(holder, name)) return found(holder[name]);
    if (!main) return NOTHING;
    if (Object.hasOwn(holder, 'default')) return found(holder.default);
    return typeof exports === 'function' ? found(exports) : NOTHING;
  }

  has(name) {
    try {
      return this.evaluate(`typeof ${name}`) !== 'undefined';
    } catch {
      // Reserved, or declared further down than the code came.
      return false;
    }
  }

  /** Lends the code a name that it reads and only the tests define. */
  define(name, value) {
    if (IDENTIFIER.test(name) && !this.has(name)) globalThis[name] = value;
  }

  /** Gives a variable of the code another value. */
  assign(name, value) {
    if (IDENTIFIER.test(name)) this.evaluate(`($value) => { ${name} = $value; }`)(value);
  }

  watchProcesses() {
    const { ChildProcess } = require('node:child_process');
    const { spawn } = ChildProcess.prototype;
    const { onTooMany } = this;
    ChildProcess.prototype.spawn = function (...operands) {
      const status = Reflect.apply(spawn, this, operands);
      if (status === EAGAIN) onTooMany();
      return status;
    };
  }
}

module.exports = { Program };
