import { type ChildProcess, spawn } from 'node:child_process';
import { type Bench, CLI } from './commandLine';

// eslint-disable-next-line no-control-regex -- colours and erasures are control sequences
const SEQUENCES = /\u001b\[[0-9;]*[A-Za-z]/g;

/** How long a text may take to appear, ms. */
const TIMEOUT_MS = 30_000;

/** The command line on a terminal, typed at as a person would. */
export class Pty {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = '';
  /** What was waited for already. */
  #seen = 0;

  /** `script` gives its command a terminal of its own, and ends as that ends. */
  constructor(bench: Bench, args: readonly string[]) {
    const line = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
    const command = `stty cols 110; ${line}`;
    const env = { ...bench.env, TERM: 'xterm', SHELL: '/bin/sh' };
    this.#child = spawn('script', ['-qec', command, '/dev/null'], { env, cwd: bench.folder });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject).once('close', () => {
        resolve();
      });
    });
  }

  /** All that was printed so far, without colours. */
  get text(): string {
    return this.#output.replace(SEQUENCES, '').replaceAll('\r\n', '\n');
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Waits until something is printed that was not waited for before. @throws with all that was printed instead */
  async see(wanted: string): Promise<void> {
    const end = Date.now() + TIMEOUT_MS;
    for (;;) {
      const at = this.text.indexOf(wanted, this.#seen);
      if (at !== -1) {
        this.#seen = at + wanted.length;
        return;
      }
      if (Date.now() > end) throw new Error(`waited for "${wanted}", but saw:\n${this.text}`);
      await new Promise((go) => setTimeout(go, 20));
    }
  }

  /** Waits for the end. Resolves with the exit code. */
  async end(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }
}
