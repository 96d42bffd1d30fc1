import type { LimitStruck } from '../verdict';

/** Bounds of one run of a project's test command. */
export interface ProjectLimits {
  /** Wall-clock seconds for a run with a candidate. */
  readonly runSeconds: number;
  /** Wall-clock seconds for the run on the untouched workspace, which may have to build first. */
  readonly baselineSeconds: number;
  /** CPU seconds of all processes together, in multiples of the wall-clock seconds. */
  readonly cpuFactor: number;
  /** Private memory of all processes together, in MiB; each alone may map half as much again. */
  readonly memoryMb: number;
  /** Processes and threads that may live at once. */
  readonly processes: number;
  /** Bytes that may be printed. */
  readonly outputBytes: number;
  /** Size of one file, in MiB. */
  readonly fileMb: number;
  /** What a run may add to the disk in all, in MiB. */
  readonly diskMb: number;
  /** Files and folders that a run may add to the disk, and as many that may be in its private /tmp. */
  readonly files: number;
  /** Size of the private /tmp, in MiB. */
  readonly scratchMb: number;
}

export const DEFAULT_PROJECT_LIMITS: ProjectLimits = {
  runSeconds: 120,
  baselineSeconds: 300,
  cpuFactor: 4,
  memoryMb: 2048,
  processes: 512,
  outputBytes: 4_000_000,
  fileMb: 256,
  diskMb: 2048,
  files: 100_000,
  scratchMb: 256,
};

/** Bounds of the copy of a workspace. */
export interface CopyLimits {
  readonly files: number;
  readonly bytes: number;
}

export const DEFAULT_COPY_LIMITS: CopyLimits = { files: 20_000, bytes: 300_000_000 };

/** Which limit ended a run of the project's tests. */
export type ProjectLimit = LimitStruck | 'cpu' | 'disk' | 'files';

/** The word of a verdict that comes nearest to a limit that verdicts do not know. */
export function limitStruck(limit: ProjectLimit): LimitStruck {
  return limit === 'cpu' ? 'time' : limit === 'disk' || limit === 'files' ? 'output' : limit;
}

/** What struck, as the end of "the tests were ended: ...". */
export function limitSentence(limit: ProjectLimit, limits: ProjectLimits, seconds: number): string {
  switch (limit) {
    case 'time':
      return `they took longer than ${seconds} s`;
    case 'cpu':
      return `they used more than ${seconds * limits.cpuFactor} s of processor time`;
    case 'memory':
      return `they used more than ${limits.memoryMb} MiB of memory`;
    case 'processes':
      return `they started more than ${limits.processes} processes and threads`;
    case 'output':
      return `they printed more than ${limits.outputBytes} bytes`;
    case 'disk':
      return `they wrote more than ${limits.diskMb} MiB`;
    case 'files':
      return `they made more than ${limits.files} files and folders`;
  }
}
