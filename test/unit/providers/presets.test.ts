import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { bundledCatalogue } from '../../../src/core/catalogue/bundled';
import { isLoopback } from '../../../src/core/catalogue/loopback';
import { OpenAiDialect } from '../../../src/core/providers/openaiRequest';
import { presetAt, PRESETS, PROVIDER_IDS } from '../../../src/core/providers/presets';
import { REQUEST } from './asking';

const DEEPSEEK = 'https://api.deepseek.com';
const MISTRAL = 'https://api.mistral.ai/v1';
const OPENAI = 'https://api.openai.com/v1';

function bodyAt(baseUrl: string, change: Partial<typeof REQUEST> = {}): Readonly<Record<string, unknown>> {
  return { ...new OpenAiDialect().body(baseUrl, { ...REQUEST, seed: 7, ...change }) };
}

describe('the table of providers', () => {
  it('holds each of them once, hosted ones over https and own ones at this machine', () => {
    assert.deepEqual(
      PRESETS.map(({ id }) => id),
      PROVIDER_IDS,
    );
    assert.equal(new Set(PRESETS.map(({ baseUrl }) => new URL(baseUrl).origin)).size, PRESETS.length);
    for (const { id, place, baseUrl } of PRESETS) {
      assert.equal(place === 'own', isLoopback(baseUrl), id);
      assert.equal(place === 'own' ? 'http:' : 'https:', new URL(baseUrl).protocol, id);
      assert.ok(!baseUrl.endsWith('/'), id);
    }
  });

  it('sends no key of the environment to a port of this machine', () => {
    for (const { id, place, keyEnv } of PRESETS) assert.equal(keyEnv === undefined, place === 'own', id);
  });

  it('knows a provider by scheme, host and port, and this machine by all its names', () => {
    assert.equal(presetAt('https://api.openai.com/v1/')?.id, 'openai');
    assert.equal(presetAt('http://localhost:11434/v1')?.id, 'ollama');
    assert.equal(presetAt('http://[::1]:1234/v1')?.id, 'lmstudio');
    for (const other of [
      'http://api.openai.com/v1',
      'https://api.openai.com.example',
      'http://10.0.0.1:11434/v1',
      'x',
    ]) {
      assert.equal(presetAt(other), undefined, other);
    }
  });

  it('agrees with the bundled models on addresses and variables', () => {
    for (const { id, baseUrl = OPENAI, apiKeyEnv = 'OPENAI_API_KEY' } of bundledCatalogue().models) {
      const preset = presetAt(baseUrl);
      assert.deepEqual([preset?.baseUrl, preset?.keyEnv], [baseUrl, apiKeyEnv], id);
    }
  });

  it('states a public source for every provider', () => {
    const source = readFileSync('src/core/providers/presets.ts', 'utf8');
    for (const name of PROVIDER_IDS.map((id) => `id: '${id}'`)) {
      const before = source.slice(0, source.indexOf(name));
      const docstring = before.slice(before.lastIndexOf('/**'));
      assert.match(docstring, /https:\/\/(?!api\.)\S+/, name);
    }
  });
});

describe('a request to a provider of the table', () => {
  it('bounds the completion by the name that the provider documents', () => {
    assert.deepEqual([bodyAt(OPENAI)['max_completion_tokens'], bodyAt(OPENAI)['max_tokens']], [100, undefined]);
    assert.deepEqual([bodyAt(DEEPSEEK)['max_completion_tokens'], bodyAt(DEEPSEEK)['max_tokens']], [undefined, 100]);
  });

  it('names the seed as the provider does, and sends none where it documents none', () => {
    assert.deepEqual([bodyAt(OPENAI)['seed'], bodyAt(OPENAI)['random_seed']], [7, undefined]);
    assert.deepEqual([bodyAt(MISTRAL)['seed'], bodyAt(MISTRAL)['random_seed']], [undefined, 7]);
    assert.ok(!('seed' in bodyAt(DEEPSEEK)));
    assert.ok(!('seed' in bodyAt(OPENAI, { seed: undefined as never })));
  });

  it('asks for usage only where a stream has none by itself', () => {
    assert.deepEqual(bodyAt(DEEPSEEK)['stream_options'], { include_usage: true });
    assert.ok(!('stream_options' in bodyAt(MISTRAL)));
    assert.ok(!('stream_options' in bodyAt('https://openrouter.ai/api/v1')));
  });

  it('leads all calls of a run to the same cache where the provider documents a key for it, and tells it nothing', () => {
    const key = bodyAt(OPENAI)['prompt_cache_key'];
    assert.match(String(key), /^solvent-[0-9a-f]{24}$/);
    assert.equal(bodyAt(OPENAI, { temperature: 0.9, messages: [] })['prompt_cache_key'], key);
    assert.equal(bodyAt(MISTRAL)['prompt_cache_key'], key);
    assert.notEqual(bodyAt(OPENAI, { runId: 'another' })['prompt_cache_key'], key);
    for (const without of [DEEPSEEK, 'https://api.groq.com/openai/v1', 'https://gateway.example/v1']) {
      assert.ok(!('prompt_cache_key' in bodyAt(without)), without);
    }
  });

  it('is never without a bound, whatever was refused', () => {
    const dialect = new OpenAiDialect();
    const refuse = (name: string): boolean => dialect.learn(OPENAI, REQUEST, 400, `Unsupported parameter: '${name}'.`);
    assert.equal(refuse('max_completion_tokens'), true);
    assert.equal(dialect.body(OPENAI, REQUEST).max_tokens, 100);
    assert.equal(refuse('max_tokens'), true);
    const { max_tokens: older, max_completion_tokens: newer } = dialect.body(OPENAI, REQUEST);
    assert.equal(older ?? newer, 100);
    assert.equal(refuse('max_tokens'), false, 'what was not sent cannot be refused');
  });

  it('does without the seed after it was refused, by its own name only', () => {
    const dialect = new OpenAiDialect();
    const request = { ...REQUEST, seed: 7 };
    assert.equal(dialect.learn(MISTRAL, request, 422, 'Extra inputs are not permitted: seed'), false);
    assert.equal(dialect.learn(MISTRAL, request, 422, 'Extra inputs are not permitted: random_seed'), true);
    assert.ok(!('random_seed' in dialect.body(MISTRAL, request)));
  });
});
