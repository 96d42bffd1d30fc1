import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostileProgram, type Place, testsOf } from './hostileProgram';
import { PYODIDE } from '../wasmBench';

interface Naive {
  readonly code: string;
  readonly setup: string;
  readonly tests: readonly string[];
}

function naive(program: HostileProgram, place: Place): Naive {
  return { code: program.code(place), setup: program.setup ?? '', tests: testsOf(program) };
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

/** The same for JavaScript: one file, whose status is believed. What tests compare with is a global, as in the sandbox. */
function plainScript({ code, setup, tests }: Naive): string {
  return `globalThis.assert = require('node:assert');
for (const name of ['test', 'describe', 'it']) globalThis[name] = require('node:test')[name];
${code}
;(async () => {
${setup}
${tests.map((test) => `{\n${test}\n}`).join('\n')}
})().catch((error) => { console.error(error); process.exitCode = 1; });
`;
}

/** Runs a script and its tests in one plain Node.js, with the stand-in for a home as `HOME`. As {@link inPython}. */
export async function inNode(program: HostileProgram, place: Place): Promise<{ passed: boolean; said: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'sv-outside-'));
  const script = plainScript(naive(program, place));
  const env = { PATH: process.env['PATH'], HOME: place.home, TMPDIR: cwd, [place.variable]: place.text };
  try {
    writeFileSync(join(cwd, 'solution.cjs'), script);
    return await ended(process.execPath, [join(cwd, 'solution.cjs')], cwd, env);
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
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ passed: boolean; said: string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 240_000,
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
