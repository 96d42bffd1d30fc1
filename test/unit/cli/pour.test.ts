import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { pour } from '../../../src/cli/pour';

const never = new AbortController().signal;

describe('pouring text into a stream', () => {
  it('waits until the stream takes more', async () => {
    let waiting = 0;
    let most = 0;
    const written: string[] = [];
    const slow = new Writable({
      highWaterMark: 100,
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        setTimeout(() => {
          waiting -= 1;
          written.push(text);
          done();
        }, 1);
      },
    });
    async function* pieces(): AsyncGenerator<string, void> {
      for (let piece = 0; piece < 50; piece++) {
        waiting += 1;
        most = Math.max(most, waiting);
        await Promise.resolve();
        yield `${piece} `.padEnd(60, '.');
      }
    }
    await pour(slow, pieces(), never);
    await new Promise((done) => slow.end(done));
    assert.equal(written.length, 50);
    assert.ok(most <= 3, `${most} pieces were waiting`);
  });

  it('ends where the reader has gone away', async () => {
    let made = 0;
    const gone = new Writable({
      highWaterMark: 1,
      write: (_text, _encoding, done) => {
        setImmediate(() => {
          done(new Error('EPIPE'));
        });
      },
    });
    gone.on('error', () => undefined);
    async function* pieces(): AsyncGenerator<string, void> {
      for (;;) {
        made += 1;
        await Promise.resolve();
        yield 'text';
      }
    }
    await pour(gone, pieces(), never);
    assert.ok(made < 5);
  });

  it('can be interrupted', async () => {
    const abort = new AbortController();
    async function* pieces(): AsyncGenerator<string, void> {
      await Promise.resolve();
      yield 'a';
      abort.abort();
      yield 'b';
    }
    await assert.rejects(
      pour(
        new Writable({
          write: (_t, _e, done) => {
            done();
          },
        }),
        pieces(),
        abort.signal,
      ),
    );
  });
});
