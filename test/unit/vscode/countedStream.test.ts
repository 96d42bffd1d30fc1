import assert from 'node:assert/strict';
import { CountedStream } from '../../../src/vscode/countedStream';

/** Four characters to a token. */
const quarter = (text: string): Promise<number> => Promise.resolve(Math.ceil(text.length / 4));

describe('an answer that is counted while it streams', () => {
  it('is full when it has the tokens that it may have, and hardly later', async () => {
    const arrived: string[] = [];
    const stream = new CountedStream(quarter, 100, (text) => arrived.push(text));
    let parts = 0;
    for (; !stream.full && parts < 1000; parts++) await stream.take({ text: 'abcde', hidden: false });
    const tokens = await stream.tokens();
    assert.ok(tokens >= 100 && tokens <= 106, String(tokens));
    assert.equal(arrived.join(''), stream.text);
  });

  it('is counted now and then, not for every part', async () => {
    let counts = 0;
    const stream = new CountedStream(
      (text) => {
        counts++;
        return quarter(text);
      },
      1000,
      () => undefined,
    );
    for (let part = 0; part < 900; part++) await stream.take({ text: 'abcd', hidden: false });
    assert.ok(!stream.full);
    assert.ok(counts < 60, String(counts));
    assert.equal(await stream.tokens(), 900);
  });

  it('counts what is thought beside it, and does not show it as the answer', async () => {
    const told: unknown[] = [];
    const stream = new CountedStream(quarter, 10, (text, hidden) => told.push([text, hidden]));
    await stream.take({ text: 'hm'.repeat(20), hidden: true });
    assert.ok(stream.full);
    assert.equal(stream.text, '');
    assert.deepEqual(told, [['hm'.repeat(20), true]]);
  });

  it('counts its bytes where the model does not count, or counts nonsense', async () => {
    for (const count of [() => Promise.reject(new Error('gone')), () => Promise.resolve(-1)]) {
      const stream = new CountedStream(count, 1000, () => undefined);
      await stream.take({ text: 'né', hidden: false });
      assert.equal(await stream.tokens(), 3);
    }
  });
});
