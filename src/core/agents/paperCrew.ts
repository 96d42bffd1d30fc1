import { type Denial } from '../budget/denial';
import type { Meter } from '../budget/meter';
import type { Catalogue, Model } from '../catalogue/model';
import type { AttemptEvent, ComparedEvent } from '../events';
import type { PoolEntry } from '../plan';
import type { ChatMessage, Role } from '../providers/message';
import { T_OUT } from '../provisioning/estimate';
import type { StopReason } from '../result';
import type { Sandbox } from '../sandbox/sandbox';
import type { Task } from '../task/task';
import { type CallOptions, Critic, type Draft, Executor, Planner, type Reply } from './agent';
import { type Attempt, isProven, type Step } from './crew';
import type { Critique } from './critiqueSchema';
import type { PlanStep } from './planSteps';
import { Tester } from './tester';

export interface PaperCrewParts {
  readonly task: Task;
  readonly catalogue: Catalogue;
  readonly meter: Meter;
  readonly sandbox: Sandbox;
  readonly seed: number | undefined;
  /** The agents that were provisioned; no others are asked. */
  readonly pool: readonly PoolEntry[];
  readonly emit: (event: AttemptEvent | ComparedEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * The agents of one run in the paper profile, and all that a topology may do there: let an agent of the fixed pool
 * write, audit or plan (BAMAS, "Agent Instantiation"). No test is run before {@link submit}, calls are greedy, every
 * agent has 384 tokens (table 7), and a call that does not fit whole is not made.
 */
export class PaperCrew {
  readonly task: Task;
  readonly #parts: PaperCrewParts;
  readonly #tester: Tester;
  #latest: { readonly model: Model; readonly draft: Draft } | undefined;
  #best: Attempt | undefined;
  #problem: string | undefined;
  #overspend: string | undefined;

  constructor(parts: PaperCrewParts) {
    this.#parts = parts;
    this.#tester = new Tester(parts);
    this.task = parts.task;
  }

  /** The answer that was submitted. */
  get best(): Attempt | undefined {
    return this.#best;
  }

  /** Why the last call failed, in a sentence. */
  get problem(): string | undefined {
    return this.#overspend ?? this.#problem;
  }

  /** Where the paper would have spent more than the budget, in a sentence; undefined where it would not. */
  get overspend(): string | undefined {
    return this.#overspend;
  }

  /** The code of the last answer that held any. */
  get code(): string | undefined {
    return this.#latest?.draft.code;
  }

  /** The instances that play a role, strongest first. */
  cast(role: Role): readonly Model[] {
    const { pool, catalogue } = this.#parts;
    return pool.flatMap((entry) => {
      const model = catalogue.models.find(({ id }) => id === entry.model);
      const plays = (entry.role ?? 'executor') === role;
      return model === undefined || !plays ? [] : Array.from({ length: entry.count }, () => model);
    });
  }

  /** Lets an executor write. An answer without code, or of a model that fails, leaves the one before it standing. */
  async write(model: Model, messages: readonly ChatMessage[]): Promise<Step<Draft | undefined>> {
    const executor = new Executor(this.#parts.meter.metered(model), this.task);
    const step = this.#stepOf(await executor.write(messages, this.#options()));
    if (step.kind === 'done' && step.value?.code !== undefined) this.#latest = { model, draft: step.value };
    return step;
  }

  /** Lets a critic say whether code is right; undefined where its model failed. */
  async audit(model: Model, code: string): Promise<Step<Critique | undefined>> {
    const critic = new Critic(this.#parts.meter.metered(model), this.task);
    return this.#stepOf(await critic.audit(code, this.#options()));
  }

  /** Lets a planner say what is to be done; undefined where its plan cannot be read, or its model failed. */
  async plan(model: Model, messages: readonly ChatMessage[]): Promise<Step<readonly PlanStep[] | undefined>> {
    const planner = new Planner(this.#parts.meter.metered(model));
    return this.#stepOf(await planner.plan(messages, this.#options()));
  }

  /**
   * Ends the run with its last answer, which is tested now, for the first time.
   * @param ended why the topology stopped early; undefined where it came to its end
   */
  async submit(ended: StopReason | undefined): Promise<StopReason> {
    const { task, signal } = this.#parts;
    if (this.#latest?.draft.code === undefined) return ended ?? 'failed';
    const { model, draft } = this.#latest;
    this.#best = { ...draft, model, verdict: undefined, repeated: false, echoed: false };
    if (ended === 'cancelled') return ended;
    const answer = { call: draft.call, model: model.id, code: this.#latest.draft.code };
    this.#best = { ...draft, model, ...(await this.#tester.test(answer, signal)) };
    if (isProven(this.#best)) return 'solved';
    return ended ?? (task.tests.length === 0 ? 'untested' : 'gave up');
  }

  #options(): CallOptions {
    const { seed } = this.#parts;
    return { maxTokens: T_OUT, least: T_OUT, temperature: 0, ...(seed === undefined ? {} : { seed }) };
  }

  #stepOf<T>(reply: Reply<T>): Step<T | undefined> {
    switch (reply.kind) {
      case 'reply':
        return { kind: 'done', value: reply.value };
      case 'cancelled':
        return { kind: 'stop', stop: 'cancelled' };
      case 'denied':
        this.#overspend = overspendOf(reply.denial);
        return { kind: 'stop', stop: reply.denial.shortages.some(({ cap }) => cap !== 'run') ? 'denied' : 'exhausted' };
      case 'failed':
        this.#problem = reply.message;
        return { kind: 'done', value: undefined };
    }
  }
}

function overspendOf({ message }: Denial): string {
  return `The paper would have overspent here. ${message}`;
}
