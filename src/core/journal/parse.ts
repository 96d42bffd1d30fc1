import { MODES, PROFILES, TOPOLOGIES } from '../plan';
import { ROLES } from '../providers/message';
import type { JournalAttempt, JournalCall, JournalEntry } from './entry';

const LANGUAGES = ['python', 'javascript', 'typescript'] as const;

/** The entry in a line of the journal; undefined where there is none that this version can read. */
export function parseEntry(line: string): JournalEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isEntry(value) ? value : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function isEntry(value: unknown): value is JournalEntry {
  return (
    isFields(value) &&
    value['version'] === 1 &&
    areCounts(value, 'at', 'tests', 'seconds') &&
    (value['prompts'] === undefined || areCounts(value, 'prompts')) &&
    oneOf(LANGUAGES, value['language']) &&
    oneOf(PROFILES, value['profile']) &&
    oneOf(MODES, value['mode']) &&
    oneOf(TOPOLOGIES, value['topology']) &&
    areTexts(value, 'stop', 'budgetUsd', 'costUsd') &&
    areAll(value['calls'], isCall) &&
    areAll(value['attempts'], isAttempt)
  );
}

function isCall(value: unknown): value is JournalCall {
  return (
    isFields(value) &&
    areCounts(value, 'call', 'promptTokens', 'completionTokens', 'maxTokens', 'ms') &&
    (value['firstTextMs'] === undefined || areCounts(value, 'firstTextMs')) &&
    areTexts(value, 'model') &&
    oneOf(ROLES, value['role']) &&
    typeof value['whole'] === 'boolean'
  );
}

function isAttempt(value: unknown): value is JournalAttempt {
  return (
    isFields(value) &&
    areCounts(value, 'call', 'passed', 'total') &&
    areTexts(value, 'model') &&
    typeof value['independent'] === 'boolean'
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areCounts(value: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => {
    const count = value[name];
    return typeof count === 'number' && Number.isFinite(count) && count >= 0;
  });
}

function areTexts(value: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

function areAll<T>(value: unknown, is: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function oneOf<T extends string>(known: readonly T[], value: unknown): value is T {
  return known.some((one) => one === value);
}
