import { once } from 'node:events';
import { startCommand } from './command';
import { killTree, namespacesOf } from './processTree';
import { SandboxError } from './sandbox';
import type { Guest, SystemSandbox } from './systemSandbox';
import { makeAims } from './trialAims';
import { DEFAULT_LIMITS } from './verdict';

/** A process that only has to show something: who, as whom, and to do what. */
export type Visitor = Pick<Guest, 'runtime' | 'identity' | 'role' | 'extra'>;

/** What came of a visit. */
export interface Visit {
  readonly failed: boolean;
  /** What it said: its errors where it failed, else its output. */
  readonly text: string;
  /** Whether something that it started was still there after its end. */
  readonly haunted: boolean;
}

/** How long a visit may take, in ms. */
const LONGEST = 20_000;
/** How long all that was in a room may take to vanish after it was ended, in ms. */
const GRACE = 5_000;

/** What no tested code may do, by the names that the programs of the harness have for it. */
export const ATTEMPTS: Readonly<Record<string, string>> = {
  home: 'read a file in the home folder',
  names: 'see the names of files in the home folder',
  outside: 'read a file of another program',
  write: 'write outside of its scratch folder',
  harness: 'change the program that it is judged by',
  tcp: 'reach a server on this machine',
  udp: 'send a datagram on this machine',
  unix: 'reach a server by a socket in the file system',
  environment: "see this program's environment",
  descriptor: 'read from a file that this program has open',
  processes: 'see other processes',
  signal: 'signal other processes',
  remain: 'leave a process behind',
};

interface Told {
  readonly tried: readonly string[];
  readonly done: readonly string[];
  readonly kept: boolean;
}

/** Lets one process into a room of its own, and waits until all of it is gone. */
export async function visit(system: SystemSandbox, visitor: Visitor): Promise<Visit> {
  // Descriptors above the channel are closed: standing for it, the last output stays open to say what went wrong.
  const room = await system.room({ ...visitor, limits: DEFAULT_LIMITS, channels: { rpc: 2 } });
  const child = startCommand(room.command, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, timeout: LONGEST });
  const said = { output: '', errors: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.errors += chunk.toString()));
  const closed = once(child, 'close').then(() => true);
  try {
    const failure = await new Promise<string | undefined>((resolve) => {
      child.once('error', ({ message }) => {
        resolve(message);
      });
      child.once('exit', (status, signal) => {
        resolve(status === 0 ? undefined : `it ended with ${signal ?? `status ${status ?? '?'}`}`);
      });
    });
    killTree(child, namespacesOf(child));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, GRACE, false)));
    const gone = child.pid === undefined || (await Promise.race([closed, late]));
    clearTimeout(timer);
    const text = [said.errors.trim(), said.output.trim(), failure].find((one) => one !== '');
    return { failed: failure !== undefined, text: text ?? '', haunted: !gone };
  } finally {
    closed.catch(() => undefined);
    child.stdout?.destroy();
    child.stderr?.destroy();
    await room.leave();
  }
}

/**
 * Has a program of our own try to get out of a sandbox, with all that there is to know of what lies outside.
 * @returns what it could do, in words that follow "it could"; empty where the sandbox holds
 * @throws SandboxError where the program could not be run, so that nothing is known
 */
export async function breaches(system: SystemSandbox, visitor: Omit<Visitor, 'role' | 'extra'>): Promise<string[]> {
  const aims = await makeAims(visitor.runtime);
  try {
    const extra = [JSON.stringify(aims.aims)];
    const { failed, text, haunted } = await visit(system, { ...visitor, role: 'trial', extra });
    const { tried, done, kept } = failed ? unknown(text) : told(text);
    if (!kept) throw new SandboxError('a program cannot write in its own scratch folder there');
    const untried = Object.keys(ATTEMPTS).filter((name) => !tried.includes(name));
    if (untried.length > 0)
      throw new SandboxError(`it was not tried whether a program can ${untried.join(', ')} there`);
    const seen = [...done, ...(await aims.traces()), ...(haunted ? ['remain'] : [])];
    return Object.entries(ATTEMPTS).flatMap(([name, words]) => (seen.includes(name) ? [words] : []));
  } finally {
    await aims.remove();
  }
}

/**
 * Makes sure that nothing gets out of a sandbox that the project has not put its hostile programs before.
 * @throws SandboxError with what a program could do
 */
export async function prove(system: SystemSandbox, visitor: Omit<Visitor, 'role' | 'extra'>): Promise<void> {
  const could = await breaches(system, visitor).catch((error: unknown) => {
    if (!(error instanceof SandboxError)) throw error;
    throw system.refusal(error.message);
  });
  if (could.length > 0) throw system.refusal(`when it was tried, a program in it could ${could.join(', ')}`);
}

function told(text: string): Told {
  try {
    const value = JSON.parse(text) as Partial<Told>;
    if (Array.isArray(value.tried) && Array.isArray(value.done)) return { kept: false, ...value } as Told;
  } catch {
    // What was said instead, says why.
  }
  return unknown(text);
}

function unknown(text: string): never {
  throw new SandboxError(`the program that tries to get out of it does not run: ${text.slice(0, 500)}`);
}
