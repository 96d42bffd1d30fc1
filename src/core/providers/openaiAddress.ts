import type { Model } from '../catalogue/model';
import type { ChatRequest } from './chat';
import { percentEncoded } from './providerText';

/** Where and how an OpenAI-compatible server is asked. */
export interface OpenAiSettings {
  /** Address of the API, such as `https://api.openai.com/v1`; a model's own `baseUrl` wins over it. */
  readonly baseUrl: string;
  /** The key for a model; undefined where there is none, and then none is sent (local servers need none). */
  readonly key: (model: Model) => Promise<string | undefined>;
  /** Extra headers: `{runId}` stands for the task's id, percent-encoded, `{role}` for the role. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the answer may take to begin, in ms. */
  readonly firstByteMs?: number;
  /** How long an answer under way may pause, in ms. */
  readonly idleMs?: number;
  /** How long an answer may take in all, in ms. */
  readonly wholeMs?: number;
}

/** Where one request goes, and with which key and headers. */
export interface Address {
  readonly baseUrl: string;
  /** Host and port, for messages. */
  readonly host: string;
  readonly key: string | undefined;
  /** Extra headers, filled in; null takes away one that the client would send. */
  readonly headers: Readonly<Record<string, string | null>>;
  /** Values that must not appear in a message: the key and the extra headers. */
  readonly secrets: readonly string[];
}

/**
 * Fills in the address of a request. @throws Error with what is wrong, without secrets, where it could not be sent: found
 * here, it is known that nothing left.
 */
export function addressOf(
  { model, role, runId }: ChatRequest,
  settings: Omit<OpenAiSettings, 'key'>,
  givenKey: string | undefined,
): Address {
  const baseUrl = model.baseUrl ?? settings.baseUrl;
  const host = hostOf(baseUrl);
  // Pasted keys bring spaces and line ends along.
  const key = givenKey?.trim() === '' ? undefined : givenKey?.trim();
  if (key !== undefined && !isHeaderValue(key)) {
    throw new Error(`the API key for ${host} holds characters that no key has; set it again`);
  }
  // Said here as well, it is not taken from anywhere else.
  const headers: Record<string, string | null> = { authorization: key === undefined ? null : `Bearer ${key}` };
  const filled: string[] = [];
  for (const [name, template] of Object.entries(settings.headers ?? {})) {
    const value = template.replaceAll('{runId}', () => percentEncoded(runId)).replaceAll('{role}', role);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !isHeaderValue(value)) {
      throw new Error(
        `the extra header '${name}' is not one that can be sent; write 'name: value' in plain characters`,
      );
    }
    // Two of one name would both be sent, and the given one goes before the key.
    headers[name.toLowerCase()] = value;
    filled.push(value);
  }
  const secrets = [...(key === undefined ? [] : [key]), ...filled.flatMap(secretsIn)];
  return { baseUrl, host, key, headers, secrets };
}

/** What a header holds, as a whole and word by word: "Basic" and the like may stand before what is secret. */
export function secretsIn(value: string): readonly string[] {
  const words = value.split(/\s+/);
  return words.length > 1 ? [value, ...words] : words;
}

function hostOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`the base URL '${baseUrl}' is no web address; write it as https://host/v1`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(`the base URL for ${url.host} holds a user name or password; use an API key or an extra header`);
  }
  return url.host;
}

/** Visible Latin-1 characters, spaces and tabs: what HTTP takes. */
function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}
