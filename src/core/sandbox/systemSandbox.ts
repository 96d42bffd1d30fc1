import type { Identity as BubblewrapIdentity } from './bubblewrap';
import type { Command } from './command';
import type { Channels, Role, Runtime } from './runtime';
import type { SandboxError } from './sandbox';
import type { Limits } from './verdict';

/** How a process comes to run as nobody; `own`: it stays the user's own account, and that gives it no rights. */
export type Identity = BubblewrapIdentity | 'own';

/** One process that is to be closed in. */
export interface Guest {
  readonly runtime: Runtime;
  readonly identity: Identity;
  readonly role: Role;
  readonly limits: Limits;
  readonly channels: Channels;
  /** Further arguments of its program. */
  readonly extra?: readonly string[];
}

/** Where one process runs, closed in. */
export interface Room {
  readonly command: Command;
  /** Path of its scratch folder, as it sees it, where that is a file system of its own. */
  readonly scratch?: string;
  /** Clears away what was made for it, once it has ended. */
  readonly leave: () => Promise<void>;
}

/**
 * What an operating system closes a process in with: nothing of the file system but a fresh scratch folder can be written,
 * of what can be read there is the interpreter and the system, and there are no network, no environment, no descriptors
 * but those of its channels, and no other processes.
 */
export interface SystemSandbox {
  /** Such as "bubblewrap 0.8.0". */
  readonly name: string;
  /** Ways to become nobody, best first. */
  readonly identities: readonly Identity[];
  /**
   * Whether the project has put its hostile programs before it. One that has not is tried out by {@link provedBy} before
   * anything runs in it.
   */
  readonly proved: boolean;
  /** Makes room for one process. */
  room(guest: Guest): Promise<Room>;
  /** What to tell a user on whose machine it does not work. */
  refusal(reason: string): SandboxError;
}
