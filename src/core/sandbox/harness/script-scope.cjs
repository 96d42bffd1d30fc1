'use strict';
/** The names that tests see: their own, those of JavaScript and of node:assert and node:test, then the candidate's. */
const { builtinModules, createRequire } = require('node:module');
const vm = require('node:vm');
const { Broken } = require('./script-channel.cjs');
const { Map, Proxy, Reflect, Set } = globalThis;

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;
const STRICT = /^(?:\s|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(['"])use strict\1/;
/** Gives the harness a way to evaluate text in the scope that it stands in. */
const HOOK = '$enter(($source) => eval($source));';
const DECLARES = /\b(?:const|let|var|class|function)\b/;
/** What tests compare with, whoever else calls something so: the code must not be asked whether it is right. */
const JUDGING = new Set('assert expect should chai sinon jest vi jasmine test it describe suite'.split(' '));
const HARNESS = new Set(['$enter', '$scope', '$source', 'arguments']);

/** A test, or the setup: its text as it is run, under the file name that its stack frames show. */
class Scope {
  /**
   * @param declared names that mean the candidate's even where JavaScript has its own
   * @param main the entry point, empty where there is none
   */
  constructor(link, declared, main) {
    this.link = link;
    this.declared = new Set(declared);
    this.main = main;
    this.found = new Map();
    this.sealed = false;
    this.last = undefined;
    this.evaluate = undefined;
    const traps = {
      has: (_, name) => typeof name === 'string' && this.has(name),
      get: (_, name) => (typeof name === 'string' ? this.get(name) : undefined),
      set: (_, name, value) => this.set(name, value),
    };
    this.proxy = new Proxy({}, traps);
    link.scope = this.proxy;
    this.enter = (evaluate) => (this.evaluate = evaluate);
    new Function('$scope', '$enter', `with ($scope) { ${HOOK} }`)(this.proxy, this.enter);
  }

  /** Puts the tests' tools where every test finds them, by those names that the candidate does not claim. */
  provide(tools) {
    for (const [name, value] of Object.entries(tools)) {
      Reflect.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
    }
  }

  /** `require` for tests: Node's own modules, those of `own`, and the candidate under every relative path. */
  requirer(own) {
    const real = createRequire('/tmp/tests.js');
    const candidate = new Proxy(
      {},
      {
        get: (_, name) => (typeof name === 'string' ? this.member(name) : undefined),
        has: (_, name) => typeof name === 'string' && this.member(name) !== undefined,
      },
    );
    const require = (name) => {
      if (typeof name === 'string' && /^\.\.?(?:\/|$)/.test(name)) return candidate;
      const bare = typeof name === 'string' ? name.replace(/^node:/, '') : '';
      const exports = own.get(bare) ?? real(name);
      if (builtinModules.includes(bare) && !own.has(bare)) this.link.lender.learn(bare, exports);
      return exports;
    };
    return Object.assign(require, { resolve: real.resolve });
  }

  member(name) {
    if (name === '__esModule') return true;
    const [found, value] = this.link.exchange('resolve', [name, name === this.main || name === 'default']);
    if (found !== true && name === 'default' && this.main !== '') return this.member(this.main);
    return found === true ? value : undefined;
  }

  has(name) {
    if (HARNESS.has(name)) return false;
    if ((name in globalThis || JUDGING.has(name)) && !this.declared.has(name)) return false;
    if (this.found.has(name)) return true;
    if (this.sealed) return false;
    this.last = undefined;
    const answer = this.link.exchange('resolve', [name, name === this.main]);
    if (typeof answer[0] !== 'boolean') throw new Broken('a name that makes no sense');
    const [found, value] = answer;
    if (!found) return false;
    this.last = { name, value };
    // Data of the candidate's may be another with every call; what it defines stays.
    if (typeof value === 'function') this.found.set(name, value);
    return true;
  }

  get(name) {
    if (this.found.has(name)) return this.found.get(name);
    const { last } = this;
    this.last = undefined;
    return last?.name === name || (this.has(name) && this.last !== undefined) ? (last ?? this.last).value : undefined;
  }

  set(name, value) {
    this.found.delete(name);
    this.link.ask('assign', name, value);
    return true;
  }

  /**
   * Runs a text; what it declares is there for what runs after it.
   * Returns what its last statement gives; a promise where it awaits.
   * @throws what the text throws; SyntaxError where it cannot be read
   */
  run(text, file) {
    const directive = STRICT.test(text) ? "'use strict';" : '';
    const before = `${directive}${DECLARES.test(text) ? HOOK : ''}`;
    const awaits = /\bawait\b/.test(text) && !readable(`${before}${text}`, file);
    const prefix = awaits ? `(async () => {${before}` : before;
    const source = `${prefix}${text}${awaits ? '\n})()' : ''}`;
    this.link.prefixes.set(file, prefix.length);
    new vm.Script(source, { filename: file });
    return this.evaluate(`${source}\n//# sourceURL=${file}`);
  }

  /**
   * Those of the names in `source` that the tests define as functions or classes, such as the nodes of a tree. No data: it
   * might be what the tests expect.
   */
  *defined(source) {
    this.sealed = true;
    try {
      for (const name of new Set(source.match(IDENTIFIER))) {
        if (name in globalThis || HARNESS.has(name)) continue;
        let value;
        try {
          if (this.evaluate(`typeof ${name}`) !== 'function') continue;
          value = this.evaluate(name);
        } catch {
          continue;
        }
        yield [name, value];
      }
    } finally {
      this.sealed = false;
    }
  }
}

function readable(source, filename) {
  try {
    new vm.Script(source, { filename });
    return true;
  } catch {
    return false;
  }
}

module.exports = { DECLARES, Scope };
