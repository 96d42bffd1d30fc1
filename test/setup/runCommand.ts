import { spawn } from 'node:child_process';

/** Where and how a set-up command runs. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the command counts as failed. */
  readonly timeout: number;
}

/** Characters of output kept for an error message. */
const KEPT_OUTPUT = 4000;

/**
 * Runs a command without a terminal or input.
 * @throws when it fails or takes too long, with the end of its output.
 */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeout,
  });
  let output = '';
  const keep = (text: Buffer): void => {
    output = (output + text.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const failure = await new Promise<string | undefined>((done) => {
    child.once('error', (error) => {
      done(error.message);
    });
    child.once('close', (code, signal) => {
      done(code === 0 ? undefined : `ended with ${signal ?? String(code)}`);
    });
  });
  if (failure !== undefined) throw new Error(`${command} ${args.join(' ')}: ${failure}\n${output.trim()}`);
}
