import assert from 'node:assert/strict';
import { dearestInput, dearestOutput } from '../../../src/core/catalogue/model';
import { CatalogueError, parseModelList } from '../../../src/core/catalogue/modelList';
import { perToken } from '../../../src/core/money';

const GPT4 = {
  id: 'gpt-4',
  tier: 1,
  inputUsdPerMTok: 30,
  outputUsdPerMTok: 60,
  contextWindow: 8192,
  maxOutputTokens: 4096,
};

const list = (...models: unknown[]): string => JSON.stringify({ asOf: '2026-11-20', models });
const parse = (text: string) => parseModelList(text, 'models.json');

describe('a model list', () => {
  it('is read with exact prices, its date, and what is known of a tokenizer that is not stated', () => {
    const { asOf, models } = parse(`\uFEFF${list({ ...GPT4, inputUsdPerMTok: '0.0028', cachedInputUsdPerMTok: 0 })}`);
    assert.equal(asOf, '2026-11-20');
    assert.deepEqual(models, [
      {
        id: 'gpt-4',
        tier: 1,
        price: { input: perToken('0.0028'), output: perToken(60), cachedInput: 0n },
        contextWindow: 8192,
        maxOutputTokens: 4096,
        tokenizer: 'openai',
        exactTokenizer: false,
      },
    ]);
  });

  it('takes the larger count of two tokenizers for models of OpenAI only, and bytes for all others', () => {
    const tokenizer = (id: string): string | undefined => parse(list({ ...GPT4, id })).models[0]?.tokenizer;
    for (const id of [
      'gpt-3.5-turbo',
      'gpt-4o-mini',
      'openai/gpt-4.1',
      'gpt-5.4',
      'o3-mini',
      'o1',
      'chatgpt-4o-latest',
    ]) {
      assert.equal(tokenizer(id), 'openai', id);
    }
    for (const id of [
      'codellama-34b-instruct',
      'gpt-oss-20b',
      'gpt-j-6b',
      'gpt4all',
      'o30',
      'deepseek-chat',
      'llama/gpt-4',
    ]) {
      assert.equal(tokenizer(id), 'bytes', id);
    }
    assert.throws(() => parse(list({ ...GPT4, tokenizer: 'openai' })), /must be one of o200k_base, cl100k_base, bytes/);
  });

  it('counts only a stated tokenizer of a library as exact', () => {
    const exact = (tokenizer: string): boolean | undefined =>
      parse(list({ ...GPT4, tokenizer })).models[0]?.exactTokenizer;
    assert.equal(exact('o200k_base'), true);
    assert.equal(exact('cl100k_base'), true);
    assert.equal(exact('bytes'), false);
  });

  it('names the dearest that a token of each kind can cost', () => {
    const { price } = parse(list({ ...GPT4, cacheWriteUsdPerMTok: 37.5, reasoningUsdPerMTok: 70 })).models[0]!;
    assert.equal(dearestInput(price), perToken(37.5));
    assert.equal(dearestOutput(price), perToken(70));
    const cheap = parse(list({ ...GPT4, cacheWriteUsdPerMTok: 1, reasoningUsdPerMTok: 1 })).models[0]!.price;
    assert.deepEqual([dearestInput(cheap), dearestOutput(cheap)], [perToken(30), perToken(60)]);
  });

  it('without a price is refused, naming model, field and what to write', () => {
    for (const field of ['inputUsdPerMTok', 'outputUsdPerMTok']) {
      for (const missing of [undefined, null]) {
        assert.throws(
          () => parse(list({ ...GPT4, [field]: missing })),
          new RegExp(`model 1 \\('gpt-4'\\) has no price: add '${field}' in USD per million tokens.*never guesses`),
        );
      }
    }
  });

  it('with a bad field is refused, naming model and field', () => {
    for (const [field, values] of Object.entries({
      tier: [0, 1.5, '1', undefined],
      contextWindow: [0, -1, 'big', undefined],
      maxOutputTokens: [0, 2 ** 60, undefined],
      inputUsdPerMTok: [-1, 'cheap', {}, true],
      outputUsdPerMTok: ['', [], '1,5'],
      cachedInputUsdPerMTok: [-0.1, 'half'],
      cacheWriteUsdPerMTok: ['x'],
      reasoningUsdPerMTok: [false],
      tokenizer: ['gpt2', 7, ''],
      baseUrl: ['localhost:11434', 'file:///etc', 3],
      apiKeyEnv: ['', 5],
      priceValidFrom: ['soon', '', '2026-02-30', '2026-1-1', '2026-01-01T00:00', 20260101],
      priceValidUntil: ['2026-13-01', '01.07.2026', false],
    })) {
      for (const value of values) {
        assert.throws(
          () => parse(list({ ...GPT4, id: 'fine' }, { ...GPT4, [field]: value })),
          (error: unknown) =>
            error instanceof CatalogueError &&
            error.message.startsWith("models.json, model 2 ('gpt-4')") &&
            error.message.includes(`'${field}'`),
          `${field} = ${JSON.stringify(value)}`,
        );
      }
    }
  });

  it('may say from when to when a price is valid, both days included', () => {
    const valid = { priceValidFrom: '2026-07-01', priceValidUntil: '2026-07-01' };
    const { priceValidFrom, priceValidUntil } = parse(list({ ...GPT4, ...valid })).models[0]!;
    assert.deepEqual({ priceValidFrom, priceValidUntil }, valid);
    assert.throws(
      () => parse(list({ ...GPT4, priceValidFrom: '2026-07-02', priceValidUntil: '2026-07-01' })),
      /model 1 \('gpt-4'\): 'priceValidUntil' must not be before 'priceValidFrom', 2026-07-02/,
    );
  });

  it('that is no list, or whose models are none, is refused in a sentence', () => {
    for (const [text, expected] of [
      ['{', /models\.json is not JSON/],
      ['[]', /must hold an object with 'asOf' and 'models'/],
      ['null', /must hold an object/],
      ['{"models": []}', /'asOf' must be the date of the prices/],
      ['{"asOf": "soon", "models": []}', /'asOf' must be the date/],
      ['{"asOf": "2026-11-20"}', /'models' must be a list of at least one model/],
      ['{"asOf": "2026-11-20", "models": []}', /at least one model/],
      [list(7), /model 1 must be an object/],
      [list({ ...GPT4, id: ' ' }), /model 1: 'id' must be the model's name/],
      [list(GPT4, GPT4), /model 'gpt-4' is listed twice/],
    ] as const) {
      assert.throws(() => parse(text), expected, text);
    }
  });
});
