import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { atExit } from './atExit';

/** User settings by their full names. */
export type Settings = Readonly<Record<string, unknown>>;

/** Where one run of VS Code keeps its things. Nothing of the person who runs the tests is in these folders. */
export interface RunFolders {
  readonly home: string;
  /** Holds `User/settings.json`, and `Machine/settings.json` of a served VS Code. */
  readonly userData: string;
  readonly extensions: string;
  readonly temp: string;
}

/** The folders of one run, and one to work in. */
export interface Profile extends RunFolders {
  readonly root: string;
  /** The folder that is opened. */
  readonly workspace: string;
  /** Removes all of it. */
  readonly remove: () => Promise<void>;
}

/** A workbench that shows, fetches and saves nothing of its own accord. */
const QUIET: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'files.autoSave': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  // Text that is drawn on a canvas cannot be read.
  'terminal.integrated.gpuAcceleration': 'off',
};

/** Unix sockets end up in these folders, and their paths may have some 100 characters: so the root is short. */
const SHORT_TEMP = process.platform === 'win32' ? tmpdir() : '/tmp';

/** What a run starts with. */
export interface ProfileContent {
  /** They come on top of those of a quiet workbench. */
  readonly settings?: Settings;
  /**
   * The user's settings of scope `machine`. A desktop VS Code has them among the others; a served one, like any remote
   * window, has a file of their own for them and ignores them elsewhere.
   */
  readonly machineSettings?: Settings;
  /** Files of the workspace: text by path, the path relative and with slashes. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes the folders of one run. */
export async function createProfile(content: ProfileContent = {}): Promise<Profile> {
  const { settings = {}, machineSettings = {}, files = {} } = content;
  const root = await mkdtemp(join(SHORT_TEMP, 'sv-'));
  const forget = atExit(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const folder = (name: string): string => join(root, name);
  const profile: Profile = {
    root,
    home: folder('home'),
    userData: folder('data'),
    extensions: folder('exts'),
    temp: folder('tmp'),
    workspace: folder('ws'),
    remove: async () => {
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
      forget();
    },
  };
  for (const path of [profile.home, profile.extensions, profile.temp, profile.workspace]) await mkdir(path);
  await writeSettings(profile, 'User', { ...QUIET, ...settings, ...machineSettings });
  await writeSettings(profile, 'Machine', machineSettings);
  for (const [name, text] of Object.entries(files)) {
    const file = join(profile.workspace, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return profile;
}

/** Writes the user's settings anew; a VS Code that is open takes them up. `Machine` is for those of scope `machine`. */
export async function writeSettings(
  { userData }: Pick<RunFolders, 'userData'>,
  owner: 'User' | 'Machine',
  settings: Settings,
): Promise<void> {
  await mkdir(join(userData, owner), { recursive: true });
  await writeFile(join(userData, owner, 'settings.json'), JSON.stringify(settings, null, 2));
}
