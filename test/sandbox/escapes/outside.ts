import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ATTACK, type HostileProgram, type Place } from './hostileProgram';
import { PYODIDE } from '../wasmBench';

interface Naive {
  readonly code: string;
  readonly setup: string;
  readonly tests: readonly string[];
}

function naive(program: HostileProgram, place: Place): Naive {
  return { code: program.code(place), setup: program.setup ?? '', tests: program.tests ?? ATTACK };
}

/** What everybody would write first: code and tests in one interpreter, believed by its status. */
const PYTHON = `
import json, sys
task = json.loads(sys.argv[1])
space = {'__name__': 'solution'}
for source in (task['code'], task['setup'], *task['tests']):
    exec(compile(source, '<naive>', 'exec'), space)
`;

/** Runs a program and its tests in one plain Python. Resolves with whether they passed, and what was said. */
export async function inPython(program: HostileProgram, place: Place): Promise<{ passed: boolean; said: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'sv-outside-'));
  try {
    return await ended('python3', ['-c', PYTHON, JSON.stringify(naive(program, place))], cwd);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Runs programs one after the other in one plain Pyodide, with JavaScript's globals as it comes. Their names, if they passed. */
const NODE = `
const { loadPyodide } = await import(process.argv[1]);
const pyodide = await loadPyodide({ stdout: () => {}, stderr: () => {} });
const passed = [];
for (const { name, code, setup, tests } of JSON.parse(process.argv[2])) {
  pyodide.globals.set('source', [code, setup, ...tests].join('\\n'));
  try { pyodide.runPython('exec(compile(source, "<naive>", "exec"), {"__name__": "solution"})'); passed.push(name); }
  catch (error) { process.stderr.write(name + ': ' + error.message.split('\\n').slice(-3).join(' ') + '\\n'); }
}
process.stdout.write(JSON.stringify(passed));
process.exit(0);
`;

export async function inPyodide(
  programs: readonly HostileProgram[],
  place: Place,
): Promise<{ passed: readonly string[]; said: string }> {
  const tasks = programs.map((program) => ({ name: program.name, ...naive(program, place) }));
  const args = ['--input-type=module', '-e', NODE, join(PYODIDE, 'pyodide.mjs'), JSON.stringify(tasks)];
  const { said, output } = await ended(process.execPath, args, tmpdir());
  return { passed: JSON.parse(output === '' ? '[]' : output) as string[], said };
}

function ended(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ passed: boolean; said: string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    let [said, output] = ['', ''];
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ passed: status === 0, said: said.slice(-2000), output });
    });
  });
}
