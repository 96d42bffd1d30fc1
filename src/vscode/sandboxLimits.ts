import type { Limits } from '../core/sandbox/verdict';
import { SettingError } from './settingValues';

/** A limit of the sandbox as a setting: what it is measured in, and what it may be. */
export interface LimitSetting {
  /** The full name, such as `solvent.sandbox.memoryMb`. */
  readonly key: string;
  readonly minimum: number;
  readonly maximum: number;
  /** What one of the setting's unit is in the unit of {@link Limits}. */
  readonly factor: number;
}

/**
 * The limits of the sandbox that have a setting. Below the minimum no interpreter starts; above the maximum nothing would
 * be limited any more.
 */
export const LIMIT_SETTINGS = {
  testSeconds: { key: 'solvent.sandbox.testSeconds', minimum: 1, maximum: 600, factor: 1 },
  runSeconds: { key: 'solvent.sandbox.runSeconds', minimum: 1, maximum: 3600, factor: 1 },
  cpuSeconds: { key: 'solvent.sandbox.cpuSeconds', minimum: 1, maximum: 3600, factor: 1 },
  memoryMb: { key: 'solvent.sandbox.memoryMb', minimum: 128, maximum: 16384, factor: 1 },
  processes: { key: 'solvent.sandbox.processes', minimum: 16, maximum: 1024, factor: 1 },
  outputBytes: { key: 'solvent.sandbox.outputKb', minimum: 1, maximum: 100_000, factor: 1000 },
  scratchMb: { key: 'solvent.sandbox.scratchMb', minimum: 1, maximum: 4096, factor: 1 },
  scratchFiles: { key: 'solvent.sandbox.scratchFiles', minimum: 100, maximum: 1_000_000, factor: 1 },
  fileMb: { key: 'solvent.sandbox.fileMb', minimum: 1, maximum: 4096, factor: 1 },
} as const satisfies Record<keyof Limits, LimitSetting>;

const NAMES = Object.keys(LIMIT_SETTINGS) as readonly (keyof Limits)[];

/**
 * Reads the limits from their settings.
 * @param valueOf the user's value of a setting, or its default
 * @throws SettingError where a value is no whole number within its bounds
 */
export function readLimits(valueOf: (key: string) => unknown): Limits {
  const read = NAMES.map((name) => {
    const { key, minimum, maximum, factor } = LIMIT_SETTINGS[name];
    const value = valueOf(key);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
      throw new SettingError(
        key,
        `'${key}' in your settings must be a whole number from ${minimum} to ${maximum}. No test runs until it is mended.`,
      );
    }
    return [name, value * factor] as const;
  });
  return Object.fromEntries(read) as unknown as Limits;
}
