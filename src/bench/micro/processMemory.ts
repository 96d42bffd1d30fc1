import { readdirSync, readFileSync } from 'node:fs';

/** Memory of processes and all that descend from them, in MiB. Linux only. */
export interface ProcessMemory {
  /** Pages that they hold, those that several hold counted for each. */
  readonly resident: number;
  /** The same, shared pages counted in shares. */
  readonly proportional: number;
}

export function memoryOf(roots: readonly number[]): ProcessMemory {
  const all = roots.flatMap((root) => [root, ...descendants(root)]);
  const sum = (name: string): number =>
    all.reduce((total, pid) => total + Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup(pid))?.[1] ?? 0), 0) /
    1024;
  return { resident: sum('Rss'), proportional: sum('Pss') };
}

function rollup(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  } catch {
    return '';
  }
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended since it was listed.
    }
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((one) => [one, ...below(one)]);
  return below(root);
}
