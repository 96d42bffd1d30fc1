import type { Mode, Profile, TopologyName } from '../plan';
import type { Role } from '../providers/message';
import type { StopReason } from '../result';
import type { Language } from '../task/task';

/** A settled call of a run. */
export interface JournalCall {
  /** Its number within the run. */
  readonly call: number;
  readonly model: string;
  readonly role: Role;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** What the completion was limited to, in tokens. */
  readonly maxTokens: number;
  /** Whether the answer came to its own end: neither cut by its limit nor on its way. */
  readonly whole: boolean;
  /** ms from reservation to the first text, and to the end. */
  readonly firstTextMs?: number;
  readonly ms: number;
}

/** A tested answer of a run. */
export interface JournalAttempt {
  readonly call: number;
  readonly model: string;
  readonly passed: number;
  readonly total: number;
  /**
   * Whether its call began before anything was known of any answer of the run. Only such answers can be compared between
   * models: later ones build on what failed, or are asked for because something passed.
   */
  readonly independent: boolean;
}

/**
 * What is kept of a finished run: numbers and names of models. No prompt, no code, no name of a task or file. Amounts in
 * USD as decimal texts.
 */
export interface JournalEntry {
  readonly version: 1;
  /** ms since the epoch, of its end. */
  readonly at: number;
  readonly language: Language;
  readonly profile: Profile;
  readonly mode: Mode;
  readonly topology: TopologyName;
  readonly stop: StopReason;
  readonly tests: number;
  /** The version of the prompts that it was made with; entries from before they had one lack it. */
  readonly prompts?: number;
  readonly seconds: number;
  readonly budgetUsd: string;
  readonly costUsd: string;
  readonly calls: readonly JournalCall[];
  readonly attempts: readonly JournalAttempt[];
}
