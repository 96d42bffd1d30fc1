import assert from 'node:assert/strict';
import { remembering } from '../../../src/core/budget/countMemory';
import { TokenCounter } from '../../../src/core/budget/tokens';
import { aModel } from '../../support/models';

/** A count that keeps what it was asked. */
function counting(): { readonly asked: string[]; readonly encode: (text: string) => number } {
  const asked: string[] = [];
  return { asked, encode: (text) => (asked.push(text), text.length) };
}

describe('what texts were counted as', () => {
  it('is remembered, also where it is 0', () => {
    const { asked, encode } = counting();
    const count = remembering(encode);
    assert.deepEqual(['', 'abc', '', 'abc'].map(count), [0, 3, 0, 3]);
    assert.deepEqual(asked, ['', 'abc']);
  });

  it('is forgotten of the text that was not asked for the longest', () => {
    const { asked, encode } = counting();
    const count = remembering(encode, 2);
    for (const text of ['a', 'bb', 'a', 'ccc', 'a', 'bb']) assert.equal(count(text), text.length);
    assert.deepEqual(asked, ['a', 'bb', 'ccc', 'bb']);
  });

  it('is the same for every model of a tokenizer, and never that of another tokenizer', async () => {
    const text = 'def fläche(radius): return 3.14159 * radius ** 2  # 円';
    const tokenizers = ['o200k_base', 'cl100k_base'] as const;
    const models = tokenizers.map((tokenizer) => aModel(tokenizer, 1, 1, 1, { tokenizer, exactTokenizer: true }));
    const one = new TokenCounter();
    const apart = await Promise.all(models.map((model) => new TokenCounter().text(model, text)));
    assert.notEqual(apart[0]?.tokens, apart[1]?.tokens);
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(await Promise.all(models.map((model) => one.text(model, text))), apart);
    }
  });
});
