'use strict';
/** Tries to get out of where it runs, and prints what it got done. It knows what there is outside, as no tested code does. */
const { Buffer } = require('node:buffer');
const { spawn, spawnSync } = require('node:child_process');
const { createSocket } = require('node:dgram');
const fs = require('node:fs');
const { connect } = require('node:net');
const { basename, dirname, join } = require('node:path');
const { enter } = require('./script-boot.cjs');

/** How long an answer from outside may take, in ms. */
const PATIENCE = 1000;

const textOf = (path) => fs.readFileSync(path, 'utf8');

const ATTEMPTS = {
  home: ({ secret, text }) => textOf(secret) === text,
  names: ({ secret }) => fs.readdirSync(dirname(secret)).includes(basename(secret)),
  outside: ({ neighbour, text }) => textOf(neighbour) === text,
  write: ({ target }) => {
    fs.writeFileSync(target, 'here');
    return true;
  },
  harness: ({ harness }) => {
    fs.closeSync(fs.openSync(join(harness, 'script-boot.cjs'), 'a'));
    return true;
  },
  tcp: ({ port, text }) => answerOf(connect(port, '127.0.0.1'), text),
  udp: ({ udpPort, text }) => datagramOf(udpPort, text),
  unix: ({ socket, text }) => answerOf(connect(socket), text),
  environment: ({ variables }) => variables.some((name) => name in process.env),
  descriptor: ({ text }) => Array.from({ length: 253 }, (_, index) => index + 3).some((number) => holds(number, text)),
  processes: ({ pid }) => {
    if (fs.existsSync(`/proc/${pid}/cmdline`)) return true;
    const { stdout } = spawnSync('/bin/ps', ['-p', String(pid), '-o', 'pid='], { encoding: 'utf8' });
    return (stdout ?? '').trim() === String(pid);
  },
  signal: ({ pid }) => process.kill(pid, 0),
  /** Whether it does is seen outside: its outputs stay open. */
  remain: async () => {
    const child = spawn('/bin/sleep', ['20'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return false;
  },
};

function answerOf(link, text) {
  return new Promise((resolve, reject) => {
    link.setTimeout(PATIENCE, () => link.destroy(new Error('no answer')));
    link.once('data', (chunk) => {
      link.destroy();
      resolve(chunk.toString() === text);
    });
    link.once('error', reject).once('close', () => resolve(false));
  });
}

function datagramOf(port, text) {
  const link = createSocket('udp4');
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('no answer')), PATIENCE).unref();
    link.once('message', (chunk) => resolve(chunk.toString() === text));
    link.once('error', reject);
    link.connect(port, '127.0.0.1', (error) => (error ? reject(error) : link.send('here')));
  }).finally(() => link.close());
}

function holds(number, text) {
  const room = Buffer.alloc(Buffer.byteLength(text));
  try {
    fs.readSync(number, room, 0, room.length, 0);
  } catch {
    return false;
  }
  return room.toString() === text;
}

/** What a place to run in has to allow, or else everything would be refused by a program that does not work. */
function keeps() {
  fs.writeFileSync('kept', 'kept');
  return textOf('kept') === 'kept';
}

async function main() {
  const aims = { ...JSON.parse(process.argv[3]), harness: JSON.parse(process.argv[2]).harness };
  enter();
  const done = [];
  const refusals = {};
  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    try {
      if (await attempt(aims)) done.push(name);
    } catch (error) {
      refusals[name] = String(error?.message ?? error);
    }
  }
  const report = { tried: Object.keys(ATTEMPTS), done, refusals, kept: keeps() };
  fs.writeSync(1, `${JSON.stringify(report)}\n`);
  process.reallyExit(0);
}

void main();
