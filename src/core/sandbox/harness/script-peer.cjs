'use strict';
/** Questions and answers over one channel. One side asks at a time; the asked side may ask back. */
const { Broken, Gone } = require('./script-channel.cjs');
const { Codec } = require('./script-wire.cjs');
const { Object, WeakSet } = globalThis;
const { hasOwn } = Object;

/** Arrays that are an answer of several values, rather than one that is an array. */
const answers = new WeakSet();

function several(values) {
  answers.add(values);
  return values;
}

/** One side of the conversation. Subclasses say how to serve questions, and how what was thrown travels. */
class Peer {
  constructor(channel, step) {
    this.channel = channel;
    this.codec = new Codec(step, this);
    this.asked = 0;
    this.depth = 0;
  }

  /** Asks and waits, serving what the other side asks meanwhile. Throws what the answer throws. */
  ask(question, ...operands) {
    return this.exchange(question, operands)[0];
  }

  /** As {@link ask}, for answers of several values. */
  exchange(question, operands) {
    this.depth++;
    try {
      const number = ++this.asked;
      const message = this.codec.pack(operands, this.depth === 1);
      this.channel.send({ q: question, i: number, ...message });
      for (;;) {
        const reply = this.channel.receive();
        if (hasOwn(reply, 'q')) {
          this.answer(reply);
          continue;
        }
        if (reply.i !== number) throw new Broken('an answer that nobody asked for');
        const values = this.take(reply);
        if (reply.e === 1) throw this.failure(values);
        return values;
      }
    } finally {
      this.leave();
    }
  }

  /** Serves one question of the other side. */
  answer(message) {
    this.depth++;
    try {
      this.reply(message.i, () => {
        const result = this.serve(message.q, this.take(message));
        return answers.has(result) ? result : [result];
      });
    } finally {
      this.leave();
    }
  }

  /** Answers a question with the values that `work` returns, or with what it throws. */
  reply(number, work) {
    let reply;
    try {
      reply = this.codec.pack(work(), this.depth === 1);
    } catch (error) {
      if (error instanceof Broken || error instanceof Gone) throw error;
      reply = { ...this.refuse(error), e: 1 };
    }
    this.channel.send({ i: number, ...reply });
  }

  take(message) {
    try {
      return this.codec.unpack(message);
    } catch (error) {
      if (error instanceof Broken || error instanceof Gone) throw error;
      throw new Broken(`a message that makes no sense: ${error.name}`);
    }
  }

  leave() {
    this.depth--;
    if (this.depth === 0) this.codec.settle();
  }
}

module.exports = { Peer, several };
