import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { bundledCatalogue } from '../../../src/core/catalogue/bundled';
import { currentPrices, storePrices } from '../../../src/core/catalogue/current';
import { utcDay } from '../../../src/core/catalogue/day';
import { RefreshError } from '../../../src/core/catalogue/download';
import { type Catalogue, type Model, type Price, TOKENIZERS } from '../../../src/core/catalogue/model';
import { parseModelList } from '../../../src/core/catalogue/modelList';
import { modelListOf } from '../../../src/core/catalogue/writeModelList';
import { type Money, perToken } from '../../../src/core/money';

const bundled = bundledCatalogue();
const later = (change: (model: Model) => Partial<Model>, asOf = '2026-11-21'): Catalogue => ({
  ...{ asOf, source: 'a test' },
  models: bundled.models.map((model) => ({ ...model, ...change(model) })),
});
const dearer = later(({ price }) => ({ price: { ...price, input: perToken(7) } }));

describe('the prices in use', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'solvent-prices-'));
    file = path.join(folder, 'prices.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are the bundled ones where none were refreshed, also without a folder', async () => {
    for (const where of [folder, path.join(folder, 'none')]) {
      const { catalogue, origin } = await currentPrices(where);
      assert.deepEqual([catalogue, origin], [bundled, 'bundled']);
    }
  });

  it('are the refreshed ones once they are stored, whole and with nothing left beside them', async () => {
    await storePrices(path.join(folder, 'new'), dearer);
    await storePrices(path.join(folder, 'new'), dearer);
    assert.deepEqual(await readdir(path.join(folder, 'new')), ['prices.json']);
    const { catalogue, origin } = await currentPrices(path.join(folder, 'new'));
    assert.deepEqual([catalogue, origin], [dearer, 'refreshed']);
  });

  it('are the bundled ones again where a new version brings younger ones', async () => {
    await storePrices(folder, { ...dearer, asOf: '2026-06-30' });
    assert.deepEqual(await currentPrices(folder), { catalogue: bundled, origin: 'bundled', file });
    await storePrices(folder, { ...dearer, asOf: bundled.asOf });
    assert.equal((await currentPrices(folder)).origin, 'refreshed');
  });

  it('take prices and sizes from the file, and models, tiers, tokenizers and addresses from this version', async () => {
    const [first, ...others] = dearer.models as readonly [Model, ...Model[]];
    const altered = {
      ...first,
      tier: 5,
      tokenizer: 'bytes',
      baseUrl: 'https://evil.example/v1',
      contextWindow: 99,
    } as const;
    const extra = { ...first, id: 'made-up' };
    await storePrices(folder, { ...dearer, models: [altered, extra, ...others.slice(1)] });
    const { models } = (await currentPrices(folder)).catalogue;
    assert.deepEqual(models[0], { ...first, contextWindow: 99 });
    assert.deepEqual(models[1], bundled.models[1], 'one that the file does not have');
    assert.equal(models.length, bundled.models.length);
  });

  it('are the bundled ones, with a note, where the file is damaged; it stays for whoever wants to look', async () => {
    const whole = JSON.stringify(modelListOf(dearer));
    for (const text of ['', '{', whole.slice(0, -20), '[]', whole.replace('UsdPerMTok":7', 'UsdPerMTok":-7')]) {
      await writeFile(file, text);
      const { catalogue, origin } = await currentPrices(folder);
      assert.deepEqual([catalogue.models, origin], [bundled.models, 'bundled']);
      assert.equal(catalogue.notes?.length, 1);
      assert.match(catalogue.notes[0]!, /prices\.json.*The bundled prices as of 2026-07-01 are used until/);
      assert.equal(await readFile(file, 'utf8'), text);
    }
    await rm(file);
    await mkdir(file);
    assert.match((await currentPrices(folder)).catalogue.notes?.[0] ?? '', /cannot be read/);
  });

  it('stay what they were where new ones cannot be stored, with a sentence', async () => {
    await writeFile(path.join(folder, 'occupied'), '');
    await assert.rejects(
      storePrices(path.join(folder, 'occupied'), dearer),
      (error) =>
        error instanceof RefreshError && error.message.includes('cannot be stored, and the old ones stay in use'),
    );
    await mkdir(file);
    await writeFile(path.join(file, 'x'), '');
    await assert.rejects(storePrices(folder, dearer), RefreshError);
    assert.deepEqual((await readdir(folder)).sort(), ['occupied', 'prices.json'], 'no draft is left');
  });

  it('are never half a file to who reads while others store', async () => {
    const lists = [dearer, later(({ price }) => ({ price: { ...price, input: perToken(8) } }))];
    await storePrices(folder, dearer);
    const writing = lists.map(async (list) => {
      for (let round = 0; round < 20; round++) await storePrices(folder, list);
    });
    for (let round = 0; round < 60; round++) {
      const { catalogue, origin } = await currentPrices(folder);
      assert.equal(origin, 'refreshed', catalogue.notes?.join(' '));
    }
    await Promise.all(writing);
  });
});

describe('a model list that is written', () => {
  const money = fc.oneof(fc.bigInt(0n, 10n ** 7n), fc.bigInt(0n, 10n ** 22n)) as fc.Arbitrary<Money>;
  const day = fc.integer({ min: 0, max: 4e12 }).map(utcDay);
  const price: fc.Arbitrary<Price> = fc.record(
    { input: money, output: money, cachedInput: money, cacheWrite: money, reasoning: money },
    { requiredKeys: ['input', 'output'], noNullPrototype: true },
  );
  const entry = fc.record(
    {
      id: fc.oneof(
        fc.constantFrom('gpt-4o', 'o3-mini', '__proto__'),
        fc.string({ minLength: 1 }).filter((id) => id.trim() !== ''),
      ),
      ...{ tier: fc.integer({ min: 1, max: 9 }), price },
      ...{ contextWindow: fc.integer({ min: 1 }), maxOutputTokens: fc.integer({ min: 1 }) },
      tokenizer: fc.constantFrom(...TOKENIZERS),
      baseUrl: fc.constantFrom('http://localhost:1/v1', 'https://a.example'),
      ...{ apiKeyEnv: fc.constantFrom('KEY'), days: fc.tuple(day, day) },
    },
    { requiredKeys: ['id', 'tier', 'price', 'contextWindow', 'maxOutputTokens'] },
  );

  it('is read back exactly as it was, to the last digit of every price', () => {
    fc.assert(
      fc.property(fc.uniqueArray(entry, { minLength: 1, maxLength: 5, selector: ({ id }) => id }), (entries) => {
        // The reader decides what a model without a tokenizer is counted by.
        const models = entries.map(({ price: exact, days, ...rest }) => {
          const [priceValidFrom, priceValidUntil] = [...(days ?? [])].sort();
          const shape = { ...rest, priceValidFrom, priceValidUntil, inputUsdPerMTok: 1, outputUsdPerMTok: 1 };
          const [read] = parseModelList(JSON.stringify({ asOf: '2026-07-01', models: [shape] }), 'x').models;
          return { ...read!, price: exact };
        });
        const catalogue = { asOf: '2026-11-21', source: 'a test', models };
        assert.deepEqual(parseModelList(JSON.stringify(modelListOf(catalogue)), 'x'), catalogue);
      }),
    );
  });

  it('states prices as plain numbers wherever those are exact', () => {
    const { models } = modelListOf(bundled) as { models: readonly Record<string, unknown>[] };
    const deepseek = models.find(({ id }) => id === 'deepseek-chat');
    assert.deepEqual([deepseek?.['inputUsdPerMTok'], deepseek?.['cachedInputUsdPerMTok']], [0.14, 0.0028]);
    const { models: odd } = modelListOf({ ...bundled, models: [{ ...bundled.models[0]!, price: ODD }] });
    assert.equal((odd as readonly Record<string, unknown>[])[0]?.['inputUsdPerMTok'], '9007199254.740993001');
  });
});

const ODD: Price = { input: 9007199254740993001n as Money, output: perToken(1) };
