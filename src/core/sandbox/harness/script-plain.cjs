'use strict';
/**
 * Plain data: what travels by value. Arrays, records, maps, sets, dates, patterns, bytes, boxed primitives and errors, each
 * of exactly the builtin class; what derives from one, is a Proxy or has accessors is not plain.
 *
 * A kind packs a value into JSON and slots, makes an empty value of it, fills that, and looks at it for changes.
 */
const { AssertionError } = require('node:assert');
const { types } = require('node:util');
const { Array, ArrayBuffer, BigInt, Boolean, Buffer, DataView, Date, Map, Number, Object, Reflect, RegExp } =
  globalThis;
const { Set, String, Symbol, TypeError, Uint8Array } = globalThis;
const { isArray } = Array;
const { defineProperty, getPrototypeOf, isExtensible, isFrozen, isSealed } = Object;
const { getOwnPropertyDescriptor, ownKeys } = Reflect;

const ERRORS = new Map(
  ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError'].map(
    (name) => [globalThis[name].prototype, name],
  ),
);
ERRORS.set(AssertionError.prototype, 'AssertionError');
const FAILURES = new Map([...ERRORS].map(([prototype, name]) => [name, prototype.constructor]));
const VIEWS = new Map(
  [
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
    'DataView',
    'Buffer',
  ].map((name) => [globalThis[name].prototype, name]),
);
const NAMES_OF_VIEWS = new Map([...VIEWS].map(([prototype, name]) => [name, prototype.constructor]));

/** How far an object is closed: 0 not, 1 no new properties, 2 none deleted, 3 none changed. */
function closedness(value) {
  if (isExtensible(value)) return 0;
  return isFrozen(value) ? 3 : isSealed(value) ? 2 : 1;
}

function close(value, level) {
  if (level === 3) Object.freeze(value);
  else if (level === 2) Object.seal(value);
  else if (level === 1) Object.preventExtensions(value);
}

/** Sets a property as an assignment to a new one would, whatever prototypes say. */
function put(value, key, item, enumerable = true) {
  const open = getOwnPropertyDescriptor(value, key);
  if (open === undefined ? !isExtensible(value) : !open.configurable && !open.writable) return;
  if (open !== undefined && !open.configurable) value[key] = item;
  else defineProperty(value, key, { value: item, writable: true, enumerable, configurable: true });
}

function remove(value, keep) {
  for (const key of ownKeys(value)) if (!keep.has(key)) Reflect.deleteProperty(value, key);
}

/** Whether all own properties are enumerable data, functions only where they are allowed. */
function isRecord(value, functions) {
  for (const key of ownKeys(value)) {
    const { enumerable, value: item, get, set } = getOwnPropertyDescriptor(value, key);
    if (!enumerable || get !== undefined || set !== undefined) return false;
    if (typeof item === 'function' && !functions) return false;
  }
  return true;
}

/** Whether an array has nothing but elements, or what a match of a pattern has beside them. */
function isPlainArray(value, functions) {
  let elements = value.length;
  return ownKeys(value).every((key) => {
    if (key === 'length') return true;
    const { get, set, enumerable, value: item } = getOwnPropertyDescriptor(value, key);
    if (get !== undefined || set !== undefined || !enumerable || typeof key !== 'string') return false;
    return elements-- > 0 || functions || typeof item !== 'function';
  });
}

const bare = (value) => ownKeys(value).length === 0;

/** The kind of a value that is an object; undefined when it is not plain. `functions`: records may hold some. */
function kindOf(value, functions) {
  if (types.isProxy(value)) return undefined;
  const prototype = getPrototypeOf(value);
  if (isArray(value)) return prototype === Array.prototype && isPlainArray(value, functions) ? 'a' : undefined;
  if (prototype === null || prototype === Object.prototype) {
    if (types.isNativeError(value) || types.isArgumentsObject(value) || types.isModuleNamespaceObject(value)) {
      return undefined;
    }
    return Object.prototype !== value && isRecord(value, functions) ? (prototype === null ? 'O' : 'o') : undefined;
  }
  if (types.isMap(value)) return prototype === Map.prototype && bare(value) ? 'M' : undefined;
  if (types.isSet(value)) return prototype === Set.prototype && bare(value) ? 'S' : undefined;
  if (types.isDate(value)) return prototype === Date.prototype && bare(value) ? 'D' : undefined;
  if (types.isRegExp(value)) {
    return prototype === RegExp.prototype && ownKeys(value).length === 1 ? 'R' : undefined;
  }
  if (types.isNativeError(value)) return ERRORS.has(prototype) ? 'E' : undefined;
  if (ArrayBuffer.isView(value)) {
    const shared = types.isSharedArrayBuffer(value.buffer);
    return VIEWS.has(prototype) && !shared ? 'B' : undefined;
  }
  if (types.isArrayBuffer(value)) return prototype === ArrayBuffer.prototype && bare(value) ? 'A' : undefined;
  if (types.isBoxedPrimitive(value)) return boxed(prototype) ? 'W' : undefined;
  return undefined;
}

function boxed(prototype) {
  return [Number, String, Boolean, BigInt, Symbol].some((kind) => kind.prototype === prototype);
}

function bytesOf(value) {
  return types.isArrayBuffer(value)
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function overwrite(value, text) {
  const data = Buffer.from(text, 'base64');
  const own = bytesOf(value);
  if (data.length === own.length) data.copy(own);
}

/** The own properties of an error that are data: [key, enumerable, value]. */
function errorParts(value) {
  const parts = [];
  for (const key of ownKeys(value)) {
    const { value: item, enumerable } = getOwnPropertyDescriptor(value, key);
    if (key !== 'stack' && typeof key === 'string' && item !== undefined && typeof item !== 'function') {
      parts.push([key, enumerable, item]);
    }
  }
  return parts;
}

const elements = {
  pack(value, slot) {
    const keys = ownKeys(value);
    const level = closedness(value);
    if (keys.length === value.length + 1) return [level, value.map(slot)];
    const named = keys.filter((key) => key !== 'length');
    return [level, value.length, named, named.map((key) => slot(value[key]))];
  },
  make: () => [],
  fill(value, [, first, names, items], read) {
    if (isArray(first)) {
      if (value.length > first.length) value.length = first.length;
      for (let at = 0; at < first.length; at++) put(value, at, read(first[at]));
      return;
    }
    remove(value, new Set([...names, 'length']));
    value.length = first;
    names.forEach((name, at) => put(value, name, read(items[at])));
  },
  look(value) {
    const keys = ownKeys(value);
    const parts = keys.length === value.length + 1 ? value.slice() : [value.length, ...keys, ...Object.values(value)];
    parts.push(closedness(value));
    return parts;
  },
};

/** A record. Symbols as keys travel as slots. */
const record = {
  pack(value, slot) {
    const keys = ownKeys(value);
    return [
      closedness(value),
      keys.map((key) => (typeof key === 'string' ? key : slot(key))),
      keys.map((key) => slot(getOwnPropertyDescriptor(value, key).value)),
    ];
  },
  make: () => ({}),
  fill(value, [, keys, items], read) {
    const names = keys.map(read);
    if (names.some((name) => typeof name !== 'string' && typeof name !== 'symbol')) throw new TypeError('a key');
    const order = ownKeys(value);
    // Order counts: it is what printing and JSON show.
    remove(
      value,
      names.length > order.length || order.some((key, at) => key !== names[at]) ? new Set() : new Set(names),
    );
    names.forEach((name, at) => put(value, name, read(items[at])));
  },
  look: (value) => [
    closedness(value),
    ...ownKeys(value).flatMap((key) => [key, getOwnPropertyDescriptor(value, key).value]),
  ],
};

const KINDS = {
  a: elements,
  o: record,
  O: { ...record, make: () => Object.create(null) },
  M: {
    pack: (value, slot) => [[...value.keys()].map(slot), [...value.values()].map(slot)],
    make: () => new Map(),
    fill(value, [keys, items], read) {
      value.clear();
      keys.forEach((key, at) => value.set(read(key), read(items[at])));
    },
    look: (value) => [...value].flat(1),
  },
  S: {
    pack: (value, slot) => [...value].map(slot),
    make: () => new Set(),
    fill(value, items, read) {
      value.clear();
      for (const item of items) value.add(read(item));
    },
    look: (value) => [...value],
  },
  D: {
    pack: (value) => [Number.isNaN(value.getTime()) ? null : value.getTime()],
    make: () => new Date(NaN),
    fill: (value, [time]) => value.setTime(time ?? NaN),
    look: (value) => [value.getTime()],
  },
  R: {
    pack: (value) => [value.source, value.flags, value.lastIndex],
    make: ([source, flags]) => new RegExp(source, flags),
    fill: (value, [, , lastIndex]) => put(value, 'lastIndex', Number(lastIndex), false),
    look: (value) => [value.lastIndex],
  },
  E: {
    pack(value, slot) {
      const parts = errorParts(value);
      const keys = parts.map(([key, enumerable]) => [key, enumerable]);
      return [ERRORS.get(getPrototypeOf(value)), keys, parts.map(([, , item]) => slot(item))];
    },
    make([name]) {
      const Failure = FAILURES.get(name);
      if (Failure === undefined) throw new TypeError('a kind of error');
      const made =
        name === 'AssertionError'
          ? new Failure({ message: '' })
          : new Failure(...(name === 'AggregateError' ? [[]] : []));
      remove(made, new Set(['stack']));
      return made;
    },
    fill(value, [, keys, items], read) {
      remove(value, new Set(['stack', ...keys.map(([key]) => key)]));
      keys.forEach(([key, enumerable], at) => put(value, String(key), read(items[at]), enumerable === true));
    },
    look: (value) => errorParts(value).flatMap(([key, , item]) => [key, item]),
  },
  B: {
    pack: (value) => [VIEWS.get(getPrototypeOf(value)), bytesOf(value).toString('base64')],
    make([name, text]) {
      const data = Buffer.from(text, 'base64');
      if (name === 'Buffer') return data;
      const View = NAMES_OF_VIEWS.get(name);
      const { buffer } = new Uint8Array(data);
      return name === 'DataView' ? new DataView(buffer) : new View(buffer);
    },
    fill: (value, [, text]) => overwrite(value, text),
    look: (value) => [bytesOf(value).toString('latin1')],
  },
  A: {
    pack: (value) => [bytesOf(value).toString('base64')],
    make: ([text]) => new Uint8Array(Buffer.from(text, 'base64')).buffer,
    fill: (value, [text]) => overwrite(value, text),
    look: (value) => [bytesOf(value).toString('latin1')],
  },
  W: {
    pack: (value, slot) => [slot(value.valueOf())],
    make([inner], read) {
      const primitive = read(inner);
      if (Object(primitive) === primitive) throw new TypeError('a boxed primitive');
      return Object(primitive);
    },
    fill: () => undefined,
    look: () => [],
  },
};

/** The level that a filled array or record is to be closed to. */
function levelOf(tag, payload) {
  return tag === 'a' || tag === 'o' || tag === 'O' ? payload[0] : 0;
}

module.exports = { close, KINDS, kindOf, levelOf };
