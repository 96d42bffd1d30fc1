import { draw } from './recordings';

/** What can go wrong with a call, and what is billed for it all the same. */
export const FAULTS = [
  /** 429 with `retry-after`; nothing. */
  'rate limit',
  /** 500; nothing. */
  'server error',
  /** 401; nothing. */
  'rejected key',
  /** A reset in the middle of the answer; the prompt and what was sent. */
  'reset',
  /** A chunk that is no JSON in the middle of the answer; all of it. */
  'malformed chunk',
  /** A whole answer without usage; all of it. */
  'no usage',
  /** A whole answer that comes slowly; all of it. */
  'slow drip',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultPlan {
  readonly seed: number;
  /** Part of the calls that fail, 0 to 1. */
  readonly rate: number;
  /** Which faults there are; all where absent. */
  readonly kinds?: readonly Fault[];
}

/**
 * Draws faults. A fault depends on the seed, the request and how often it was made before, not on the order of requests
 * of other runs, so that a test with parallel runs repeats itself, and a retry may succeed.
 */
export class FaultDice {
  readonly #made = new Map<string, number>();

  constructor(private readonly plan: FaultPlan | undefined) {}

  /** The fault of a request, if any. */
  roll(request: string): Fault | undefined {
    if (this.plan === undefined) return undefined;
    const { seed, rate, kinds = FAULTS } = this.plan;
    const made = this.#made.get(request) ?? 0;
    this.#made.set(request, made + 1);
    const fine = 1_000_000;
    const drawn = draw(JSON.stringify([seed, made, request]), fine) / fine;
    return drawn < rate ? kinds[Math.floor((drawn / rate) * kinds.length)] : undefined;
  }
}
