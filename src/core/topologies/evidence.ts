import { type Attempt, type Crew, isProven } from '../agents/crew';
import type { Mode } from '../plan';
import type { EvidenceEnd, StopReason } from '../result';
import { SandboxError } from '../sandbox/sandbox';
import { balanced, BALANCED_OPINIONS } from './balanced';
import { thorough, THOROUGH_OPINIONS } from './thorough';

/** Calls that a mode adds to a run at most. */
export const MOST_OPINIONS: Readonly<Record<Mode, number>> = {
  frugal: 0,
  balanced: BALANCED_OPINIONS + 1,
  thorough: THOROUGH_OPINIONS + 1,
};

/** What the evidence came to. */
export interface Confirmed {
  readonly stop: StopReason;
  /** Why no more of it was bought. */
  readonly end: EvidenceEnd;
}

/**
 * A pass on the visible tests is not yet proof: buys evidence for the answer that a topology ended with, as the mode
 * says, and resolves with how the run stops. Opinions are answers to the task alone, written without sight of any other;
 * what counts is what they do on inputs near those of the tests. None is bought where it could not change anything, and
 * why no more were is told as an event. Whatever comes of it, and whatever fails or is cancelled on the way, the run ends
 * with an answer that passes the visible tests.
 */
export async function confirm(crew: Crew, mode: Mode): Promise<StopReason> {
  const { best } = crew;
  if (mode === 'frugal' || best === undefined || !isProven(best)) return 'solved';
  const { stop, end } = await confirmed(crew, mode, best);
  crew.endEvidence(end);
  return stop;
}

async function confirmed(crew: Crew, mode: Exclude<Mode, 'frugal'>, best: Attempt): Promise<Confirmed> {
  try {
    if (!(await crew.canCompare())) return { stop: 'solved', end: 'no inputs' };
    if (!(await crew.isSteady(best))) return { stop: 'solved', end: 'no telling inputs' };
    return await (mode === 'balanced' ? balanced(crew, best) : thorough(crew, best));
  } catch (error) {
    if (error instanceof SandboxError || crew.isCancelled) return { stop: 'solved', end: 'interrupted' };
    throw error;
  }
}
