import { text } from 'node:stream/consumers';
import { type Command, startCommand } from './command';

/** How long a command may take, in ms. */
const LONGEST = 20_000;

/** Runs a command to its end, for at most 20 s. `text` is what it said: its errors where there are any, else its output. */
export async function execute(command: Command): Promise<{ failed: boolean; text: string }> {
  const child = startCommand(command, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST });
  const { stdout, stderr } = child;
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (status, signal) => {
      resolve(status === 0 ? undefined : `it ended with ${signal ?? `status ${status ?? '?'}`}`);
    });
  });
  const [said, errors] = await Promise.all([stdout, stderr].map((stream) => (stream === null ? '' : text(stream))));
  const failure = await ended;
  return { failed: failure !== undefined, text: errors?.trim() || said?.trim() || (failure ?? '') };
}
