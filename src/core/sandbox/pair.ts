import { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { Account, type Excess } from './accounting';
import { type Command, startCommand } from './command';
import { Output } from './output';
import { killTree, lifeless, namespacesOf, treeOf, vanished } from './processTree';
import { Report } from './report';
import { SandboxError } from './sandbox';
import type { LimitStruck, Limits, TestOutcome } from './verdict';

/**
 * The two processes of a run. Descriptor {@link RPC} of both is the same connection; descriptor {@link REPORT} of the
 * judge leads here: it reads the job there, one line of JSON, and writes its report.
 */
export interface Pair {
  /** To be started, or started already with the same descriptors. */
  readonly candidate: Command | ChildProcess;
  readonly judge: Command | ChildProcess;
  readonly job: unknown;
  readonly tests: readonly string[];
  readonly limits: Limits;
  /**
   * True where two processes cannot hold the two ends of one connection, or cannot read it without blocking: then each
   * has its own connection to this process, which passes on what it reads.
   */
  readonly relayed?: boolean;
  /** True where neither can start another process: then they are over as soon as they are lifeless. */
  readonly childless?: boolean;
  /** MiB that either may use with all processes that it starts; undefined where memory is limited otherwise. */
  readonly memoryInAllMb?: number;
  /** Path of the scratch folder inside, where that is a file system of its own whose files are to be counted. */
  readonly scratch?: string | undefined;
}

/** The status of an interpreter that ended because it could not have more memory. */
const STARVED = 76;

export const RPC = 3;
export const REPORT = 4;

/** What came of a run. */
export interface PairResult {
  readonly tests: readonly TestOutcome[];
  readonly killed: LimitStruck | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The words of a verdict for what was used in excess. */
const STRUCK: Readonly<Record<Excess, LimitStruck>> = { memory: 'memory', cpu: 'time', files: 'output' };
/** How long the processes may take to vanish after they were killed, in ms. */
const GRACE = 5_000;
/** How long a process that has let go of its channel may take to say how it ended, in ms. */
const LAST_WORDS = 3_000;
/** Characters of its errors that tell why a process was ended. */
const TAIL = 16_384;
/** What V8 and Node.js say before they end a process that has no memory left; it then ends by one of these signals. */
const EXHAUSTED = new RegExp(
  [
    'heap out of memory',
    'allocation failed',
    'reached heap limit',
    'fatal (?:process|javascript) (?:oom|out of memory|invalid size error)',
    'invalid (?:table|array) (?:size|length)',
    'check failed: allocation',
    'out of memory: cannot allocate',
    'std::bad_alloc',
    // Node.js asserts that it was given what it asked for.
    'assertion failed: [^\\n]*(?:mem|data|ptr|buf\\w*)\\b[^\\n]*nullptr',
  ].join('|'),
  'i',
);
const CRASHES = new Set([128 + 4, 128 + 5, 128 + 6, 128 + 11]);

/**
 * Starts both processes, watches their limits, and ends them in every case before it settles.
 * @throws SandboxError when the sandbox did not start; the signal's reason on abort.
 */
export async function runPair(pair: Pair, signal?: AbortSignal): Promise<PairResult> {
  signal?.throwIfAborted();
  const run = new Run(pair);
  const abort = (): void => {
    run.end();
  };
  signal?.addEventListener('abort', abort);
  try {
    await run.finished();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  signal?.throwIfAborted();
  return run.result();
}

class Run {
  private readonly report: Report;
  private readonly stdout = new Output();
  private readonly stderr = new Output();
  private readonly candidate: ChildProcess;
  private readonly judge: ChildProcess;
  private readonly relayed: readonly Duplex[] = [];
  private readonly closed: Promise<unknown>;
  private readonly namespaces: number[] = [];
  private readonly processes: number[] = [];
  private readonly candidateClosed: Promise<unknown>;
  private readonly judgeClosed: Promise<unknown>;
  private readonly oomBefore = oomKills();
  private readonly runTimer: NodeJS.Timeout;
  private readonly account: Account;
  private testTimer: NodeJS.Timeout | undefined;
  private struck: LimitStruck | undefined;
  private whole = false;
  /** Pieces of the report so far. */
  private heard = 0;
  private excess: Excess | undefined;
  private striking: Promise<void> | undefined;
  private ended = false;
  private readonly over = new AbortController();
  private startError: Error | undefined;
  private candidateEnd: number | undefined;
  private judgeEnd: number | undefined;
  private readonly lastWords = new Map<ChildProcess, string>();

  constructor(private readonly pair: Pair) {
    this.report = new Report(pair.tests);
    this.candidate = start(pair.candidate, ['ignore', 'pipe', 'pipe', 'pipe']);
    const link = this.candidate.stdio[RPC] as Duplex;
    if (pair.relayed !== true) makeBlocking(link);
    this.judge = start(pair.judge, ['ignore', 'pipe', 'pipe', pair.relayed === true ? 'pipe' : link, 'pipe']);
    if (pair.relayed === true) {
      const other = this.judge.stdio[RPC] as Duplex;
      relay(link, other);
      this.relayed = [link, other];
    } else {
      // Both ends of the connection are with the children now: nothing passes through here.
      link.destroy();
    }
    this.candidateClosed = this.attend(this.candidate);
    this.judgeClosed = this.attend(this.judge);
    this.closed = Promise.all([this.candidateClosed, this.judgeClosed]);
    this.candidate.once('exit', (code, signal) => {
      if (!this.ended) this.candidateEnd = statusOf(code, signal);
    });
    this.judge.once('exit', (code, signal) => {
      if (!this.ended) this.judgeEnd = statusOf(code, signal);
    });
    this.listen(this.judge.stdio[REPORT] as Duplex);
    this.runTimer = setTimeout(() => void this.timeIsUp(true), pair.limits.runSeconds * 1000);
    const pids = [this.candidate, this.judge].flatMap(({ pid }) => pid ?? []);
    const { cpuSeconds, scratchFiles } = pair.limits;
    const scratch = pair.scratch === undefined ? undefined : { path: pair.scratch, files: scratchFiles };
    this.account = new Account(pids, { memoryMb: pair.memoryInAllMb, cpuSeconds, scratch }, (excess) => {
      this.strike(STRUCK[excess], excess);
    });
  }

  async finished(): Promise<void> {
    // Not the judge's exit: what it last said may still be unread then, and would be lost.
    const said = once(this.judge.stdio[REPORT] as Duplex, 'close').catch(() => undefined);
    if (!this.ended) await Promise.race([this.closed, said, once(this.over.signal, 'abort')]);
    // How the judge ended says why there is no report; how the code's process did, why the judge saw it end.
    if (!this.ended) await soon(this.report.gone ? this.closed : this.judgeClosed);
    this.end();
    const closed = Promise.race([this.closed, delay(GRACE, undefined, { ref: false })]);
    if (this.pair.childless === true && this.processes.length > 0) {
      await Promise.race([closed, lifeless(this.processes, GRACE).then(drained)]);
    } else {
      await closed;
      await vanished(this.namespaces, GRACE);
    }
    await this.striking;
  }

  /** Kills both processes and, with them, all that they started. */
  end(): void {
    this.ended = true;
    this.over.abort();
    clearTimeout(this.runTimer);
    clearTimeout(this.testTimer);
    this.account.close();
    for (const child of [this.candidate, this.judge]) {
      if (this.pair.childless === true) this.processes.push(...treeOf(child));
      const opened = namespacesOf(child);
      this.namespaces.push(...opened);
      killTree(child, opened);
    }
    // Where one end has closed, the other is read no more, and would never be seen to close.
    for (const link of this.relayed) link.destroy();
  }

  result(): PairResult {
    const said = this.stderr.text().trim();
    if (this.startError !== undefined) throw new SandboxError(`the sandbox did not start: ${this.startError.message}`);
    if (this.report.failed || (this.report.stage === 'start' && this.struck === undefined)) {
      throw new SandboxError(`the sandbox failed before any code ran: ${said || 'it says nothing'}`);
    }
    const killed = this.struck ?? this.report.struck ?? (this.killedForMemory() ? 'memory' : undefined);
    const { running, waiting } = this.reasons(killed);
    return {
      tests: this.report.outcomes(running, waiting, this.ending()),
      killed,
      stdout: this.stdout.text(),
      stderr: this.stderr.text(),
    };
  }

  private attend(child: ChildProcess): Promise<unknown> {
    const gone = new Promise((resolve) => {
      child.once('close', resolve);
      child.once('error', (error) => {
        this.startError ??= error;
        this.end();
        resolve(error);
      });
    });
    const outputs: [Readable | null, Output][] = [
      [child.stdout, this.stdout],
      [child.stderr, this.stderr],
    ];
    for (const [stream, output] of outputs) {
      const take = output.source();
      stream?.on('data', (chunk: Buffer) => {
        take(chunk);
        if (this.stdout.bytes + this.stderr.bytes > this.pair.limits.outputBytes) this.strike('output');
      });
      stream?.on('error', () => undefined);
    }
    child.stderr?.on('data', (chunk: Buffer) => {
      const words = (this.lastWords.get(child) ?? '') + chunk.toString('latin1');
      this.lastWords.set(child, words.slice(-TAIL));
    });
    return gone;
  }

  private listen(channel: Duplex): void {
    // A judge that died early closes its end; the missing outcomes say so.
    channel.on('error', () => undefined);
    channel.write(`${JSON.stringify(this.pair.job)}\n`);
    const decoder = new TextDecoder();
    channel.on('data', (chunk: Buffer) => {
      if (this.ended) return;
      this.heard++;
      this.report.feed(decoder.decode(chunk, { stream: true }));
      if (this.report.stage !== 'start') this.account.settle();
      clearTimeout(this.testTimer);
      if (this.report.stage === 'end' || this.report.broken !== undefined || this.report.failed) {
        clearTimeout(this.testTimer);
        void this.conclude();
      } else {
        this.testTimer = setTimeout(() => void this.timeIsUp(false), this.pair.limits.testSeconds * 1000);
      }
    });
  }

  /** Ends the run; where the code's process is said to have ended by itself, after that has told how. */
  private async conclude(): Promise<void> {
    if (this.report.gone) await soon(this.candidateClosed);
    this.end();
  }

  /**
   * Ends the run for its time, or for that of a test: not where what has come in by now says that it was over before. This
   * process may have been kept from reading that for longer than the time itself.
   */
  private async timeIsUp(ofTheRun: boolean): Promise<void> {
    const { heard } = this;
    await drained();
    if (this.ended || (!ofTheRun && this.heard !== heard)) return;
    this.whole = ofTheRun;
    this.strike('time');
  }

  /**
   * Ends the run for a limit, once what has come in by now is read, which this process may be late to: what was over before
   * counts. What is printed counts to its end, also where all tests are over.
   * @param excess what was used too much of, where that was seen from outside
   */
  private strike(limit: LimitStruck, excess?: Excess): void {
    const strike = (): void => {
      if (this.ended && (limit !== 'output' || excess !== undefined)) return;
      if (this.struck === undefined) this.excess = excess;
      this.struck ??= this.report.struck ?? limit;
      this.end();
    };
    if (this.ended) strike();
    else this.striking = drained().then(strike);
  }

  private reasons(killed: LimitStruck | undefined): { running: string; waiting: string } {
    const { limits } = this.pair;
    if (killed === 'time') {
      const busy = this.excess === 'cpu';
      const excess = busy
        ? `used more than ${limits.cpuSeconds} s of processor time`
        : `took longer than ${this.whole ? limits.runSeconds : limits.testSeconds} s`;
      const loading = this.report.stage === 'load' || this.report.stage === 'setup' || this.report.stage === 'start';
      if (loading) {
        const what = this.report.stage === 'setup' ? 'the setup' : 'loading the code';
        const text = `not run: ${what} ${excess}`;
        return { running: text, waiting: text };
      }
      const ofTheRun = this.whole || busy;
      const running = ofTheRun ? `the run ${excess}` : excess;
      return { running, waiting: ofTheRun ? `not run: ${running}` : `not run: a test before it ${excess}` };
    }
    const reason =
      killed === 'output'
        ? this.excess === 'files'
          ? `more than ${limits.scratchFiles} files and folders were made in the scratch folder`
          : `the code printed more than ${limits.outputBytes} bytes`
        : killed === 'memory'
          ? 'the code ran out of memory'
          : (this.report.broken ?? "the tests' own process ended early");
    return { running: reason, waiting: `not run: ${reason}` };
  }

  /** How the candidate's process came to its end, where that says more than that it did. */
  private ending(): string {
    const code = this.candidateEnd ?? 0;
    if (this.killedForMemory()) return ' (out of memory)';
    return code > 128 ? ` (signal ${code - 128})` : code > 0 ? ` (status ${code})` : '';
  }

  /**
   * A process said so, or crashed with words to that effect or with its memory as good as used up, or there was a SIGKILL
   * that did not come from here while the kernel counted one for want of memory.
   */
  private killedForMemory(): boolean {
    if (this.candidateEnd === 137 && oomKills() > this.oomBefore) return true;
    const ends = [
      [this.candidate, this.candidateEnd],
      [this.judge, this.judgeEnd],
    ] as const;
    return ends.some(([child, code]) => {
      if (code === STARVED) return true;
      // On a busy machine the words are there before the exit status is.
      if (code !== undefined && !CRASHES.has(code)) return false;
      const full = code !== undefined && this.account.wasFull(child.pid);
      return full || EXHAUSTED.test(this.lastWords.get(child) ?? '');
    });
  }
}

type Stdio = 'ignore' | 'pipe' | Duplex;

function start(command: Command | ChildProcess, stdio: Stdio[]): ChildProcess {
  if (command instanceof ChildProcess) return command;
  // A process group of its own: killing it reaches also a child that has not yet tied its life to its parent's.
  return startCommand(command, { stdio, detached: true });
}

/** The status as a shell tells it: a signal is its number above 128. Bubblewrap tells it so, `sandbox-exec` does not. */
function statusOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** Waits for processes that have let go of their channels to say how they ended, but not for longer than that may take. */
async function soon(closed: Promise<unknown>): Promise<void> {
  await Promise.race([closed, delay(LAST_WORDS, undefined, { ref: false })]);
}

/** Resolves when what is in the pipes of processes that write no more has been read. */
async function drained(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await setImmediate();
}

/** The judge waits for answers; Node.js could not make the descriptor that it inherits wait. */
function makeBlocking(link: Duplex & { readonly _handle?: { setBlocking?(on: boolean): unknown } | null }): void {
  link._handle?.setBlocking?.(true);
}

/** Passes on what either end says. The end of one process is the end of the connection for the other. */
function relay(one: Duplex, other: Duplex): void {
  const ends = [
    [one, other],
    [other, one],
  ] as const;
  for (const [from, to] of ends) {
    from.on('error', () => to.destroy());
    from.pipe(to);
  }
}

/** How many processes this machine has killed for want of memory; 0 where the kernel does not tell. */
function oomKills(): number {
  if (!existsSync('/proc/vmstat')) return 0;
  return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
}
