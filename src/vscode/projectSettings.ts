import { type Inspected, SettingError } from './settingValues';

/** The settings of a project's own tests. */
export const PROJECT_SETTING = {
  command: 'solvent.testCommand',
  exclude: 'solvent.testExclude',
  include: 'solvent.testInclude',
  seconds: 'solvent.testSeconds',
  memoryMb: 'solvent.testMemoryMb',
} as const;

/** Whose settings a command is from. What a workspace says may have come with a cloned repository. */
export type CommandOwner = 'user' | 'workspace';

/** What the settings say about the project's own tests. */
export interface ProjectTestSettings {
  /** Undefined where the setting is empty. */
  readonly command: { readonly line: string; readonly owner: CommandOwner } | undefined;
  /** Patterns of what the copy leaves out, and of what it takes along although git ignores it. */
  readonly exclude: readonly string[];
  readonly include: readonly string[];
}

/** Bounds of a run of the project's tests, which the user alone sets. */
export interface ProjectTestLimits {
  /** Wall-clock seconds for a run with an answer, and for the one before anything is spent. */
  readonly runSeconds: number;
  readonly baselineSeconds: number;
  readonly memoryMb: number;
}

/** How much longer the first run may take, which may have to build first. */
const BUILDING = 2.5;

/** Characters of a command line; more could not be shown to be confirmed. */
const LONGEST_LINE = 2000;

/**
 * Reads the settings of the project's tests. A workspace may set them, because its command runs only where the user has
 * confirmed that very line, in the sandbox, over a copy.
 * @throws SettingError
 */
export function readProjectTests(command: Inspected, exclude: Inspected, include: Inspected): ProjectTestSettings {
  const { value, owner } = effective(command);
  if (typeof value !== 'string' || value.length > LONGEST_LINE || value.includes('\0')) {
    throw new SettingError(
      command.key,
      `'${command.key}' in ${owner === 'user' ? 'your' : "the workspace's"} settings must be a command line of at most ` +
        `${LONGEST_LINE} characters, such as "python3 -m pytest".`,
    );
  }
  return {
    command: value.trim() === '' ? undefined : { line: value.trim(), owner },
    exclude: readPatterns(exclude),
    include: readPatterns(include),
  };
}

/**
 * Reads the bounds of a run.
 * @param valueOf the user's value of a setting, or its default
 * @throws SettingError where a value is no whole number within its bounds
 */
export function readTestLimits(valueOf: (key: string) => unknown): ProjectTestLimits {
  const runSeconds = wholeNumber(PROJECT_SETTING.seconds, valueOf(PROJECT_SETTING.seconds), 5, 3600);
  const memoryMb = wholeNumber(PROJECT_SETTING.memoryMb, valueOf(PROJECT_SETTING.memoryMb), 256, 65_536);
  return { runSeconds, baselineSeconds: runSeconds * BUILDING, memoryMb };
}

function wholeNumber(key: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SettingError(key, `'${key}' in your settings must be a whole number from ${least} to ${most}.`);
}

function readPatterns(setting: Inspected): readonly string[] {
  const { value } = effective(setting);
  if (Array.isArray(value) && value.every((one): one is string => typeof one === 'string')) return value;
  throw new SettingError(setting.key, `'${setting.key}' must be a list of patterns, such as ["data/**", "*.mp4"].`);
}

/** The value that is nearest to the document. */
function effective(setting: Inspected): { readonly value: unknown; readonly owner: CommandOwner } {
  const { workspaceFolderValue, workspaceValue, globalValue, defaultValue } = setting;
  const ofWorkspace = workspaceFolderValue ?? workspaceValue;
  if (ofWorkspace !== undefined && ofWorkspace !== null) return { value: ofWorkspace, owner: 'workspace' };
  return { value: globalValue ?? defaultValue, owner: 'user' };
}
