import type { Model } from '../core/catalogue/model';
import { SettingError } from './settingValues';

/** OpenAI's own address: the only one that the key in OPENAI_API_KEY is sent to. */
export const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

/**
 * Reads the address of an API.
 * @param setting the full name of the setting that holds it
 * @param name what it is called in a message
 * @throws SettingError where it is no http address, or carries a name and password
 */
export function readBaseUrl(value: unknown, setting: string, name = `'${setting}'`): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') return DEFAULT_BASE_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new SettingError(setting, `${name} must be whole, such as ${DEFAULT_BASE_URL}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new SettingError(setting, `${name} must not hold a name or password: use "Solvent: Set API Key".`);
  }
  return text.replace(/\/+$/, '');
}

/** Scheme, host and port: what a key belongs to. */
export function originOf(baseUrl: string): string {
  return new URL(baseUrl).origin;
}

/** Host and port, for people. */
export function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}

/** The servers of a model list, the provider's own first, each origin once. */
export function serversOf(baseUrl: string, models: readonly Pick<Model, 'baseUrl'>[]): string[] {
  const all = [baseUrl, ...models.flatMap((model) => (model.baseUrl === undefined ? [] : [model.baseUrl]))];
  return [...new Map(all.map((server) => [originOf(server), server])).values()];
}
