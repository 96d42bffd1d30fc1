import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { type Command, startCommand } from './command';
import { nobody } from './nobody';
import type { Limits } from './verdict';
import { wasmCommand, type WasmParts } from './wasmProcess';
import type { Snapshot } from './wasmSnapshot';

/** Where an interpreter says that it is ready, and is told its limits. Closed, it ends the interpreter. */
const CONTROL = 5;

/** What a loaded interpreter says of itself. */
export interface WasmVersions {
  readonly pyodide: string;
  readonly python: string;
}

/**
 * A judge and a candidate, loading or loaded and then waiting for their one run. Neither keeps this process alive, and
 * both end with it.
 */
export class WarmPair {
  readonly judge: ChildProcess;
  readonly candidate: ChildProcess;
  /** Resolves when both are loaded. Rejects with what went wrong when one ends before that. */
  readonly loaded: Promise<WasmVersions>;
  /** False as soon as one of them has ended. */
  alive = true;

  constructor(parts: WasmParts, snapshot: Snapshot) {
    const account = (): number | null => (parts.enclosure?.identity === 'drop' ? nobody() : null);
    this.judge = start(wasmCommand(parts, { program: 'judge', account: account() }), 'pipe', snapshot);
    this.candidate = start(wasmCommand(parts, { program: 'candidate', account: account() }), 'ignore', snapshot);
    for (const child of [this.judge, this.candidate]) {
      const over = (): void => {
        this.alive = false;
      };
      child.once('exit', over).once('error', over);
    }
    this.loaded = Promise.all([ready(this.judge), ready(this.candidate)]).then(([versions]) => versions);
    // Whoever does not wait for it has asked for its end.
    this.loaded.catch(() => undefined);
    this.hold(false);
  }

  /** Gives the run its limits. From here on the caller is to attend to both processes. */
  begin({ memoryMb, scratchMb, scratchFiles, fileMb }: Limits): void {
    this.hold(true);
    for (const child of [this.judge, this.candidate]) {
      // What an interpreter that has ended does not read, its run will show.
      control(child).on('error', () => undefined);
      control(child).write(`${JSON.stringify({ memoryMb, scratchMb, scratchFiles, fileMb })}\n`);
    }
  }

  end(): void {
    this.alive = false;
    for (const child of [this.judge, this.candidate]) {
      for (const stream of child.stdio) stream?.destroy();
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    }
  }

  /** Whether these processes keep this one alive. */
  private hold(held: boolean): void {
    for (const child of [this.judge, this.candidate]) {
      for (const handle of [child, ...child.stdio] as readonly (Partial<
        Pick<ChildProcess, 'ref' | 'unref'>
      > | null)[]) {
        if (held) handle?.ref?.();
        else handle?.unref?.();
      }
    }
  }
}

function start(command: Command, report: 'pipe' | 'ignore', snapshot: Snapshot): ChildProcess {
  return startCommand(command, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', report, 'pipe', snapshot.descriptor],
    detached: true,
  });
}

function control(child: ChildProcess): Duplex {
  const streams: readonly unknown[] = child.stdio;
  return streams[CONTROL] as Duplex;
}

/** Waits until an interpreter is loaded. What it says of a failure is on its error output. */
function ready(child: ChildProcess): Promise<WasmVersions> {
  return new Promise((resolve, reject) => {
    const said: Buffer[] = [];
    const hear = (chunk: Buffer): void => {
      said.push(chunk);
    };
    const errors = child.stderr;
    const fail = (why: string): void => {
      const text = Buffer.concat(said).toString().trim().slice(-500);
      reject(new Error(text === '' ? why : text));
    };
    errors?.on('data', hear);
    child.once('error', (error) => {
      fail(error.message);
    });
    child.once('close', (status, signal) => {
      fail(`it ended with ${signal ?? `status ${status ?? '?'}`}`);
    });
    control(child).once('data', (line: Buffer) => {
      errors?.off('data', hear);
      try {
        resolve(JSON.parse(line.toString()) as WasmVersions);
      } catch {
        fail('it does not say what it is');
      }
    });
  });
}
