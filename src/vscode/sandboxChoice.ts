import { isAbsolute } from 'node:path';
import { SettingError } from './settingValues';

/** Sandboxes that the user may ask for. */
export const BACKENDS = ['auto', 'os', 'wasm'] as const;

/** Which sandbox tests run in, and with which interpreters. */
export interface SandboxChoice {
  readonly choice: (typeof BACKENDS)[number];
  /** Absolute path of a Python interpreter, or its name on the PATH; without it, `python3` there. */
  readonly python?: string;
  /** Absolute path of Node.js, or its name on the PATH; without it, `node` there, else the editor's own. */
  readonly node?: string;
}

/**
 * Reads the name of a sandbox.
 * @param key the full name of the setting
 * @throws SettingError
 */
export function readBackend(key: string, value: unknown): SandboxChoice['choice'] {
  const choice = BACKENDS.find((name) => name === value);
  if (choice !== undefined) return choice;
  throw wrong(key, `must be one of ${BACKENDS.join(', ')}`);
}

/**
 * Reads which program is to run tests; undefined where none is named. A relative path would be looked up in whatever
 * folder the editor happens to run in.
 * @param key the full name of the setting
 * @param what the program, such as "a Python interpreter"
 * @throws SettingError
 */
export function readProgram(key: string, value: unknown, what: string): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string' && (isAbsolute(value) || /^[^\s/\\~][^/\\]*$/.test(value))) return value;
  throw wrong(key, `must be the absolute path of ${what}, or the name of one on the PATH`);
}

function wrong(key: string, what: string): SettingError {
  return new SettingError(key, `'${key}' in your settings ${what}. No test runs until it is mended.`);
}
