import type { OfferedModel } from '../core/providers/offeredModels';
import type { LocalServer } from '../core/providers/localServers';
import type { ProviderPreset } from '../core/providers/presets';
import type { EditorModels } from '../core/catalogue/editorModels';
import { perMillion, times } from '../core/money';
import { counted, oneLine } from './text';

/** A line of the list of providers. */
export interface ProviderItem {
  readonly label: string;
  readonly description: string;
  /** The title of the lines that it stands among. */
  readonly group: string;
  /** A provider of the table, an address that the user types, or the editor itself. */
  readonly choice: ProviderPreset | 'address' | 'editor';
}

/** How many names a sentence holds. */
const SHOWN_NAMES = 5;

/**
 * The providers to choose from: servers that run on this machine first, then the hosted ones and whatever else there may
 * be, then what was not found. A line each, so that a small window shows most of them.
 * @param found the servers of this machine; undefined while they are looked for
 */
export function providerItems(
  presets: readonly ProviderPreset[],
  found: readonly LocalServer[] | undefined,
): ProviderItem[] {
  const running = new Map((found ?? []).map((server) => [server.preset.id, server]));
  const item = (preset: ProviderPreset, group: string, more: string[] = []): ProviderItem => ({
    label: preset.name,
    description: [hostOf(preset.baseUrl), ...more].join(' · '),
    group,
    choice: preset,
  });
  const own = presets.filter(({ place }) => place === 'own');
  const absent = found === undefined ? 'Looking for them on this machine…' : 'Not found on this machine';
  return [
    ...own.flatMap((preset) => {
      const server = running.get(preset.id);
      return server === undefined ? [] : [item(preset, 'On this machine', [servedText(server.models)])];
    }),
    ...presets.filter(({ place }) => place === 'hosted').map((preset) => item(preset, 'With an API key')),
    {
      label: 'Another address…',
      description: 'any server that speaks the API of OpenAI',
      group: 'Others',
      choice: 'address',
    },
    {
      label: 'Models of this editor',
      description: 'such as GitHub Copilot; no key, and their cost is estimated',
      group: 'Others',
      choice: 'editor',
    },
    ...own.filter(({ id }) => !running.has(id)).map((preset) => item(preset, absent)),
  ];
}

function servedText(models: readonly OfferedModel[] | undefined): string {
  return models === undefined ? 'running, wants an API key' : `running, serves ${counted(models.length, 'model')}`;
}

/** What a provider serves, as against the models that have a price here. */
export interface PricedModels {
  /** Ids that can be planned with. */
  readonly priced: readonly string[];
  /** Ids that the provider serves and that have no price. */
  readonly missing: readonly string[];
}

/** @param known ids of the models in use that belong to the provider's address */
export function pricedModels(offered: readonly OfferedModel[], known: readonly string[]): PricedModels {
  const served = new Set(offered.map(({ id }) => id));
  const priced = new Set(known);
  return {
    priced: known.filter((id) => served.has(id)),
    missing: [...served].filter((id) => !priced.has(id)),
  };
}

/** Which models can be used, and what to do about the others; a sentence each. */
export function pricedTexts({ priced, missing }: PricedModels): string[] {
  return [
    priced.length === 0
      ? 'None of its models has a price here yet.'
      : `${counted(priced.length, 'model')} can be used: ${names(priced)}.`,
    ...(missing.length === 0
      ? []
      : [
          `Without a price, so not used: ${names(missing)}. Enter what they cost in 'solvent.models'; Solvent never guesses a price.`,
        ]),
  ];
}

/** What the editor offers, and what it costs, a sentence each. */
export function editorTexts({ models, unpriced, notes }: EditorModels): string[] {
  const prices = models
    .filter(({ id }) => !unpriced.has(id))
    .map(({ id, price }) => {
      const [input, output] = [perMillion(times(price.input, 100)), perMillion(times(price.output, 100))];
      return `${oneLine(id, 60)}: ${input} AI credits per million tokens in, ${output} out.`;
    });
  return [...(prices.length === 0 ? ['The price of none of them is known.'] : prices), ...notes];
}

/** "a, b, c and 4 more". The names come from a server. */
export function names(ids: readonly string[]): string {
  const shown = ids.slice(0, SHOWN_NAMES).map((id) => oneLine(id, 60));
  const more = ids.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

/**
 * The models of a server on this machine that run there and answer: without those that it only passes on, which are
 * billed (https://docs.ollama.com/cloud), and without those that embed text.
 */
export function usableLocally(offered: readonly OfferedModel[]): OfferedModel[] {
  return offered.filter(({ id }) => !/[:-]cloud$/i.test(id) && !/embed/i.test(id));
}

function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}
