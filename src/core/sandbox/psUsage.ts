import { execFile } from 'node:child_process';
import type { Usage } from './usage';

const KIB = 1024;

/**
 * What processes use, by `ps`, where the kernel has no files that tell. Threads are not told apart, nor are children
 * counted: where this is used, no process starts another.
 * @returns one for each process that is there
 */
export async function usagesByPs(pids: readonly number[]): Promise<Usage[]> {
  const args = ['-o', 'rss=', '-o', 'time=', '-p', pids.join(',')];
  const output = await new Promise<string>((resolve) => {
    // It fails where a process has ended, and tells of the others all the same.
    execFile('/bin/ps', args, { env: { LC_ALL: 'C' }, timeout: 5_000 }, (_, stdout) => {
      resolve(stdout);
    });
  });
  return output.split('\n').flatMap((line) => {
    const [rss, time] = line.trim().split(/\s+/);
    return rss === undefined || time === undefined
      ? []
      : { memory: Number(rss) * KIB, tasks: 1, cpuSeconds: secondsOf(time), share: 0 };
  });
}

/** Seconds of `[days-][hours:]minutes:seconds`, as Linux and macOS write it; macOS adds hundredths. */
export function secondsOf(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}
