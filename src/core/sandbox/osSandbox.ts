import { randomInt } from 'node:crypto';
import { bubblewrapArguments, ENVIRONMENT, type Bubblewrap, type Identity } from './bubblewrap';
import { execute } from './execute';
import { type Command, REPORT, RPC, runPair } from './pair';
import type { Interpreter } from './python';
import type { Sandbox, TestRun } from './sandbox';
import { emptyVerdict, jobOf, requireTested, TESTED, verdictOf } from './testRun';
import { DEFAULT_LIMITS, type Limits, type Verdict } from './verdict';

/** Accounts above those of containers and below the sign bit: no real account has such a number. */
const FIRST_ACCOUNT = 1_900_000_000;
const ACCOUNTS = 200_000_000;
/** Where the harness lies inside. */
const INSIDE = '/harness';

/** What an {@link OsSandbox} is made of. All of it was probed. */
export interface OsParts {
  readonly bubblewrap: Bubblewrap;
  readonly python: Interpreter;
  /** Directory of the Python harness. */
  readonly harness: string;
  readonly identity: Identity;
}

/** Linux: bubblewrap, with the tests in one sandbox and the code under test in another. */
export class OsSandbox implements Sandbox {
  readonly kind = 'os';
  readonly languages = TESTED;
  readonly description: string;

  constructor(private readonly parts: OsParts) {
    this.description = `bubblewrap ${parts.bubblewrap.version}, Python ${parts.python.version}`;
  }

  async run(request: TestRun, signal?: AbortSignal): Promise<Verdict> {
    requireTested(request.task.language);
    signal?.throwIfAborted();
    const limits = { ...DEFAULT_LIMITS, ...request.limits };
    const { task, code } = request;
    if (task.tests.length === 0) return emptyVerdict('os', limits);
    const result = await runPair(
      {
        candidate: this.command('candidate.py', limits, { rpc: RPC }),
        judge: this.command('judge.py', limits, { rpc: RPC, report: REPORT }),
        job: jobOf(task, code),
        tests: task.tests,
        limits,
      },
      signal,
    );
    return verdictOf('os', limits, result);
  }

  /** Runs the first steps of a real run, and nothing else. Resolves with what went wrong, undefined when nothing did. */
  async probe(): Promise<string | undefined> {
    // A module of the library read after the change of account shows that the account may read it.
    const code =
      'import sys; sys.path.insert(0, "/harness"); import boot; boot.enter(); import decimal, colorsys; print("ready")';
    // Descriptors above the channel are closed: standing for it, the last output stays open to say what went wrong.
    const { path, args } = this.command('', DEFAULT_LIMITS, { rpc: 2 }, code);
    const { failed, text } = await execute(path, args, ENVIRONMENT);
    return failed || text !== 'ready' ? text : undefined;
  }

  private command(program: string, limits: Limits, descriptors: Record<string, number>, code?: string): Command {
    const { bubblewrap, python, harness, identity } = this.parts;
    const settings = {
      ...descriptors,
      // One account for each process: neither can signal the other or use up its share of processes.
      uid: identity === 'drop' ? FIRST_ACCOUNT + randomInt(ACCOUNTS) : null,
      path: python.packages,
      memoryMb: limits.memoryMb,
      scratchMb: limits.scratchMb,
      processes: limits.processes,
    };
    const view = {
      identity,
      paths: python.paths,
      placed: [[harness, INSIDE]] as const,
      scratchMb: limits.scratchMb,
    };
    return {
      path: bubblewrap.path,
      env: ENVIRONMENT,
      args: [
        ...bubblewrapArguments(bubblewrap.version, view),
        // Without site and the user's packages; not -I, which would forget the fixed hash seed.
        ...[python.executable, '-s', '-S', '-B'],
        ...(code === undefined ? [`${INSIDE}/${program}`] : ['-c', code]),
        JSON.stringify(settings),
      ],
    };
  }
}
