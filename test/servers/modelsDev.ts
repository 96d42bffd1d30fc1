import { bundledCatalogue } from '../../src/core/catalogue/bundled';
import type { Model } from '../../src/core/catalogue/model';
import { providerOf } from '../../src/core/catalogue/modelsDev';
import { perMillion } from '../../src/core/money';

/** An entry as models.dev writes it, or whatever else a test puts in its place. */
export type Entry = Readonly<Record<string, unknown>> | undefined;

/**
 * An answer in the shape of https://models.dev/api.json: the bundled models at their bundled prices, among entries and
 * fields that are of no concern here.
 * @param changed entries by model id; undefined leaves the model out
 */
export function modelsDevAnswer(changed: Readonly<Record<string, Entry>> = {}): object {
  const providers: Record<string, { id: string; name: string; env: string[]; models: Record<string, Entry> }> = {};
  for (const model of bundledCatalogue().models) {
    const id = providerOf(model.id) ?? '';
    const provider = (providers[id] ??= {
      id,
      name: id.toUpperCase(),
      env: ['KEY'],
      models: { other: { id: 'other' } },
    });
    const entry = model.id in changed ? changed[model.id] : entryOf(model);
    if (entry !== undefined) provider.models[model.id] = entry;
  }
  return { other: { id: 'other', models: {} }, ...providers };
}

/** What models.dev would say of a model. */
export function entryOf(model: Model): Readonly<Record<string, unknown>> {
  const { id, price, contextWindow, maxOutputTokens } = model;
  const usd = (kind: keyof typeof price): number | undefined =>
    price[kind] === undefined ? undefined : Number(perMillion(price[kind]));
  return {
    ...{ id, name: id, family: 'gpt', reasoning: false, tool_call: true, release_date: '2025-04-14' },
    cost: {
      ...{ input: usd('input'), output: usd('output'), reasoning: usd('reasoning') },
      ...{ cache_read: usd('cachedInput'), cache_write: usd('cacheWrite'), input_audio: 40 },
    },
    limit: { context: contextWindow, output: maxOutputTokens },
  };
}

/** The bundled model of an id. */
export function bundledModel(id: string): Model {
  const found = bundledCatalogue().models.find((model) => model.id === id);
  if (found === undefined) throw new Error(`${id} is not bundled`);
  return found;
}

/** What models.dev would say of a bundled model, with another cost or limit. */
export function changedEntry(id: string, cost: object, limit: object = {}): Readonly<Record<string, unknown>> {
  const entry = entryOf(bundledModel(id));
  const [oldCost, oldLimit] = [entry['cost'] as object, entry['limit'] as object];
  return { ...entry, cost: { ...oldCost, ...cost }, limit: { ...oldLimit, ...limit } };
}
