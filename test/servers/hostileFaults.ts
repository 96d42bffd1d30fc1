import { draw } from './recordings';

/**
 * What goes wrong with a call to a provider that keeps its word: it honours max_tokens, and bills what it says, or what
 * any client knows to be billed. After each, what is billed.
 */
export const HONEST_FAULTS = [
  /** 429 with `retry-after`; nothing. */
  'rate limit',
  /** 429 that names no time; nothing. */
  'rate limit without a time',
  /** 500; nothing. One that bills all the same is among the lies. */
  'server error',
  /** 401; nothing. */
  'rejected key',
  /** 502 or 504 of a gateway behind which the answer was written; all of it. */
  'gateway error',
  /** A reset anywhere, from before the first byte to before the last; the prompt and what was sent. */
  'reset',
  /** A stream that ends anywhere before its end, in good order but without its last words; the prompt and what was sent. */
  'early end',
  /** Something that is no chunk, anywhere in the answer; all of it. */
  'malformed chunk',
  /** An answer in one piece, as from a server that does not stream, broken off anywhere; all of it. */
  'malformed answer',
  /** A whole answer without usage; all of it. */
  'no usage',
  /** A whole answer, its usage sent twice; all of it, once. */
  'repeated usage',
  /** A whole answer with usage in every chunk, each for all so far; all of it, once. */
  'growing usage',
  /** A whole answer that comes slowly; all of it. */
  'slow drip',
  /** A whole answer, character by character; all of it. */
  'single characters',
  /** A whole answer, streamed or not, with its price in `x-litellm-response-cost`, below that of the list; that price. */
  'cost in headers',
  /** A whole answer with a price of 0 in its headers, which left before there was one; all of it at the list's price. */
  'empty cost in headers',
  /** A whole answer with its price in `usage.cost`, below that of the list; that price. */
  'cost in usage',
] as const;
export type HonestFault = (typeof HONEST_FAULTS)[number];

/** Honest faults after which a client cannot know what was billed. */
export const LEAVES_UNKNOWN: ReadonlySet<string> = new Set<HonestFault>([
  'gateway error',
  'reset',
  'early end',
  'malformed chunk',
  'malformed answer',
]);

/** What a provider that does not keep its word does. After each, what is billed. */
export const LIES = [
  /** All is sent, a third of it reported; what was sent. */
  'usage below answer',
  /** One token more than max_tokens is sent and reported; that. */
  'one token over',
  /** Ten times max_tokens are sent and reported; what was sent. */
  'ten times over',
  /** Twice max_tokens are sent, max_tokens reported; what was sent. */
  'over in secret',
  /** An answer without an end, as fast as the connection takes it; what was sent. */
  'never-ending',
  /** The same, but of reasoning that is streamed beside the answer, which never begins; what was sent. */
  'never-ending thoughts',
  /** As many tokens as max_tokens allows are reported, fewer sent: hidden reasoning looks the same; what was reported. */
  'usage above answer',
  /** Three times max_tokens are reported, an allowed answer sent; what was reported. */
  'usage above limit',
  /** Ten times the tokens of the prompt are reported; what was reported. */
  'prompt above bound',
  /** `usage.cost` is ten times the most that the call may cost; that. */
  'cost above limit',
  /** A negative number of tokens is reported; what was sent. */
  'negative count',
  /** NaN, a word, or more than can be counted is reported in place of a number of tokens; what was sent. */
  'impossible count',
  /** 10^15 tokens are reported; what was sent. */
  'huge count',
  /** A negative price, in `usage.cost` or in the headers; what was sent. */
  'negative cost',
  /** 500, by which every client knows that nothing is billed; a whole answer. Nobody can see this lie before the invoice. */
  'billed error',
] as const;
export type Lie = (typeof LIES)[number];

export type Fault = HonestFault | Lie;

/** Whole numbers that one call draws, the same whenever it is repeated: from 0 to below `count`, by what they are for. */
export type Luck = (what: string, count: number) => number;

/** What fate has for one call. */
export interface Fate {
  readonly fault: Fault | undefined;
  readonly luck: Luck;
}

/** Decides what goes wrong with a call; `request` is all that it is asked by. */
export type Fates = (request: string) => Fate;

export interface FaultPlan {
  readonly seed: number;
  /** Part of the calls that fail, 0 to 1. */
  readonly rate: number;
  /** Which faults there are, each as likely as the others; the honest ones where absent. */
  readonly kinds?: readonly Fault[];
}

/** Nothing goes wrong. */
export const NO_FAULTS: FaultPlan = { seed: 0, rate: 0 };

const FINE = 1_000_000;

/**
 * Draws faults. A fault depends on the seed, the request and how often it was made before, not on the order of requests
 * of other runs, so that a test with parallel runs repeats itself, and a retry may succeed.
 */
export function drawnFates({ seed, rate, kinds = HONEST_FAULTS }: FaultPlan): Fates {
  const made = new Map<string, number>();
  return (request) => {
    const before = made.get(request) ?? 0;
    made.set(request, before + 1);
    const luck: Luck = (what, count) => draw(JSON.stringify([seed, before, what, request]), count);
    const drawn = luck('fault', FINE) / FINE;
    return { fault: drawn < rate ? kinds[Math.floor((drawn / rate) * kinds.length)] : undefined, luck };
  };
}

/** Commits these faults, one call after the other, and none after the last. */
export function scriptedFates(faults: readonly (Fault | undefined)[], seed = 0): Fates {
  let call = 0;
  return () => {
    const at = call++;
    return { fault: faults[at], luck: (what, count) => draw(JSON.stringify([seed, at, what]), count) };
  };
}
