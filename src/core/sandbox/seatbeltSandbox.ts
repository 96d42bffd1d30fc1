import { existsSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from './project/scratch';
import { SandboxError } from './sandbox';
import { SANDBOX_EXEC, seatbeltArguments } from './seatbelt';
import type { Guest, Room, SystemSandbox } from './systemSandbox';

/** What there is where the system does not have it. */
const WAYS = 'Open the folder over Remote-SSH on a Linux machine, or in a dev container.';

/**
 * macOS: Seatbelt, by its command `sandbox-exec`. It has no mounts: the scratch folder is one of the host's that is fresh
 * for each process, and everything else keeps its path. It starts no processes, see {@link seatbeltProfile}; the kernel
 * limits time, open files and the size of a file, while memory is watched from outside.
 *
 * The profile is our own. `@anthropic-ai/sandbox-runtime` 0.0.83 (Apache-2.0), whose profile serves agents that run
 * commands for a user, was weighed and not taken: it needs Node.js 22, which the oldest supported editor does not have;
 * reads are open but for what is denied; the kernel's list of processes, the key store's Mach services and directories'
 * metadata everywhere are allowed; the environment is inherited; and it starts proxies, which nothing here needs.
 */
export class SeatbeltSandbox implements SystemSandbox {
  readonly name = `Seatbelt (macOS, Darwin ${release()})`;
  readonly identities = ['own'] as const;
  /** The hostile programs have not been run on a Mac. */
  readonly proved = false;

  /**
   * @param harness directory of the harness
   * @param program path of `sandbox-exec`
   */
  constructor(
    private readonly harness: string,
    private readonly program: string,
  ) {}

  async room({ runtime, role, limits, channels, extra = [] }: Guest): Promise<Room> {
    const scratch = await realpath(await mkdtemp(join(tmpdir(), 'solvent-scratch-')));
    const harness = await realpath(this.harness);
    const place = { ...channels, harness, scratch, uid: null };
    const inside = [...runtime.command(role, place, limits), ...extra];
    return {
      command: {
        path: this.program,
        args: [...seatbeltArguments({ paths: runtime.paths, harness, scratch }), ...inside],
        // A configuration of OpenSSL that may not be read would keep Node.js from starting.
        env: { ...runtime.environment(scratch), TMPDIR: scratch, OPENSSL_CONF: '/dev/null' },
      },
      leave: () => removeTree(scratch),
    };
  }

  refusal(reason: string): SandboxError {
    return new SandboxError(`Seatbelt cannot hold generated code here: ${reason.trim()}. ${WAYS}`);
  }
}

/**
 * Finds Seatbelt.
 * @param harness directory of the harness
 * @param chosen path of `sandbox-exec`; without it, the system's own
 * @throws SandboxError where there is none
 */
export function findSeatbelt(harness: string, chosen: string | undefined): SeatbeltSandbox {
  const program = chosen ?? SANDBOX_EXEC;
  if (!existsSync(program)) {
    throw new SandboxError(`Generated code runs only in a sandbox, and there is no ${program} on this Mac. ${WAYS}`);
  }
  return new SeatbeltSandbox(harness, program);
}
