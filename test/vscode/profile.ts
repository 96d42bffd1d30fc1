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
  /** Holds `User/settings.json`. */
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

/** A workbench that shows and fetches nothing of its own accord. */
const QUIET: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
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
  /** Files of the workspace: text by path, the path relative and with slashes. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes the folders of one run. */
export async function createProfile({ settings = {}, files = {} }: ProfileContent = {}): Promise<Profile> {
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
  await mkdir(join(profile.userData, 'User'), { recursive: true });
  await writeFile(join(profile.userData, 'User', 'settings.json'), JSON.stringify({ ...QUIET, ...settings }, null, 2));
  for (const [name, text] of Object.entries(files)) {
    const file = join(profile.workspace, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return profile;
}
