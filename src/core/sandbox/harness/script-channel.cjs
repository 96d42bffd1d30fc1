'use strict';
/** Lines of JSON over one descriptor, read and written without giving way to anything else of the process. */
const { readSync, writeSync } = require('node:fs');
const { Atomics, Buffer, Error, Int32Array, JSON, SharedArrayBuffer } = globalThis;
const { parse, stringify } = JSON;

const LARGEST = 32 * 1024 * 1024;
const NEWLINE = 10;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** The other side has closed its end: its process is no more. */
class Gone extends Error {}

/** The other side does not keep to the protocol. */
class Broken extends Error {}

/** Reads or writes, also where the descriptor does not block. */
function transfer(move) {
  for (;;) {
    try {
      return move();
    } catch (error) {
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

/** Writes all of a text. @throws what the system says */
function writeAll(descriptor, text) {
  const data = Buffer.from(text, 'utf8');
  for (let at = 0; at < data.length;) at += transfer(() => writeSync(descriptor, data, at, data.length - at));
}

/** Never trusts what it reads: too long or no JSON is {@link Broken}. */
class Channel {
  constructor(descriptor, largest = LARGEST) {
    this.descriptor = descriptor;
    this.largest = largest;
    this.space = Buffer.allocUnsafe(65_536);
    this.rest = [];
    this.size = 0;
  }

  /** Whether the other side has said more than it was asked for, as far as that was read. */
  get pending() {
    return this.size > 0;
  }

  send(message) {
    try {
      writeAll(this.descriptor, `${stringify(message)}\n`);
    } catch {
      throw new Gone('the channel is closed');
    }
  }

  receive() {
    const line = this.line();
    let message;
    try {
      message = parse(line);
    } catch {
      throw new Broken('no JSON');
    }
    if (typeof message !== 'object' || message === null || Array.isArray(message)) throw new Broken('no message');
    return message;
  }

  line() {
    for (;;) {
      const last = this.rest.length - 1;
      const end = last < 0 ? -1 : this.rest[last].indexOf(NEWLINE);
      if (end >= 0) {
        const chunk = this.rest[last];
        const line = Buffer.concat([...this.rest.slice(0, last), chunk.subarray(0, end)]).toString('utf8');
        const after = chunk.subarray(end + 1);
        this.rest = after.length > 0 ? [after] : [];
        this.size = after.length;
        return line;
      }
      if (this.size > this.largest) throw new Broken('a message of more than 32 MiB');
      const count = this.read();
      if (count === 0) throw new Gone('the channel is closed');
      this.rest.push(Buffer.from(this.space.subarray(0, count)));
      this.size += count;
    }
  }

  /** Reads what there is, waiting for the first byte. Returns how much; 0 at the end, whatever that is. */
  read() {
    try {
      return transfer(() => readSync(this.descriptor, this.space, 0, this.space.length, null));
    } catch {
      return 0;
    }
  }
}

module.exports = { Broken, Channel, Gone, writeAll };
