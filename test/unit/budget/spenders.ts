import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Orders } from './orders';

/** A step that a process has told: `reserved`, `sent`, `settled`..., the call's id, and what it was settled at. */
export interface Told {
  readonly step: string;
  readonly id: string;
  readonly more: string;
}

/** A spending process, with what it has told so far. */
export interface Spender {
  readonly child: ChildProcess;
  readonly told: readonly Told[];
  /** Resolves when it is gone, and all that it told is in `told`. */
  readonly gone: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts a spending process. @param program the bundle of spender.ts */
export function startSpender(
  program: string,
  orders: Orders,
  onStep: (told: Told, spender: Spender) => void = () => undefined,
): Spender {
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: Told[] = [];
  const lines = createInterface({ input: child.stdout });
  const read = once(lines, 'close');
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const gone = Promise.all([exit, read]).then(([[code, signal]]) => ({ code, signal }));
  const spender: Spender = { child, told, gone };
  lines.on('line', (line) => {
    const [step = '', id = '', ...more] = line.split(' ');
    const one: Told = { step, id, more: more.join(' ') };
    told.push(one);
    onStep(one, spender);
  });
  return spender;
}
