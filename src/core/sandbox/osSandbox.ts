import type { Language } from '../task/task';
import type { Command } from './command';
import { REPORT, RPC, runPair } from './pair';
import type { Channels, Role, Runtime, RuntimeSource } from './runtime';
import { type Sandbox, SandboxError, type TestRun } from './sandbox';
import { Unreadable } from './script/unreadable';
import type { Identity, Room, SystemSandbox } from './systemSandbox';
import { emptyVerdict, unreadVerdict, verdictOf } from './testRun';
import { prove, visit } from './trial';
import { DEFAULT_LIMITS, type Verdict } from './verdict';

/** MiB that interpreters take for themselves. */
const OWN_MB = 192;

/** What an {@link OsSandbox} is made of. */
export interface OsParts {
  readonly system: SystemSandbox;
  readonly sources: readonly RuntimeSource[];
}

/** A runtime, and the way to become nobody in which it was seen to work. */
interface Opened {
  readonly runtime: Runtime;
  readonly identity: Identity;
}

/** The operating system's sandbox, with the tests in one room of it and the code under test in another. */
export class OsSandbox implements Sandbox {
  readonly kind = 'os';
  readonly languages: readonly Language[];
  private readonly opened = new Map<RuntimeSource, Promise<Opened>>();
  private readonly names: string[] = [];

  constructor(private readonly parts: OsParts) {
    this.languages = parts.sources.flatMap(({ languages, missing }) => (missing === undefined ? languages : []));
  }

  get description(): string {
    return [this.parts.system.name, ...this.names].join(', ');
  }

  missing(language: Language): string | undefined {
    return this.sourceOf(language).missing;
  }

  async describe(language: Language): Promise<string> {
    const { runtime } = await this.open(language);
    return `${this.parts.system.name}, ${runtime.name}`;
  }

  async withoutPytest(): Promise<string | undefined> {
    return (await this.open('python')).runtime.withoutPytest;
  }

  async run(request: TestRun, signal?: AbortSignal): Promise<Verdict> {
    const { task } = request;
    const opened = await this.open(task.language);
    signal?.throwIfAborted();
    const limits = { ...DEFAULT_LIMITS, ...request.limits };
    if (task.tests.length === 0) return emptyVerdict('os', limits);
    let job: unknown;
    try {
      job = await opened.runtime.job(request, limits);
    } catch (error) {
      if (error instanceof Unreadable) return unreadVerdict('os', limits, task.tests, error);
      throw error;
    }
    const rooms: Room[] = [];
    const room = async (role: Role, channels: Channels): Promise<Command> => {
      const made = await this.parts.system.room({ ...opened, role, limits, channels });
      rooms.push(made);
      return made.command;
    };
    try {
      const candidate = await room('candidate', { rpc: RPC });
      const judge = await room('judge', { rpc: RPC, report: REPORT });
      const memoryInAllMb = limits.memoryMb + OWN_MB;
      const scratch = rooms[0]?.scratch;
      const pair = { candidate, judge, job, tests: task.tests, limits, memoryInAllMb, scratch };
      const result = await runPair(pair, signal);
      return verdictOf('os', limits, result);
    } finally {
      for (const made of rooms) await made.leave();
    }
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
    const { system } = this.parts;
    const runtime = await source.open();
    let reason = '';
    for (const identity of system.identities) {
      const { failed, text } = await visit(system, { runtime, identity, role: 'probe' });
      if (!failed && text === 'ready') {
        if (!system.proved) await prove(system, { runtime, identity });
        this.names.push(runtime.name);
        return { runtime, identity };
      }
      reason = text;
    }
    throw system.refusal(reason);
  }

  private sourceOf(language: Language): RuntimeSource {
    const source = this.parts.sources.find(({ languages }) => languages.includes(language));
    if (source === undefined) throw new SandboxError(`this version does not test ${language}`);
    return source;
  }
}
