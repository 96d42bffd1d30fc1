/** Median and 95th percentile of samples, in the samples' unit. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { p50: at(0.5), p95: at(0.95) };
}

/** Times `work` `runs` times after `warm` runs that do not count; ms each. */
export async function timed(runs: number, warm: number, work: () => Promise<unknown>): Promise<number[]> {
  for (let run = 0; run < warm; run++) await work();
  const samples: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    samples.push(performance.now() - started);
  }
  return samples;
}
