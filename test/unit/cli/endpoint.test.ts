import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEndpoint, requireKey } from '../../../src/cli/endpoint';
import { CommandError } from '../../../src/cli/exitCode';

const PRICES = { tier: 1, inputUsdPerMTok: 1, outputUsdPerMTok: 2, contextWindow: 8192, maxOutputTokens: 4096 };

describe('the endpoint of the command line', () => {
  let folder: string;
  let models: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'solvent-endpoint-'));
    models = path.join(folder, 'models.json');
    const list = [
      { id: 'plain', ...PRICES },
      { id: 'named', ...PRICES, baseUrl: 'https://named.example/v1', apiKeyEnv: 'NAMED_KEY' },
      { id: 'elsewhere', ...PRICES, baseUrl: 'https://elsewhere.example/v1' },
    ];
    await writeFile(models, JSON.stringify({ asOf: '2026-11-20', models: list }));
  });
  after(() => rm(folder, { recursive: true }));

  const keys = async (options: object, env: Record<string, string>): Promise<Record<string, string | undefined>> => {
    const { catalogue, settings } = await readEndpoint({ headers: [], ...options }, env);
    const found = await Promise.all(catalogue.models.map(async (model) => [model.id, await settings.key(model)]));
    return Object.fromEntries(found) as Record<string, string | undefined>;
  };

  it("prefers a model's own key", async () => {
    const env = { OPENAI_API_KEY: 'default', NAMED_KEY: 'own' };
    assert.equal((await keys({ models }, env))['named'], 'own');
  });

  it('sends the default key to no address that only the list names', async () => {
    assert.deepEqual(await keys({ models }, { OPENAI_API_KEY: 'k' }), { plain: 'k', elsewhere: undefined });
  });

  it('sends the key that the user named to every model without one of its own', async () => {
    const found = await keys({ models, apiKeyEnv: 'MINE' }, { MINE: 'k', NAMED_KEY: 'own', OPENAI_API_KEY: 'x' });
    assert.deepEqual(found, { plain: 'k', named: 'own', elsewhere: 'k' });
  });

  it('leaves models without a key out of the plan', async () => {
    const { catalogue } = await readEndpoint({ headers: [] }, { OPENAI_API_KEY: 'k' });
    assert.ok(catalogue.models.length > 0);
    assert.ok(catalogue.models.every(({ apiKeyEnv }) => apiKeyEnv === undefined));
  });

  it('goes on without a key where an address is given, and takes it for every bundled model', async () => {
    const endpoint = await readEndpoint({ headers: [], baseUrl: 'http://gateway.example/v1' }, {});
    requireKey(endpoint);
    assert.ok(
      endpoint.catalogue.models.every(({ baseUrl, apiKeyEnv }) => baseUrl === undefined && apiKeyEnv === undefined),
    );
    assert.equal(endpoint.settings.baseUrl, 'http://gateway.example/v1');
  });

  it('says what to set where there is no key at all', async () => {
    const endpoint = await readEndpoint({ headers: [] }, { OPENAI_API_KEY: '  ' });
    assert.throws(
      () => {
        requireKey(endpoint);
      },
      (error) =>
        error instanceof CommandError && error.exitCode === 2 && /OPENAI_API_KEY.*npm start/.test(error.message),
    );
    assert.ok(endpoint.catalogue.models.length > 0, 'a plan needs the whole list');
  });

  it('refuses a list of models that is broken, naming it', async () => {
    const broken = path.join(folder, 'broken.json');
    await writeFile(broken, '{"asOf": "2026-11-20", "models": [{"id": "x", "tier": 1}]}');
    await assert.rejects(readEndpoint({ headers: [], models: broken }, {}), (error) => {
      return error instanceof CommandError && error.message.includes(broken) && error.message.includes("'x'");
    });
    await assert.rejects(readEndpoint({ headers: [], models: path.join(folder, 'none.json') }, {}), /no such file/);
  });
});
