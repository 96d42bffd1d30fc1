import { findBubblewrap, refusal, type Bubblewrap, type Identity } from './bubblewrap';
import { OsSandbox } from './osSandbox';
import { resolveInterpreter } from './python';
import { type Sandbox, SandboxError } from './sandbox';

/** What a caller knows and this folder must not guess. */
export interface SandboxOptions {
  /** `os`: the operating system's sandbox. `auto`: the best that is there; in this version the same. */
  readonly choice: 'auto' | 'os';
  /** Directory of the Python harness, as the build lays it out. */
  readonly harness: string;
  /** Path of a Python interpreter; without it, `python3` on PATH. */
  readonly python?: string;
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
  const [bubblewrap, python] = await Promise.all([findBubblewrap(options.bwrap), resolveInterpreter(options.python)]);
  return firstThatWorks(bubblewrap, (identity) => {
    return new OsSandbox({ bubblewrap, python, harness: options.harness, identity });
  });
}

async function firstThatWorks(bubblewrap: Bubblewrap, make: (identity: Identity) => OsSandbox): Promise<Sandbox> {
  const identities: readonly Identity[] = process.getuid?.() === 0 ? ['drop', 'namespace'] : ['namespace'];
  let reason = '';
  for (const identity of identities) {
    const sandbox = make(identity);
    const failure = await sandbox.probe();
    if (failure === undefined) return sandbox;
    reason = failure;
  }
  throw refusal(bubblewrap, reason);
}
