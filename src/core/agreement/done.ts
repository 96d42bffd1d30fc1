import type { Outcome } from '../sandbox/verdict';

/**
 * What an answer did with a probe: an outcome, or its end. Which of the limits ends it first, what has no end of its own
 * leaves to the machine; `itself` where it ended its own process.
 */
export type Done = Outcome | { readonly kind: 'ended'; readonly by: 'limit' | 'itself' };

/** What an answer did, the same each time, by the source of the arguments; what it did otherwise is not there. */
export type Dones = ReadonlyMap<string, Done>;

/** What is known of the answers to one task that were compared before, by their code. */
export type Known = Map<string, Dones>;
