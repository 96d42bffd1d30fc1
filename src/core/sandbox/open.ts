import type { Language } from '../task/task';
import { findBubblewrap } from './bubblewrap';
import { BubblewrapSandbox } from './bubblewrapSandbox';
import { nodeSource } from './nodeRuntime';
import { OsSandbox } from './osSandbox';
import { pythonSource } from './pythonRuntime';
import { type Sandbox, SandboxError } from './sandbox';

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
  /** The platform, where it is not the one that this runs on. */
  readonly platform?: NodeJS.Platform;
}

/**
 * Opens a sandbox that was seen to work.
 * @throws SandboxError that says what to install or do. There is no way to run unsandboxed.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const platform = options.platform ?? process.platform;
  if (platform !== 'linux') {
    const system = platform === 'darwin' ? 'macOS' : platform === 'win32' ? 'Windows' : platform;
    const ways = platform === 'win32' ? 'in WSL, over Remote-SSH' : 'over Remote-SSH';
    throw new SandboxError(
      `Generated code runs only in a sandbox, and the sandbox of this version is for Linux, not for ${system}. ` +
        `Open the folder ${ways} on a Linux machine, or in a dev container.`,
    );
  }
  const sandbox = new OsSandbox({
    system: new BubblewrapSandbox(
      await findBubblewrap(options.bwrap),
      options.harness,
      process.getuid?.() === 0 ? ['drop', 'namespace'] : ['namespace'],
    ),
    sources: [pythonSource(options.python), nodeSource(options.node)],
  });
  if (options.language !== undefined) await sandbox.open(options.language);
  else await openAny(sandbox);
  return sandbox;
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
