import type { CommandOwner } from './projectSettings';

/** What the user has decided for a workspace folder. */
export type Remembered =
  /** Its tests are run by this command. */
  | { readonly kind: 'command'; readonly line: string }
  /** They are not used; of a command from the settings only where it is still this one. */
  | { readonly kind: 'selection'; readonly declined?: string };

/** Where a command is from. */
export type Origin = CommandOwner | 'remembered' | 'proposed';

/** A command that the user may be asked about. */
export interface Candidate {
  readonly line: string;
  readonly origin: Origin;
  /** Why it is proposed, in a few words. */
  readonly reason?: string;
}

/** What is known before anything is asked. */
export interface Situation {
  /** From the settings. */
  readonly setting: { readonly line: string; readonly owner: CommandOwner } | undefined;
  readonly remembered: Remembered | undefined;
  /** Whether the user has confirmed exactly this line for this folder. */
  readonly isConfirmed: (line: string) => boolean;
}

/**
 * Whose tests are to decide: the task's own, the project's by a command that was confirmed, or what the user says when
 * asked. A command that was never confirmed, or is not the one that was, is always asked about.
 */
export type Decision =
  | { readonly kind: 'own' }
  | { readonly kind: 'run'; readonly command: Candidate }
  | { readonly kind: 'ask'; readonly command: Candidate }
  /** The project has to be looked at for what can be proposed. */
  | { readonly kind: 'look' };

export function decide({ setting, remembered, isConfirmed }: Situation): Decision {
  if (setting !== undefined) {
    const { line, owner } = setting;
    if (remembered?.kind === 'selection' && remembered.declined === line) return { kind: 'own' };
    const command: Candidate = { line, origin: owner };
    return { kind: isConfirmed(line) ? 'run' : 'ask', command };
  }
  if (remembered === undefined) return { kind: 'look' };
  // What was declined is not in the settings any more.
  if (remembered.kind === 'selection') return remembered.declined === undefined ? { kind: 'own' } : { kind: 'look' };
  const command: Candidate = { line: remembered.line, origin: 'remembered' };
  return { kind: isConfirmed(remembered.line) ? 'run' : 'ask', command };
}
