import { isTrustworthy } from '../core/catalogue/download';
import { limitUsd, type Money } from '../core/money';
import { type Mode, MODES, PROFILES, type Profile, TOPOLOGIES, type TopologyName } from '../core/plan';
import { CommandError } from './exitCode';

/** A header that is sent with each call. `{runId}` and `{role}` in the value are filled in by the provider. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** Which sandbox to use; `auto` takes the best that there is, and is never "none". */
export type SandboxChoice = (typeof SANDBOXES)[number];

const STRATEGIES = ['bamas', 'agentbalance', 'corl'] as const;
const SANDBOXES = ['auto', 'os', 'wasm'] as const;
const TOPOLOGY_CHOICES = ['auto', ...TOPOLOGIES] as const;

export function readBudget(text: string): Money {
  const budget = readUsd('budget', text);
  if (budget <= 0n) throw new CommandError(`--budget must be more than 0: write an amount of USD such as 0.002.`);
  return budget;
}

/** A limit in USD; 0 is one. */
export function readUsd(option: string, text: string): Money {
  try {
    return limitUsd(text);
  } catch {
    throw new CommandError(`--${option} must be an amount of USD such as 0.002, but is '${text}'.`);
  }
}

/** @param most the largest that makes sense, to catch slips */
export function readCount(option: string, text: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new CommandError(`--${option} must be a whole number from 1 to ${most}, but is '${text}'.`);
}

export function readSeed(text: string): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new CommandError(`--seed must be a whole number such as 7, but is '${text}'.`);
}

/** A time in seconds; timers cannot wait longer than 2^31 - 1 ms. */
export function readSeconds(option: string, text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= 2_000_000) return value;
  throw new CommandError(`--${option} must be a number of seconds such as 60, but is '${text}'.`);
}

export function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== '')) {
    throw new CommandError(`--base-url must not hold a name or password: put the key into the environment.`);
  }
  if (url !== undefined && /^https?:$/.test(url.protocol)) return text;
  throw new CommandError(`--base-url must start with http:// or https://, but is '${text}'.`);
}

/** Where prices come from decides what is admitted, so nobody on the way may change them. */
export function readPricesUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && url.username + url.password === '' && isTrustworthy(url)) return text;
  throw new CommandError('--from must start with https://, or with http:// for a server on this machine.');
}

export function readHeader(text: string): Header {
  const match = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*?)\s*$/.exec(text);
  const [, name, value] = match ?? [];
  // Header values travel as Latin-1; line breaks in them would smuggle in further headers.
  if (name !== undefined && value !== undefined && /^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) return { name, value };
  // What it holds may be a key.
  throw new CommandError(`--header must read 'name: value' on one line, in plain characters.`);
}

export function readEnvName(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text;
  // Who passes the key itself here must not find it repeated on the screen.
  throw new CommandError(`--api-key-env must be the name of an environment variable, such as OPENAI_API_KEY.`);
}

export function readStrategy(text: string): 'bamas' {
  const strategy = oneOf('strategy', text, STRATEGIES, ['bamas']);
  return strategy === 'bamas' ? strategy : later('strategy', strategy, ['bamas']);
}

export function readTopology(text: string): TopologyName | 'auto' {
  return oneOf('topology', text, TOPOLOGY_CHOICES, TOPOLOGY_CHOICES);
}

export function readProfile(text: string): Profile {
  return oneOf('profile', text, PROFILES, PROFILES);
}

export function readMode(text: string): Mode {
  return oneOf('mode', text, MODES, MODES);
}

export function readSandbox(text: string): SandboxChoice {
  return oneOf('sandbox', text, SANDBOXES, SANDBOXES);
}

function oneOf<T extends string>(option: string, text: string, known: readonly T[], here: readonly T[]): T {
  const found = known.find((name) => name === text);
  if (found !== undefined) return found;
  throw new CommandError(`--${option} must be ${alternatives(here)}, but is '${text}'.`);
}

function later(option: string, value: string, here: readonly string[]): never {
  throw new CommandError(`--${option} ${value} comes with a later version: use ${alternatives(here)}.`);
}

function alternatives(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
