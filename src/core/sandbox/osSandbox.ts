import { randomInt } from 'node:crypto';
import type { Language } from '../task/task';
import { type Bubblewrap, confined, type Identity, refusal } from './bubblewrap';
import type { Command } from './command';
import { execute } from './execute';
import { REPORT, RPC, runPair } from './pair';
import { INSIDE, type Role, type Runtime, type RuntimeSource } from './runtime';
import { type Sandbox, SandboxError, type TestRun } from './sandbox';
import { emptyVerdict, verdictOf } from './testRun';
import { DEFAULT_LIMITS, type Limits, type Verdict } from './verdict';

/** Accounts above those of containers and below the sign bit: no real account has such a number. */
const FIRST_ACCOUNT = 1_900_000_000;
const ACCOUNTS = 200_000_000;

/** MiB that interpreters take for themselves. */
const OWN_MB = 192;

/** What an {@link OsSandbox} is made of. */
export interface OsParts {
  readonly bubblewrap: Bubblewrap;
  /** Directory of the harness. */
  readonly harness: string;
  /** Ways to become nobody, best first. */
  readonly identities: readonly Identity[];
  readonly sources: readonly RuntimeSource[];
}

/** A runtime, and the way to become nobody in which it was seen to work. */
interface Opened {
  readonly runtime: Runtime;
  readonly identity: Identity;
}

/** Linux: bubblewrap, with the tests in one sandbox and the code under test in another. */
export class OsSandbox implements Sandbox {
  readonly kind = 'os';
  readonly languages: readonly Language[];
  private readonly opened = new Map<RuntimeSource, Promise<Opened>>();
  private readonly names: string[] = [];

  constructor(private readonly parts: OsParts) {
    this.languages = parts.sources.flatMap(({ languages, missing }) => (missing === undefined ? languages : []));
  }

  get description(): string {
    return [`bubblewrap ${this.parts.bubblewrap.version}`, ...this.names].join(', ');
  }

  missing(language: Language): string | undefined {
    return this.sourceOf(language).missing;
  }

  async run(request: TestRun, signal?: AbortSignal): Promise<Verdict> {
    const { task, code } = request;
    const opened = await this.open(task.language);
    signal?.throwIfAborted();
    const limits = { ...DEFAULT_LIMITS, ...request.limits };
    if (task.tests.length === 0) return emptyVerdict('os', limits);
    const job = await opened.runtime.job(task, code);
    const result = await runPair(
      {
        candidate: this.command(opened, 'candidate', limits, { rpc: RPC }),
        judge: this.command(opened, 'judge', limits, { rpc: RPC, report: REPORT }),
        job,
        tests: task.tests,
        limits,
        memoryInAllMb: limits.memoryMb + OWN_MB,
      },
      signal,
    );
    return verdictOf('os', limits, result);
  }

  /**
   * Makes sure that a language can be tested. A failure is not kept: what it says to install can be installed.
   * @throws SandboxError
   */
  async open(language: Language): Promise<Opened> {
    const source = this.sourceOf(language);
    let opening = this.opened.get(source);
    if (opening === undefined) {
      opening = this.tryOut(source);
      this.opened.set(source, opening);
      opening.catch(() => this.opened.delete(source));
    }
    return opening;
  }

  private async tryOut(source: RuntimeSource): Promise<Opened> {
    const runtime = await source.open();
    let reason = '';
    for (const identity of this.parts.identities) {
      // Descriptors above the channel are closed: standing for it, the last output stays open to say what went wrong.
      const command = this.command({ runtime, identity }, 'probe', DEFAULT_LIMITS, { rpc: 2 });
      const { failed, text } = await execute(command);
      if (!failed && text === 'ready') {
        this.names.push(runtime.name);
        return { runtime, identity };
      }
      reason = text;
    }
    throw refusal(this.parts.bubblewrap, reason);
  }

  private sourceOf(language: Language): RuntimeSource {
    const source = this.parts.sources.find(({ languages }) => languages.includes(language));
    if (source === undefined) throw new SandboxError(`this version does not test ${language}`);
    return source;
  }

  private command(
    { runtime, identity }: Opened,
    role: Role,
    limits: Limits,
    channels: { readonly rpc: number; readonly report?: number },
  ): Command {
    const { bubblewrap, harness } = this.parts;
    const view = {
      identity,
      paths: runtime.paths,
      placed: [[harness, INSIDE]] as const,
      scratchMb: limits.scratchMb,
    };
    // One account for each process: neither can signal the other or use up its share of processes.
    const uid = identity === 'drop' ? FIRST_ACCOUNT + randomInt(ACCOUNTS) : null;
    const inside = runtime.command(role, { ...channels, uid }, limits);
    return confined(bubblewrap, view, inside, runtime.env);
  }
}
