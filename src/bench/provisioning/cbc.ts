import { spawn } from 'node:child_process';
import path from 'node:path';
import type { FloatProgram } from './floats';
import type { IntegerProgram } from './program';

/** What PuLP and CBC made of a program: time to build and to solve it in ms, and instances by tier, null where none. */
export interface CbcAnswer {
  readonly ms: number;
  readonly counts: readonly number[] | null;
}

/** A program with its floating-point form. */
export interface Asked {
  readonly program: IntegerProgram;
  readonly floats: FloatProgram;
}

/** Debian's own interpreter, which has Debian's PuLP, whatever else is on the PATH. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = path.resolve('src/bench/provisioning/cbc.py');

/**
 * Solves programs with PuLP and CBC in one Python process, one after the other.
 * @returns why they are not here (Debian: `apt-get install python3-pulp coinor-cbc`), or the answers
 */
export async function solveWithCbc(
  asked: readonly Asked[],
  python: string = PYTHON,
): Promise<readonly CbcAnswer[] | { readonly why: string }> {
  const programs = asked.map(({ program: { variables, least }, floats }) => ({
    ...floats,
    ...{ tiers: variables.map(({ tier }) => tier), most: variables.map(({ most }) => most), least },
  }));
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  // A process that ends at once closes its input: how it ended says more than that.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(programs));
  const [output, errors, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | string | null>((resolve) => {
      child.once('error', ({ message }) => {
        resolve(message);
      });
      child.once('close', resolve);
    }),
  ]);
  if (code === 0) return JSON.parse(output) as CbcAnswer[];
  if (typeof code === 'string') return { why: code };
  const last = errors.trim().split('\n').at(-1) ?? '';
  return { why: last === '' ? `Python ended with ${String(code)}` : last };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
