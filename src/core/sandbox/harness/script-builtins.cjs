'use strict';
/** Builtin objects by name, for what each side has of its own: prototypes, and functions that tests hand over. */
const { EventEmitter } = require('node:events');
const { builtinModules } = require('node:module');
const { Map, Object, Reflect, Symbol } = globalThis;
const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

const CLASSES = (
  'Object Function Array Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError Map Set ' +
  'WeakMap WeakSet WeakRef Promise RegExp Date Number String Boolean BigInt Symbol ArrayBuffer SharedArrayBuffer DataView ' +
  'Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array ' +
  'BigInt64Array BigUint64Array EventTarget Event URL URLSearchParams AbortController AbortSignal Buffer TextEncoder ' +
  'TextDecoder'
).split(' ');

/** Class and prototype objects, as they were at the start: [name, object]. */
const BASES = CLASSES.flatMap((name) => {
  const found = globalThis[name];
  return found === undefined
    ? []
    : [
        [name, found],
        [`${name}.prototype`, found.prototype],
      ];
});
BASES.push(['EventEmitter', EventEmitter], ['EventEmitter.prototype', EventEmitter.prototype]);
const BASE_BY_NAME = new Map(BASES);
const NAME_OF_BASE = new Map(BASES.map(([name, value]) => [value, name]));

function* reader() {
  yield 0;
}
async function* lateReader() {
  yield 0;
}

/** The hidden classes of functions: handing one of them over must hand over the receiver's. */
const HIDDEN = {
  '%AsyncFunction%': (async () => undefined).constructor,
  '%GeneratorFunction%': Object.getPrototypeOf(reader).constructor,
  '%AsyncGeneratorFunction%': Object.getPrototypeOf(lateReader).constructor,
  '%TypedArray%': getPrototypeOf(Int8Array),
};

/** Names of all builtin functions, namespaces and prototypes that can be reached from the global object, by value. */
function builtinNames() {
  const names = new Map(NAME_OF_BASE);
  for (const [name, value] of Object.entries(HIDDEN)) names.set(value, name);
  const visit = (value, path, depth) => {
    for (const key of ownKeys(value)) {
      const { value: item } = getOwnPropertyDescriptor(value, key);
      const name = typeof key === 'symbol' ? (key.description ?? '') : key;
      if ((typeof item !== 'object' && typeof item !== 'function') || item === null) continue;
      if (
        /^(?:assert|require|module|exports|test|it|suite|describe|before|after|beforeEach|afterEach)$/.test(path + name)
      )
        continue;
      if (!names.has(item) && typeof item === 'function') names.set(item, `${path}${name}`);
      if (depth < 2 && (/^[A-Z]\w*$/.test(name) || name === 'prototype' || name === 'console' || name === 'process')) {
        if (!names.has(item)) names.set(item, `${path}${name}`);
        visit(item, `${path}${name}.`, depth + 1);
      }
    }
  };
  names.set(globalThis, 'globalThis');
  for (const name of ['process', 'crypto', 'performance']) names.set(globalThis[name], name);
  for (const name of ['stdout', 'stderr']) names.set(process[name], `process.${name}`);
  visit(globalThis, '', 0);
  return names;
}

/** The receiver's own object of that name; undefined where it has none. */
function builtinNamed(name) {
  if (BASE_BY_NAME.has(name)) return BASE_BY_NAME.get(name);
  if (Object.hasOwn(HIDDEN, name)) return HIDDEN[name];
  let [module, path = ''] = name.startsWith('node:') ? name.slice(5).split('#') : ['', name];
  let found = module === '' ? globalThis : builtinModules.includes(module) ? require(`node:${module}`) : undefined;
  for (const part of path === '' ? [] : path.split('.')) {
    found = found?.[part.startsWith('Symbol.') ? Symbol[part.slice(7)] : part];
  }
  return found;
}

module.exports = { BASE_BY_NAME, builtinNamed, builtinNames, NAME_OF_BASE };
