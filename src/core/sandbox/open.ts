import type { Language } from '../task/task';
import { findBubblewrap } from './bubblewrap';
import { BubblewrapSandbox } from './bubblewrapSandbox';
import { nodeSource } from './nodeRuntime';
import { OsSandbox } from './osSandbox';
import { pythonSource } from './pythonRuntime';
import { type Sandbox, SandboxError } from './sandbox';
import { findSeatbelt } from './seatbeltSandbox';
import type { SystemSandbox } from './systemSandbox';

/** What a caller knows and this folder must not guess. */
export interface SandboxOptions {
  /** `os`: the operating system's sandbox. `auto`: the best that is there; in this version the same. */
  readonly choice: 'auto' | 'os';
  /** The language whose tests it is opened for. Others are looked at when they are first run. */
  readonly language?: Language;
  /** Directory of the language harnesses, as the build lays it out. */
  readonly harness: string;
  /** Path of a Python interpreter; without it, `python3` on PATH. */
  readonly python?: string;
  /** Path of Node.js; without it, `node` on PATH, else the program that runs now. */
  readonly node?: string;
  /** Path of bubblewrap; without it, `bwrap` on PATH. */
  readonly bwrap?: string;
  /** Path of `sandbox-exec` on macOS; without it, the system's own. */
  readonly seatbelt?: string;
  /** The platform, where it is not the one that this runs on. */
  readonly platform?: NodeJS.Platform;
}

/**
 * Opens a sandbox that was seen to work.
 * @throws SandboxError that says what to install or do. There is no way to run unsandboxed.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const system = await findSystem(options);
  const sandbox = new OsSandbox({
    system,
    sources: [pythonSource(options.python), nodeSource(options.node, options.harness)],
  });
  if (options.language !== undefined) await sandbox.open(options.language);
  else await openAny(sandbox);
  return sandbox;
}

/** Finds the platform's own sandbox. */
async function findSystem({
  harness,
  bwrap,
  seatbelt,
  platform = process.platform,
}: SandboxOptions): Promise<SystemSandbox> {
  switch (platform) {
    case 'linux': {
      const identities = process.getuid?.() === 0 ? (['drop', 'namespace'] as const) : (['namespace'] as const);
      return new BubblewrapSandbox(await findBubblewrap(bwrap), harness, identities);
    }
    case 'darwin':
      return findSeatbelt(harness, seatbelt);
    default:
      throw new SandboxError(systemMissing(platform) ?? '');
  }
}

/**
 * Why a platform has no sandbox of its own that could be used, and what to do; undefined where it has one.
 *
 * Windows has none here. An account of its own with a filter for its connections, as `@anthropic-ai/sandbox-runtime`
 * 0.0.83 sets one up, has to be made by an administrator, cannot use interpreters that are installed for the user alone,
 * is not handed the channels that a verdict needs, and still sees the list of processes and has names resolved: less
 * than what is promised.
 */
export function systemMissing(platform: NodeJS.Platform): string | undefined {
  if (platform === 'linux' || platform === 'darwin') return undefined;
  const [why, ways] =
    platform === 'win32'
      ? ['Windows has none that a user can set up and that hides other processes and the network', 'in WSL, ']
      : [`${platform} has none that is known here`, ''];
  return (
    `Generated code runs only in a sandbox, and ${why}. Open the folder ${ways}over Remote-SSH on a Linux machine, or in a ` +
    "dev container. Python can be tested by 'wasm'."
  );
}

/** Opens the first language that there is, so that a sandbox which cannot be had is known at once. */
async function openAny(sandbox: OsSandbox): Promise<void> {
  const languages: readonly Language[] = ['python', 'javascript'];
  const problems: string[] = [];
  for (const language of languages) {
    try {
      await sandbox.open(language);
      return;
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      problems.push(error.message);
    }
  }
  throw new SandboxError([...new Set(problems)].join(' '));
}
