import { isAgreed } from '../agreement/agreement';
import type { Denial } from '../budget/denial';
import { LEAST_TOKENS, type Meter } from '../budget/meter';
import type { TokenCounter } from '../budget/tokens';
import { type Calibration, UNCALIBRATED } from '../calibration/calibration';
import type { Catalogue, Model } from '../catalogue/model';
import type { AttemptEvent, ComparedEvent, EvidenceEvent, ExhaustedEvent } from '../events';
import type { Money } from '../money';
import type { Mode, Order } from '../plan';
import type { ChatMessage } from '../providers/message';
import { priceModels, T_OUT } from '../provisioning/estimate';
import { provision, type Provision } from '../provisioning/provision';
import { cheaperFirst, type PricedModel } from '../provisioning/tier';
import type { EvidenceEnd, StopReason } from '../result';
import type { Sandbox } from '../sandbox/sandbox';
import { isSolved, type Verdict } from '../sandbox/verdict';
import type { Task } from '../task/task';
import { type CallOptions, Critic, type Draft, Executor, Judge, Planner, type Reply, ROLE_TOKENS } from './agent';
import type { AskForRaise } from './exhaustion';
import type { PlanStep } from './planSteps';
import { Tester } from './tester';

/** An answer and its verdict. */
export interface Attempt extends Draft {
  readonly model: Model;
  readonly verdict: Verdict | undefined;
  /** The same code was tried before. */
  readonly repeated: boolean;
  /** The same model wrote the same code before. */
  readonly echoed: boolean;
}

/** How a call is made by which a run does not stand or fall, such as a branch beside others. */
export interface AttemptOptions extends CallOptions {
  /** Where it is not admitted, the user is not asked for more money: the run can go on without it. */
  readonly optional?: boolean;
}

/** Whether an answer passed all tests that there are, and there are some. */
export function isProven(attempt: Pick<Attempt, 'verdict'> | undefined): boolean {
  return attempt?.verdict !== undefined && isSolved(attempt.verdict);
}

/** What a step of a topology brought: a value, or the reason to stop. */
export type Step<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'stop'; readonly stop: StopReason };

/** What can be paid for now. */
export interface Means {
  /** The pool that the rest of the budget provisions, strongest first; empty where nothing fits as planned. */
  readonly pool: readonly Provision[];
  /** All models that can take the conversation, cheapest call first. */
  readonly models: readonly PricedModel[];
  readonly left: Money;
  /** In which order models are asked. */
  readonly order: Order;
  /** Answers that a model has given so far, by its id. */
  readonly tries: (model: string) => number;
}

export interface CrewParts {
  readonly task: Task;
  readonly catalogue: Catalogue;
  readonly tokens: TokenCounter;
  /** What the user's own runs say about the models; nothing where absent. */
  readonly calibration?: Calibration;
  readonly meter: Meter;
  readonly sandbox: Sandbox;
  readonly seed: number | undefined;
  readonly mode: Mode;
  /** From cheap to strong where absent. */
  readonly order?: Order;
  /** Asks for more money when there is none for the next call; without it the run stops there. */
  readonly raise: AskForRaise | undefined;
  readonly emit: (event: AttemptEvent | ComparedEvent | EvidenceEvent | ExhaustedEvent) => void;
  readonly signal: AbortSignal;
}

/** How many times its T_out an executor gets at most, after answers that were cut off. */
const MOST_ROOM = 4;

/** Consecutive calls that may fail, each with another model, before the run is given up. */
const FAILURES = 3;

/**
 * The agents of one run, and all that a topology may do: provision again with what is left, let an agent write or
 * review, test what was written. It keeps the best answer so far.
 */
export class Crew {
  readonly task: Task;
  readonly #parts: CrewParts;
  readonly #tester: Tester;
  readonly #failing = new Set<string>();
  readonly #tries = new Map<string, number>();
  /** What was asked and answered, by model and conversation. */
  readonly #answered = new Set<string>();
  #asked = 0;
  #room = 1;
  #failures = 0;
  #best: Attempt | undefined;
  #problem: string | undefined;
  #asking: Promise<boolean> | undefined;

  constructor(parts: CrewParts) {
    this.#parts = parts;
    this.#tester = new Tester(parts);
    this.task = parts.task;
  }

  /** Answers so far. */
  get attempts(): number {
    return this.#tester.attempts;
  }

  /** How much evidence the run buys. */
  get mode(): Mode {
    return this.#parts.mode;
  }

  /** The answer that passed most tests; among equals the latest, which had most to build on, unless all pass. */
  get best(): Attempt | undefined {
    return this.#best;
  }

  /** Whether the run was cancelled. */
  get isCancelled(): boolean {
    return this.#parts.signal.aborted;
  }

  /** Why the last call was denied or failed, in a sentence. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * To be called where nothing is left to try: no model that works, or no money for one that could do better. Resolves
   * with the reason to stop, or with undefined where there is more to try: the budget was raised, or there is money again.
   */
  async out({ models, left }: Means): Promise<StopReason | undefined> {
    if (models.length === 0) return 'failed';
    const next = models.find(({ callCost }) => callCost > left);
    if (next === undefined) return 'exhausted';
    const denial = await this.#parts.meter.refuse(next.model, 'executor', next.callCost);
    return denial === undefined || (await this.#isRaised(denial)) ? undefined : stopOf(denial);
  }

  /** Solves the integer program again with what is left; calls already made count towards the two agents. */
  async means(messages: readonly ChatMessage[]): Promise<Means> {
    const { catalogue, tokens, meter, order = 'cheap to strong' } = this.#parts;
    const usable = { ...catalogue, models: catalogue.models.filter(({ id }) => !this.#failing.has(id)) };
    const { priced } = await priceModels(usable, tokens, messages, (model) => this.#roomOf(model));
    const left = await meter.affordable();
    const provisioned = provision({ models: priced, budget: left, made: meter.account.calls });
    const models = [...priced].sort(cheaperFirst);
    const tries = (id: string): number => this.#tries.get(id) ?? 0;
    return { pool: provisioned.feasible ? provisioned.pool : [], models, left, order, tries };
  }

  /** Lets an executor write, and tests what it wrote. An answer that passes is a reason to stop. */
  async attempt(
    model: Model,
    messages: readonly ChatMessage[],
    options: AttemptOptions,
    previous: Attempt | undefined,
  ): Promise<Step<Attempt | undefined>> {
    const step = await this.another(model, messages, options, previous);
    return step.kind === 'done' && isProven(step.value) ? { kind: 'stop', stop: 'solved' } : step;
  }

  /** As {@link attempt}, but an answer that passes is no reason to stop, nor better than one that passed before. */
  async another(
    model: Model,
    messages: readonly ChatMessage[],
    { optional = false, ...options }: AttemptOptions,
    previous?: Attempt,
  ): Promise<Step<Attempt | undefined>> {
    const { meter, seed, tokens } = this.#parts;
    const executor = new Executor(meter.metered(model), this.task);
    // A revision that has no room for what it revises would be cut off.
    const size = previous?.code === undefined ? 0 : (await tokens.text(model, previous.code)).tokens;
    const maxTokens = this.#roomOf(model);
    const least = Math.min(maxTokens, Math.max(LEAST_TOKENS, size));
    const sampling = seed === undefined ? {} : { seed: seed + this.#asked++ };
    const bounds = { maxTokens, least, ...sampling, ...options };
    const write = (): Promise<Reply<Draft>> => executor.write(messages, bounds);
    const written = this.#stepOf(await (optional ? write() : this.#paid(write)), model);
    if (written.kind === 'stop' || written.value === undefined) return written as Step<undefined>;
    this.#tries.set(model.id, (this.#tries.get(model.id) ?? 0) + 1);
    this.#answered.add(asked(model, messages));
    if (!written.value.whole) this.#room = Math.min(2 * this.#room, MOST_ROOM);
    return this.#test(model, written.value, options.signal);
  }

  /** Whether a model has answered this very conversation before. */
  wasAsked(model: Model, messages: readonly ChatMessage[]): boolean {
    return this.#answered.has(asked(model, messages));
  }

  /** Completion tokens that an executor of this model gets. */
  #roomOf({ id }: Model): number {
    const { calibration = UNCALIBRATED } = this.#parts;
    return this.#room * calibration.plannedOutput(id, 'executor', T_OUT);
  }

  /** Makes one of several answers the one that the run ends with. */
  choose(attempt: Attempt): void {
    this.#best = attempt;
  }

  /** Whether there is anything to compare answers by. */
  canCompare(): Promise<boolean> {
    return this.#tester.canCompare();
  }

  /** Whether an answer does the same twice on what it would be compared by, and in time. It is not asked of any model. */
  async isSteady({ call, code }: Attempt): Promise<boolean> {
    return code !== undefined && (await this.#tester.isSteady({ call, code }));
  }

  /** Tells why no more evidence is bought. */
  endEvidence(end: EvidenceEnd): void {
    this.#parts.emit({ type: 'evidence', end });
  }

  /** Whether two answers behave alike; undefined where there is nothing to tell it by. */
  async areAlike(one: Attempt, other: Attempt): Promise<boolean | undefined> {
    if (one.code === undefined || other.code === undefined) return undefined;
    if (one.code === other.code) return true;
    const [first, second] = [one, other].map(({ call, code = '' }) => ({ call, code }));
    const agreement = first && second && (await this.#tester.compare(first, second));
    return agreement && isAgreed(agreement);
  }

  /**
   * Lets a judge say which of several answers is right: its index; undefined where it names none, is not admitted, or
   * its model failed.
   */
  async judge(model: Model, candidates: readonly string[], options: CallOptions): Promise<Step<number | undefined>> {
    const agent = new Judge(this.#parts.meter.metered(model), this.task);
    const reply = await agent.choose(candidates, this.#bounds('judge', model, options));
    return reply.kind === 'denied' ? { kind: 'done', value: undefined } : this.#stepOf(reply, model);
  }

  /**
   * Lets a critic say why code fails.
   * @param left calls that the budget pays after this one
   */
  async critique(
    model: Model,
    code: string,
    failure: string,
    left: number,
    options: CallOptions,
  ): Promise<Step<string | undefined>> {
    const bounds = this.#bounds('critic', model, options);
    const critic = new Critic(this.#parts.meter.metered(model), this.task);
    return this.#stepOf(await this.#paid(() => critic.review(code, failure, left, bounds)), model);
  }

  /** Lets a planner say what is to be done; undefined where its plan cannot be read, or its model failed. */
  async plan(
    model: Model,
    messages: readonly ChatMessage[],
    options: CallOptions,
  ): Promise<Step<readonly PlanStep[] | undefined>> {
    const bounds = this.#bounds('planner', model, options);
    const agent = new Planner(this.#parts.meter.metered(model));
    return this.#stepOf(await this.#paid(() => agent.plan(messages, bounds)), model);
  }

  /**
   * How those are asked who write no code: with the run's own seed, and with more room than usual where the model's
   * recorded answers took more, such as those of a model that thinks first. Nobody asks again for what was cut off.
   */
  #bounds(role: keyof typeof ROLE_TOKENS, { id }: Model, options: CallOptions): CallOptions {
    const { seed, calibration = UNCALIBRATED } = this.#parts;
    const usual = ROLE_TOKENS[role];
    const maxTokens = Math.max(usual, calibration.plannedOutput(id, role, usual));
    return { maxTokens, ...(seed === undefined ? {} : { seed }), ...options };
  }

  /** Makes a call, and makes it again where it was denied and the budget was raised. */
  async #paid<T>(call: () => Promise<Reply<T>>): Promise<Reply<T>> {
    for (;;) {
      const reply = await call();
      if (reply.kind !== 'denied' || !(await this.#isRaised(reply.denial))) return reply;
    }
  }

  /** Asks for more money, once for all who need it at the same time. */
  async #isRaised(denial: Denial): Promise<boolean> {
    this.#asking ??= this.#askForRaise(denial).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Asks where a larger budget of this run is all that the call needs. */
  async #askForRaise(denial: Denial): Promise<boolean> {
    const { meter, raise, emit, signal } = this.#parts;
    this.#problem = denial.message;
    if (raise === undefined || signal.aborted || denial.shortages.some(({ cap }) => cap !== 'run')) return false;
    emit({ type: 'exhausted', denial });
    const to = await raise({ denial, account: meter.account, best: this.#best });
    if (to === undefined || to <= meter.account.budget) return false;
    meter.raise(to);
    this.#problem = undefined;
    return true;
  }

  async #test(model: Model, draft: Draft, own: AbortSignal | undefined): Promise<Step<Attempt>> {
    const { signal } = this.#parts;
    const { code } = draft;
    if (code === undefined) {
      this.#tester.skip();
      return { kind: 'done', value: { ...draft, model, verdict: undefined, repeated: false, echoed: false } };
    }
    let tried: Attempt;
    try {
      const answer = { call: draft.call, model: model.id, code };
      tried = { ...draft, model, ...(await this.#tester.test(answer, own ?? signal)) };
    } catch (error) {
      if (own?.aborted === true && !signal.aborted) return { kind: 'stop', stop: 'cancelled' };
      throw error;
    }
    const passed = tried.verdict?.passed ?? 0;
    if (!isProven(this.#best) && passed >= (this.#best?.verdict?.passed ?? 0)) this.#best = tried;
    return { kind: 'done', value: tried };
  }

  /** An undefined value means: that model failed, and another may do. */
  #stepOf<T>(reply: Reply<T>, model: Model): Step<T | undefined> {
    switch (reply.kind) {
      case 'reply':
        this.#failures = 0;
        return { kind: 'done', value: reply.value };
      case 'cancelled':
        return { kind: 'stop', stop: 'cancelled' };
      case 'denied':
        this.#problem = reply.denial.message;
        return { kind: 'stop', stop: stopOf(reply.denial) };
      case 'failed':
        this.#problem = reply.message;
        for (const one of this.#parts.catalogue.models) {
          if (one.id === model.id || (reply.of === 'server' && one.baseUrl === model.baseUrl))
            this.#failing.add(one.id);
        }
        return ++this.#failures >= FAILURES ? { kind: 'stop', stop: 'failed' } : { kind: 'done', value: undefined };
    }
  }
}

function asked({ id }: Model, messages: readonly ChatMessage[]): string {
  return JSON.stringify([id, messages]);
}

/** A call beyond the run's own budget exhausts it; one beyond a wider cap is denied whatever the budget. */
function stopOf({ shortages }: Denial): StopReason {
  return shortages.some(({ cap }) => cap !== 'run') ? 'denied' : 'exhausted';
}
