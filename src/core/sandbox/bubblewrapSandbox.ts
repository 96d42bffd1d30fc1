import { type Bubblewrap, confined, type Identity, refusal } from './bubblewrap';
import { nobody } from './nobody';
import type { SandboxError } from './sandbox';
import type { Guest, Room, SystemSandbox } from './systemSandbox';

/** Where things lie inside. */
const INSIDE = { harness: '/harness', scratch: '/tmp' };

/** Linux: bubblewrap, whose mounts are the scratch folder, and whose end is that of all that it holds. */
export class BubblewrapSandbox implements SystemSandbox {
  readonly name: string;
  readonly proved = true;

  /**
   * @param harness directory of the harness
   * @param identities ways to become nobody, best first
   */
  constructor(
    private readonly bubblewrap: Bubblewrap,
    private readonly harness: string,
    readonly identities: readonly Identity[],
  ) {
    this.name = `bubblewrap ${bubblewrap.version}`;
  }

  room({ runtime, identity, role, limits, channels, extra = [] }: Guest): Promise<Room> {
    const view = {
      identity: identity === 'drop' ? identity : ('namespace' as const),
      paths: runtime.paths,
      placed: [[this.harness, INSIDE.harness]] as const,
      scratchMb: limits.scratchMb,
    };
    // One account for each process: neither can signal the other or use up its share of processes.
    const uid = identity === 'drop' ? nobody() : null;
    const inside = [...runtime.command(role, { ...channels, ...INSIDE, uid }, limits), ...extra];
    const command = confined(this.bubblewrap, view, inside, runtime.environment(INSIDE.scratch));
    return Promise.resolve({ command, scratch: INSIDE.scratch, leave: () => Promise.resolve() });
  }

  refusal(reason: string): SandboxError {
    return refusal(this.bubblewrap, reason);
  }
}
