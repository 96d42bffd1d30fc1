import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const DEFAULT_TIMEOUT_MS = 20_000;

/**
 * Reads again and again until what is read is wanted. A read that throws counts as unwanted, since parts of the
 * workbench come and go.
 * @returns the wanted value.
 * @throws when the time (ms) is over, with what was read last.
 */
export async function eventually<T>(
  what: string,
  read: () => Promise<T> | T,
  wanted: (value: T) => boolean,
  timeout: number = DEFAULT_TIMEOUT_MS,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const last = await attempt(read);
    if ('value' in last && wanted(last.value)) return last.value;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}, last was: ${JSON.stringify(last)}`);
    await sleep(POLL_MS);
  }
}

async function attempt<T>(read: () => Promise<T> | T): Promise<{ value: T } | { error: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    return { error: String(error) };
  }
}
