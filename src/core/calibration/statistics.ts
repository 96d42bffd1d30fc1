/** The smallest of the values that at least a share of them do not exceed (nearest rank). @param sorted ascending, not empty */
export function quantile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[Math.min(rank, sorted.length) - 1] ?? 0;
}

/** The middle value. @param values in any order, not empty */
export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** How often something held, with its uncertainty. */
export interface Rate {
  readonly held: number;
  readonly of: number;
  /** Bounds that the true rate lies between in 95 of 100 cases (E. B. Wilson, JASA 22, 1927). */
  readonly low: number;
  readonly high: number;
}

/** 97.5 % of a normal distribution lie below this. */
const Z = 1.959964;

export function rate(held: number, of: number): Rate {
  if (of === 0) return { held, of, low: 0, high: 1 };
  const p = held / of;
  const z2 = Z * Z;
  const centre = p + z2 / (2 * of);
  const half = Z * Math.sqrt((p * (1 - p) + z2 / (4 * of)) / of);
  const bound = (value: number): number => Math.min(1, Math.max(0, value / (1 + z2 / of)));
  return { held, of, low: bound(centre - half), high: bound(centre + half) };
}

/**
 * The chance that two things that are equally good differ at least so far in favour of the first (Fisher's exact test,
 * one-sided).
 */
export function chanceOfLead(first: Pick<Rate, 'held' | 'of'>, second: Pick<Rate, 'held' | 'of'>): number {
  const all = first.of + second.of;
  const held = first.held + second.held;
  let chance = 0;
  for (let count = first.held; count <= Math.min(held, first.of); count++) {
    if (held - count > second.of) continue;
    chance += Math.exp(logChoose(held, count) + logChoose(all - held, first.of - count) - logChoose(all, first.of));
  }
  return Math.min(1, chance);
}

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
