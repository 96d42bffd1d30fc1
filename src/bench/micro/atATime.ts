import { type Spread, spreadOf } from './stats';

/** How long each of many pieces of work took, wanted so many at a time without a pause, and how many there were in a second. */
export interface AtATime {
  /** ms */
  readonly took: Spread;
  readonly perSecond: number;
}

const WANTED = 8;

/** Does `work` so many times, eight at a time. */
export async function eightAtATime(times: number, work: () => Promise<unknown>): Promise<AtATime> {
  const took: number[] = [];
  const started = performance.now();
  let left = times;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const began = performance.now();
      await work();
      took.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: WANTED }, worker));
  return { took: spreadOf(took), perSecond: (times / (performance.now() - started)) * 1000 };
}
