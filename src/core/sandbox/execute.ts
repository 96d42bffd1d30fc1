import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Command, startCommand } from './command';

/** How long a command may take, in ms. */
const LONGEST = 20_000;

/** Runs a command to its end, for at most 20 s. `text` is what it said: its errors where there are any, else its output. */
export async function execute(command: Command): Promise<{ failed: boolean; text: string }> {
  const child = startCommand(command, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (status, signal) => {
      resolve(status === 0 ? undefined : `it ended with ${signal ?? `status ${status ?? '?'}`}`);
    });
  });
  const words = await Promise.all([saidOn(child.stderr), saidOn(child.stdout)]);
  const failure = await ended;
  return { failed: failure !== undefined, text: words.find((said) => said !== '') ?? failure ?? '' };
}

async function saidOn(stream: Readable | null): Promise<string> {
  return stream === null ? '' : (await text(stream)).trim();
}
