import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Endpoint, readEndpoint, requireKey } from '../../../src/cli/endpoint';
import { CommandError } from '../../../src/cli/exitCode';
import { bundledCatalogue } from '../../../src/core/catalogue/bundled';
import { storePrices } from '../../../src/core/catalogue/current';
import { perToken } from '../../../src/core/money';
import { userDataFolder } from '../../../src/core/userData';

const NOW = Date.UTC(2026, 10, 21);
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

  const read = (options: object, env: Record<string, string>, now = NOW): Promise<Endpoint> =>
    readEndpoint({ headers: [], ...options }, { platform: 'linux', env, home: folder }, now);
  const keys = async (options: object, env: Record<string, string>): Promise<Record<string, string | undefined>> => {
    const { catalogue, settings } = await read(options, env);
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
    const { catalogue } = await read({}, { OPENAI_API_KEY: 'k' });
    assert.ok(catalogue.models.length > 0);
    assert.ok(catalogue.models.every(({ apiKeyEnv }) => apiKeyEnv === undefined));
  });

  it('goes on without a key where an address is given, and takes it for every bundled model', async () => {
    const endpoint = await read({ baseUrl: 'http://gateway.example/v1' }, {});
    requireKey(endpoint);
    assert.ok(
      endpoint.catalogue.models.every(({ baseUrl, apiKeyEnv }) => baseUrl === undefined && apiKeyEnv === undefined),
    );
    assert.equal(endpoint.settings.baseUrl, 'http://gateway.example/v1');
  });

  it('says what to set where there is no key at all', async () => {
    const endpoint = await read({}, { OPENAI_API_KEY: '  ' });
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
    await assert.rejects(read({ models: broken }, {}), (error) => {
      return error instanceof CommandError && error.message.includes(broken) && error.message.includes("'x'");
    });
    await assert.rejects(read({ models: path.join(folder, 'none.json') }, {}), /no such file/);
  });

  describe('takes its prices', () => {
    const user = { platform: 'linux', env: {}, home: '' } as const;
    const deepseek = { DEEPSEEK_API_KEY: 'k' };

    it('from what was refreshed, with its notes, unless the user names a list', async () => {
      const home = path.join(folder, 'refreshed');
      const data = userDataFolder({ ...user, home });
      const bundled = bundledCatalogue();
      const dearer = bundled.models.map((model) => ({ ...model, price: { ...model.price, input: perToken(9) } }));
      const promoted = dearer.map((model) => ({ ...model, priceValidUntil: '2026-12-31' }));
      await storePrices(data, { ...bundled, asOf: '2026-11-01', models: promoted });
      const at = (options: object): Promise<Endpoint> =>
        readEndpoint({ headers: [], ...options }, { ...user, home, env: deepseek }, NOW);
      const { catalogue } = await at({});
      assert.deepEqual([catalogue.asOf, catalogue.models[0]?.price.input], ['2026-11-01', perToken(9)]);
      const [first] = (await at({ baseUrl: 'http://gateway.example/v1' })).catalogue.models;
      assert.deepEqual([first?.price.input, first?.priceValidUntil], [perToken(9), '2026-12-31']);
      assert.equal((await at({ models })).catalogue.models[0]?.price.input, perToken(1));

      await writeFile(path.join(data, 'prices.json'), '{');
      const damaged = await at({});
      assert.deepEqual(
        damaged.catalogue.models,
        bundled.models.filter(({ id }) => id === 'deepseek-chat'),
      );
      assert.match(damaged.catalogue.notes?.join() ?? '', /prices\.json is not JSON.*bundled prices as of 2026-07-01/);
    });

    it('as they are valid now, and says which are not and how old they are', async () => {
      const over = path.join(folder, 'over.json');
      const listed = [
        { id: 'promotion', ...PRICES, priceValidUntil: '2026-06-30' },
        { id: 'plain', ...PRICES },
      ];
      await writeFile(over, JSON.stringify({ asOf: '2026-01-01', models: listed }));
      const { catalogue } = await read({ models: over }, { OPENAI_API_KEY: 'k' });
      assert.deepEqual(
        catalogue.models.map(({ id }) => id),
        ['plain'],
      );
      assert.deepEqual(catalogue.notes, [
        "Left out: promotion's price was valid until 2026-06-30; update the model list.",
        'Prices are as of 2026-01-01, 10 months old: update the model list.',
      ]);
      const old = await read({}, { OPENAI_API_KEY: 'k' }, Date.UTC(2027, 0, 15));
      assert.deepEqual(old.catalogue.notes, [
        "Prices are as of 2026-07-01, 6 months old: run 'solvent prices --refresh'.",
      ]);
    });

    it('and refuses to go on where none is valid', async () => {
      const over = path.join(folder, 'all-over.json');
      const listed = [{ id: 'promotion', ...PRICES, priceValidUntil: '2026-06-30' }];
      await writeFile(over, JSON.stringify({ asOf: '2026-06-01', models: listed }));
      await assert.rejects(
        read({ models: over }, {}),
        (error) =>
          error instanceof CommandError && error.exitCode === 2 && error.message.includes('No model has a price'),
      );
    });
  });
});
