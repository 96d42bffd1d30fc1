import { readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';

/** From this kernel on the limit on processes counts those of the sandbox's own user namespace only. */
const COUNTS_APART = [5, 14] as const;

/** Processes and threads of this account that an older kernel counts along with those of the sandbox. */
export function tasksOutside(): number {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  if (major > COUNTS_APART[0] || (major === COUNTS_APART[0] && minor >= COUNTS_APART[1])) return 0;
  const uid = String(process.getuid?.() ?? 0);
  let tasks = 0;
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      if (/^Uid:\s+(\d+)/m.exec(status)?.[1] !== uid) continue;
      tasks += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 1);
    } catch {
      // It ended while it was looked at.
    }
  }
  return tasks;
}
