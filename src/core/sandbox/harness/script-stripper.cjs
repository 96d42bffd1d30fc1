'use strict';
/**
 * Takes types away from texts, in a thread of its own: a text can be made so that reading it takes for ever, or breaks the
 * library for all that come after it. Whoever started the thread then ends it.
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { parentPort } = require('node:worker_threads');

/** Where the build puts the library; in the sources there is none, and the package itself is at hand. */
const BUILT = join(module.path, '../vendor/swc-wasm-typescript.js');
const { transformSync } = existsSync(BUILT) ? require(BUILT) : require('@swc/wasm-typescript');

const TRANSFORM = {
  mode: 'transform',
  filename: 'code.ts',
  sourceMap: true,
  transform: { verbatimModuleSyntax: true, noEmptyExport: true },
};

/**
 * Where taking types away is all there is to do, blanks stand in their place and every character keeps its position. Enums,
 * namespaces, parameter properties and casts in angle brackets are translated, and may move lines: then there is a map.
 */
function strip(source) {
  try {
    return { text: transformSync(source, { mode: 'strip-only', filename: 'code.ts' }).code };
  } catch (complaint) {
    if (saying(complaint) === undefined) throw complaint;
    if (complaint.code !== 'UnsupportedSyntax') return { text: source, problem: saying(complaint) };
  }
  try {
    const { code, map } = transformSync(source, TRANSFORM);
    return { text: code, map: map ?? '{"mappings":""}' };
  } catch (complaint) {
    if (saying(complaint) === undefined) throw complaint;
    return { text: source, problem: saying(complaint) };
  }
}

/** What the library says of a text that is none of the language: it throws a plain object then, not an error. */
function saying(complaint) {
  const whole = typeof complaint === 'object' && complaint !== null && 'code' in complaint && 'startLine' in complaint;
  return whole ? `${complaint.message} (line ${complaint.startLine})` : undefined;
}

parentPort.on('message', (sources) => {
  try {
    parentPort.postMessage({ stripped: sources.map(strip) });
  } catch (error) {
    parentPort.postMessage({ broken: String(error) });
  }
});
parentPort.postMessage('ready');
