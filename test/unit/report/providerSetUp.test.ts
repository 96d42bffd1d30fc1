import assert from 'node:assert/strict';
import { presetAt, PRESETS } from '../../../src/core/providers/presets';
import { names, pricedModels, pricedTexts, providerItems, usableLocally } from '../../../src/report/providerSetUp';

const OLLAMA = presetAt('http://127.0.0.1:11434/v1') ?? assert.fail();
const VLLM = presetAt('http://127.0.0.1:8000/v1') ?? assert.fail();
const HOSTED = ['OpenAI', 'DeepSeek', 'OpenRouter', 'Groq', 'Mistral'];
const OTHERS = ['Another address…', 'Models of this editor'];
const OWN = ['Ollama', 'LM Studio', 'vLLM', 'LiteLLM'];

describe('the list of providers', () => {
  it('has them all while this machine is looked over, and an address of any other', () => {
    const items = providerItems(PRESETS, undefined);
    assert.deepEqual(
      items.map(({ label }) => label),
      [...HOSTED, ...OTHERS, ...OWN],
    );
    assert.match(items.find(({ label }) => label === 'Ollama')?.group ?? '', /Looking/);
  });

  it('begins with what was found, and tells what was not', () => {
    const items = providerItems(PRESETS, [
      { preset: OLLAMA, models: [{ id: 'a' }] },
      { preset: VLLM, models: undefined },
    ]);
    assert.deepEqual(
      items.slice(0, 3).map(({ group, label, description }) => `${group}: ${label}, ${description}`),
      [
        'On this machine: Ollama, 127.0.0.1:11434 · running, serves 1 model',
        'On this machine: vLLM, 127.0.0.1:8000 · running, wants an API key',
        'With an API key: OpenAI, api.openai.com',
      ],
    );
    assert.deepEqual(
      items.slice(-2).map(({ group, label }) => `${group}: ${label}`),
      ['Not found on this machine: LM Studio', 'Not found on this machine: LiteLLM'],
    );
    assert.equal(items.length, HOSTED.length + OTHERS.length + OWN.length);
  });
});

describe('what a provider serves', () => {
  it('is split by whether it has a price here', () => {
    const found = pricedModels([{ id: 'a' }, { id: 'b' }, { id: 'c' }], ['b', 'z']);
    assert.deepEqual(found, { priced: ['b'], missing: ['a', 'c'] });
    assert.deepEqual(pricedTexts(found), [
      '1 model can be used: b.',
      "Without a price, so not used: a, c. Enter what they cost in 'solvent.models'; Solvent never guesses a price.",
    ]);
    assert.match(pricedTexts(pricedModels([{ id: 'a' }], [])).join(' '), /^None of its models has a price here yet/);
  });

  it('is named in a few harmless words', () => {
    assert.equal(names(['a', 'b', 'c', 'd', 'e', 'f', 'g']), 'a, b, c, d, e and 2 more');
    assert.equal(names(['x\u001b[31m\nred']), 'x red');
  });

  it('costs nothing only where it runs: what is passed on to a cloud is left out, and so is what embeds', () => {
    const ids = ['qwen3', 'gpt-oss:120b-cloud', 'gemma4:cloud', 'text-embedding-nomic', 'cloudy'];
    assert.deepEqual(
      usableLocally(ids.map((id) => ({ id }))).map(({ id }) => id),
      ['qwen3', 'cloudy'],
    );
  });
});
