import type { Answer, MeteredModel } from '../budget/meter';
import type { Money } from '../money';
import type { ChatMessage, Role } from '../providers/message';
import { T_OUT } from '../provisioning/estimate';
import type { Task } from '../task/task';
import { type Critique, readCritique } from './critiqueSchema';
import { extractCode } from './extractCode';
import { type PlanStep, readPlanSteps } from './planSteps';
import { readChoice } from './judgement';
import { auditMessages, critiqueMessages, judgeMessages } from './prompts';

/** What an agent made of its model's answer, or why there is none. */
export type Reply<T> = { readonly kind: 'reply'; readonly value: T } | Exclude<Answer, { readonly kind: 'answer' }>;

/** Bounds and sampling of one call. */
export interface CallOptions {
  /** Completion tokens wanted; the role's own T_out where absent. */
  readonly maxTokens?: number;
  readonly temperature: number;
  readonly seed?: number;
  /** Completion tokens below which the answer would be useless. */
  readonly least?: number;
  /** Money that planned next calls need. */
  readonly keep?: Money;
  /** Ends this call alone. */
  readonly signal?: AbortSignal;
}

/** What an executor wrote. `code` is undefined where the answer held none. */
export interface Draft {
  /** The call that brought it. */
  readonly call: number;
  readonly text: string;
  readonly code: string | undefined;
  /** False where the answer was cut off, by its bound or on its way. */
  readonly whole: boolean;
}

/**
 * Completion tokens of those who write no code, until there are recorded runs to learn from: a critique is at most three
 * sentences, a plan at most six short steps, a judgement a number and half a sentence.
 */
export const ROLE_TOKENS: Readonly<Record<Exclude<Role, 'executor'>, number>> = {
  critic: 160,
  planner: 192,
  judge: 96,
};

/** Writes and revises code. */
export class Executor {
  constructor(
    private readonly metered: MeteredModel,
    private readonly task: Task,
  ) {}

  async write(messages: readonly ChatMessage[], options: CallOptions): Promise<Reply<Draft>> {
    const answer = await this.metered.ask({ role: 'executor', messages, maxTokens: T_OUT, ...options });
    if (answer.kind !== 'answer') return answer;
    return { kind: 'reply', value: { ...answer, code: extractCode(answer.text, this.task) } };
  }
}

/** Says who does what. */
export class Planner {
  constructor(private readonly metered: MeteredModel) {}

  /** The steps of its plan; undefined where it cannot be read. */
  async plan(messages: readonly ChatMessage[], options: CallOptions): Promise<Reply<readonly PlanStep[] | undefined>> {
    const answer = await this.metered.ask({ role: 'planner', messages, maxTokens: ROLE_TOKENS.planner, ...options });
    return answer.kind === 'answer' ? { kind: 'reply', value: readPlanSteps(answer.text) } : answer;
  }
}

/** Says why code fails its tests. */
export class Critic {
  constructor(
    private readonly metered: MeteredModel,
    private readonly task: Task,
  ) {}

  /**
   * What is wrong with code that failed its tests. That it failed is known, so it cannot be approved.
   * @param left calls that the budget pays after this one
   */
  async review(code: string, failure: string, left: number, options: CallOptions): Promise<Reply<string>> {
    const reply = await this.#ask(critiqueMessages(this.task, code, failure, left), options);
    return reply.kind === 'reply' ? { kind: 'reply', value: reply.value.issues } : reply;
  }

  /** Whether code is right, where nothing was run. */
  audit(code: string, options: CallOptions): Promise<Reply<Critique>> {
    return this.#ask(auditMessages(this.task, code), options);
  }

  async #ask(messages: readonly ChatMessage[], options: CallOptions): Promise<Reply<Critique>> {
    const answer = await this.metered.ask({ role: 'critic', messages, maxTokens: ROLE_TOKENS.critic, ...options });
    return answer.kind === 'answer' ? { kind: 'reply', value: readCritique(answer.text) } : answer;
  }
}

/** Says which of several answers is right. */
export class Judge {
  constructor(
    private readonly metered: MeteredModel,
    private readonly task: Task,
  ) {}

  /** The index of the answer that it prefers; undefined where what it says cannot be read. */
  async choose(candidates: readonly string[], options: CallOptions): Promise<Reply<number | undefined>> {
    const messages = judgeMessages(this.task, candidates);
    const answer = await this.metered.ask({ role: 'judge', messages, maxTokens: ROLE_TOKENS.judge, ...options });
    return answer.kind === 'answer' ? { kind: 'reply', value: readChoice(answer.text, candidates.length) } : answer;
  }
}
