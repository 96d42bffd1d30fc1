import { LEAST_TOKENS, type Meter } from '../budget/meter';
import { available } from '../budget/account';
import type { TokenCounter } from '../budget/tokens';
import type { Catalogue, Model } from '../catalogue/model';
import type { AttemptEvent } from '../events';
import { formatUsd, formatUsdUp, type Money, subtract } from '../money';
import type { ChatMessage } from '../providers/message';
import { priceModels, T_OUT } from '../provisioning/estimate';
import { provision, type Provision } from '../provisioning/provision';
import { cheaperFirst, type PricedModel } from '../provisioning/tier';
import type { StopReason } from '../result';
import type { Sandbox } from '../sandbox/sandbox';
import { isSolved, type Verdict } from '../sandbox/verdict';
import type { Task } from '../task/task';
import { type CallOptions, Critic, type Draft, Executor, type Reply } from './agent';

/** An answer and its verdict. */
export interface Attempt extends Draft {
  readonly model: Model;
  readonly verdict: Verdict | undefined;
  /** The same code was tried before. */
  readonly repeated: boolean;
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
}

export interface CrewParts {
  readonly task: Task;
  readonly catalogue: Catalogue;
  readonly tokens: TokenCounter;
  readonly meter: Meter;
  readonly limit: Money;
  readonly sandbox: Sandbox;
  readonly seed: number | undefined;
  readonly emit: (event: AttemptEvent) => void;
  readonly signal: AbortSignal;
}

/** Completion tokens that an executor gets at most, after answers that T_out cut off. */
const MOST_ROOM = 4 * T_OUT;

/** Consecutive calls that may fail, each with another model, before the run is given up. */
const FAILURES = 3;

/**
 * The agents of one run, and all that a topology may do: provision again with what is left, let an agent write or
 * review, test what was written. It keeps the best answer so far.
 */
export class Crew {
  readonly task: Task;
  readonly #parts: CrewParts;
  readonly #verdicts = new Map<string, Verdict | undefined>();
  readonly #failing = new Set<string>();
  #attempts = 0;
  #room = T_OUT;
  #failures = 0;
  #best: Attempt | undefined;
  #problem: string | undefined;

  constructor(parts: CrewParts) {
    this.#parts = parts;
    this.task = parts.task;
  }

  /** The answer that passed most tests; among equals the latest, which had most to build on. */
  get best(): Attempt | undefined {
    return this.#best;
  }

  /** Why the last call was denied or failed, in a sentence. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Why there is nothing left to try: no model that works, or no money for one that could do better. */
  out({ models, left }: Means): StopReason {
    if (models.length === 0) return 'failed';
    const next = models.find(({ callCost }) => callCost > left);
    if (next !== undefined) {
      const raise = formatUsdUp(subtract(next.callCost, left));
      this.#problem ??= `${formatUsd(left)} are left; a raise by ${raise} would admit a call to ${next.model.id}.`;
    }
    return 'exhausted';
  }

  /** Solves the integer program again with what is left; calls already made count towards the two agents. */
  async means(messages: readonly ChatMessage[]): Promise<Means> {
    const { catalogue, tokens, meter, limit } = this.#parts;
    const usable = { ...catalogue, models: catalogue.models.filter(({ id }) => !this.#failing.has(id)) };
    const { priced } = await priceModels(usable, tokens, messages, this.#room);
    const left = available(meter.account, limit);
    const provisioned = await provision({ models: priced, budget: left, made: meter.account.calls });
    const models = [...priced].sort(cheaperFirst);
    return { pool: provisioned.feasible ? provisioned.pool : [], models, left };
  }

  /** Lets an executor write, and tests what it wrote. */
  async attempt(
    model: Model,
    messages: readonly ChatMessage[],
    options: CallOptions,
    previous: Attempt | undefined,
  ): Promise<Step<Attempt | undefined>> {
    const { meter, seed, tokens } = this.#parts;
    const executor = new Executor(meter.metered(model), this.task);
    // A revision that has no room for what it revises would be cut off.
    const size = previous?.code === undefined ? 0 : (await tokens.text(model, previous.code)).tokens;
    const least = Math.min(this.#room, Math.max(LEAST_TOKENS, size));
    const sampling = seed === undefined ? {} : { seed: seed + this.#attempts };
    const reply = await executor.write(messages, { maxTokens: this.#room, least, ...sampling, ...options });
    const written = this.#stepOf(reply, model);
    if (written.kind === 'stop' || written.value === undefined) return written as Step<undefined>;
    if (!written.value.whole) this.#room = Math.min(2 * this.#room, MOST_ROOM);
    return this.#test(model, written.value);
  }

  /** Lets a critic say why code fails. */
  async critique(model: Model, code: string, failure: string, options: CallOptions): Promise<Step<string | undefined>> {
    const critic = new Critic(this.#parts.meter.metered(model), this.task);
    return this.#stepOf(await critic.review(code, failure, options), model);
  }

  async #test(model: Model, draft: Draft): Promise<Step<Attempt>> {
    const { sandbox, signal, emit } = this.#parts;
    const attempt = ++this.#attempts;
    const { code } = draft;
    if (code === undefined) {
      return { kind: 'done', value: { ...draft, model, verdict: undefined, repeated: false } };
    }
    const repeated = this.#verdicts.has(code);
    let verdict = this.#verdicts.get(code);
    if (!repeated && this.task.tests.length > 0) {
      emit({ type: 'testing', attempt, model: model.id, code });
      verdict = await sandbox.run({ task: this.task, code }, signal);
      emit({ type: 'verdict', attempt, model: model.id, verdict });
    }
    this.#verdicts.set(code, verdict);
    const tried: Attempt = { ...draft, model, verdict, repeated };
    if ((verdict?.passed ?? 0) >= (this.#best?.verdict?.passed ?? 0)) this.#best = tried;
    if (verdict !== undefined && isSolved(verdict)) return { kind: 'stop', stop: 'solved' };
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
        return { kind: 'stop', stop: 'exhausted' };
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
