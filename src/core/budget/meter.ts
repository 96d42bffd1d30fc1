import type { Model } from '../catalogue/model';
import { priceProblem } from '../catalogue/validity';
import { add, largest, type Money, subtract, ZERO } from '../money';
import type { Role } from '../providers/message';
import type { ChatOutcome, ChatProvider, ChatRequest } from '../providers/chat';
import { type Account, available, openAccount } from './account';
import type { Answer, Ask } from './answer';
import { type Caps, type CapsNow, capsNow, type Remainder, tightestOf } from './caps';
import { type CallSize, sizeWithin } from './callSize';
import { type Denial, denialOf } from './denial';
import type { CallBound } from './entry';
import type { Ledger } from './ledger';
import type { MeterEvent } from './meterEvent';
import { OverrunGuard } from './overrun';
import { worstCase } from './price';
import { type Again, answerOf, pause, waitBefore } from './retry';
import { settlementOf } from './settlement';
import { type PromptBound, type TokenCounter, UncountableError } from './tokens';
import { thresholdOf, type Warning } from './warning';

export type { Answer, Ask } from './answer';

/** Fewer completion tokens than this hold no useful answer: rather than shrink a call below, the meter denies it. */
export const LEAST_TOKENS = 64;

/** The reservation was gone when its request was about to leave: others may have the money by now. */
const LAPSED: ChatOutcome = {
  kind: 'unsent',
  message: 'This machine stood still while a call was about to leave, so it has to be reserved again.',
  retryable: true,
};

/** What the meter of one run is made of. */
export interface MeterParts {
  readonly ledger: Ledger;
  readonly provider: ChatProvider;
  readonly tokens: TokenCounter;
  /** Asked for each call anew. */
  readonly caps: Caps | CapsNow;
  readonly budget: Money;
  /** What the plan promised to stay within; at most the budget. */
  readonly limit: Money;
  /** Unique for every run. */
  readonly run: string;
  /** The task's id. */
  readonly task: string;
  readonly workspace: string;
  readonly emit: (event: MeterEvent) => void;
  readonly signal: AbortSignal;
  /** ms since the epoch; the machine's clock where absent. */
  readonly now?: () => number;
}

/** A call that every cap admits. */
interface Admitted {
  /** Its id on the ledger. */
  readonly id: string;
  /** The caps that admitted it. */
  readonly caps: Caps;
  readonly reserved: Money;
  readonly bound: CallBound;
}

let makeMetered: (model: Model, ask: (ask: Ask) => Promise<Answer>) => MeteredModel;

/**
 * A model behind the meter: all that agents get to see of one. Only {@link Meter} can make it, and there is no way from
 * it to a provider.
 */
export class MeteredModel {
  readonly #ask: (ask: Ask) => Promise<Answer>;

  private constructor(
    readonly model: Model,
    ask: (ask: Ask) => Promise<Answer>,
  ) {
    this.#ask = ask;
  }

  /** Hands its constructor to the meter, once. */
  static {
    makeMetered = (model, ask) => new MeteredModel(model, ask);
  }

  /** @throws LedgerError where the ledger cannot be used. */
  ask(ask: Ask): Promise<Answer> {
    return this.#ask(ask);
  }
}

/**
 * Admits, makes and books every model call of one run. A call's worst case is reserved first, with the run's own
 * budget and all wider caps; what does not fit is made smaller, and what would be useless then is denied.
 */
export class Meter {
  #account: Account;
  #limit: Money;
  #calls = 0;
  /** The highest threshold of the run's budget that was told, in percent. */
  #warned = 0;

  constructor(private readonly parts: MeterParts) {
    this.#account = openAccount(parts.budget);
    this.#limit = parts.limit;
  }

  get account(): Account {
    return this.#account;
  }

  /** What the run's own calls may still reserve. Wider caps may leave less. */
  get left(): Money {
    return available(this.#account, this.#limit);
  }

  /** What a call may reserve right now: what the run has left, or less where a wider cap leaves less. */
  async affordable(): Promise<Money> {
    return tightestOf(await this.#remainders())?.left ?? this.left;
  }

  /**
   * Says why a call that would cost `needed` is not even asked for. Resolves with undefined where it can be by now:
   * another run may have left some money.
   */
  async refuse(model: Model, role: Role, needed: Money): Promise<Denial | undefined> {
    const remainders = await this.#remainders();
    if (remainders.every(({ left }) => left >= needed)) return undefined;
    const denial = denialOf(remainders, role, model.id, needed);
    this.parts.emit({ type: 'denied', denial, account: this.#account });
    return denial;
  }

  /** Gives the run a larger budget, which the user chose; wider caps hold as before. */
  raise(to: Money): void {
    const from = this.#account.budget;
    if (to <= from) throw new RangeError('A budget is raised to more than it was.');
    this.#account = { ...this.#account, budget: to };
    this.#limit = to;
    this.#warned = thresholdOf(this.#account.spent, to) ?? 0;
    this.parts.emit({ type: 'raised', from, to, account: this.#account });
  }

  /** The only way to a model. */
  metered(model: Model): MeteredModel {
    return makeMetered(model, (ask) => this.#ask(model, ask));
  }

  async #remainders(): Promise<readonly Remainder[]> {
    const { ledger, workspace, caps } = this.parts;
    return [{ cap: 'run', left: this.left }, ...(await ledger.remainders(workspace, await capsNow(caps)))];
  }

  /** What ends a call: the run's signal, and its own. */
  #signalOf({ signal }: Ask): AbortSignal {
    return signal === undefined ? this.parts.signal : AbortSignal.any([this.parts.signal, signal]);
  }

  async #ask(model: Model, ask: Ask): Promise<Answer> {
    const { tokens, emit } = this.parts;
    const signal = this.#signalOf(ask);
    let bound: PromptBound;
    try {
      bound = await tokens.bound(model, ask.messages);
    } catch (error) {
      if (error instanceof UncountableError) return { kind: 'failed', message: error.message, of: 'model' };
      throw error;
    }
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) return { kind: 'cancelled' };
      const answer = await this.#call(model, ask, bound);
      if (answer.kind !== 'again') return answer;
      const ms = waitBefore(answer, attempt);
      if (ms === undefined) return { kind: 'failed', message: answer.message, of: answer.of };
      emit({ type: 'waiting', ms, why: answer.message });
      await pause(ms, signal);
    }
  }

  async #call(model: Model, ask: Ask, prompt: PromptBound): Promise<Answer | Again> {
    const { promptBound } = prompt;
    // A run may wait for its user for days.
    const invalid = priceProblem(model, this.parts.now?.() ?? Date.now());
    if (invalid !== undefined) {
      const message = `${invalid}, so it is not called: refresh the prices, or correct the list of models.`;
      return { kind: 'failed', of: 'model', message };
    }
    const most = Math.min(ask.maxTokens, model.maxOutputTokens, model.contextWindow - promptBound);
    const least = Math.min(ask.least ?? LEAST_TOKENS, ask.maxTokens, model.maxOutputTokens);
    if (most < least) {
      return {
        kind: 'failed',
        of: 'model',
        message: `The prompt of up to ${promptBound} tokens does not fit ${model.id}, which takes ${model.contextWindow}.`,
      };
    }
    const admitted = await this.#admit(model, ask, prompt, { least, most });
    return 'denial' in admitted ? { kind: 'denied', denial: admitted.denial } : this.#make(model, ask, admitted);
  }

  /** Reserves a call with the run's own budget and with all wider caps. */
  async #admit(
    model: Model,
    ask: Ask,
    prompt: PromptBound,
    { least, most }: { readonly least: number; readonly most: number },
  ): Promise<Admitted | { readonly denial: Denial }> {
    const { ledger, tokens, run, task, workspace, emit } = this.parts;
    const caps = await capsNow(this.parts.caps);
    const completionBound = (maxTokens: number): number => tokens.completionBound(model, maxTokens);
    let size: CallSize | undefined;
    let denial: Denial | undefined;
    let booked = ZERO;
    // Counted in the same breath as it is asked for, so that parallel calls of this run cannot both have it.
    const rebook = (amount: Money): void => {
      this.#book({ reserved: subtract(amount, booked) });
      booked = amount;
    };
    let id: string | undefined;
    try {
      id = await ledger.reserve({ run, task, workspace, role: ask.role, model: model.id }, caps, (wider) => {
        rebook(ZERO);
        const all: readonly Remainder[] = [{ cap: 'run', left: this.left }, ...wider];
        const left = tightestOf(all)?.left ?? this.left;
        const bounds = { least, most, bound: completionBound };
        size = sizeWithin(model, prompt.promptBound, bounds, left, ask.keep ?? ZERO);
        if (size === undefined) {
          const needed = worstCase(model.price, prompt.promptBound, completionBound(least));
          denial = denialOf(all, ask.role, model.id, needed);
          return undefined;
        }
        rebook(size.reserved);
        const { maxTokens, completionBound: completion, reserved } = size;
        return { reserved, bound: { ...prompt, maxTokens, completionBound: completion } };
      });
    } catch (error) {
      rebook(ZERO);
      throw error;
    }
    if (id === undefined || size === undefined) {
      if (denial === undefined) throw new Error('A reservation is either admitted or denied.');
      emit({ type: 'denied', denial, account: this.#account });
      return { denial };
    }
    const { maxTokens, completionBound: completion, reserved } = size;
    return { id, caps, reserved, bound: { ...prompt, maxTokens, completionBound: completion } };
  }

  /** Makes a call that was admitted, and books it. */
  async #make(model: Model, ask: Ask, { id, caps, reserved, bound }: Admitted): Promise<Answer | Again> {
    const { ledger, provider, tokens, task, workspace, emit } = this.parts;
    const signal = this.#signalOf(ask);
    const { promptBound, maxTokens, completionBound } = bound;
    const call = ++this.#calls;
    const about = { call, role: ask.role, model: model.id };
    const reservation = { ...about, promptTokens: promptBound, maxTokens, completionBound, reserved };
    emit({ type: 'reserved', ...reservation, account: this.#account });
    const unsent = { reserved: subtract(ZERO, reserved) };
    let lapsed: boolean;
    try {
      lapsed = !(await ledger.sent(id));
    } catch (error) {
      // Unrecorded, the request does not leave, and what was reserved for it lapses.
      this.#book(unsent);
      throw error;
    }
    this.#book({ calls: 1 });
    const request: ChatRequest = {
      model,
      role: ask.role,
      messages: ask.messages,
      maxTokens,
      temperature: ask.temperature,
      ...(ask.seed === undefined ? {} : { seed: ask.seed }),
      runId: task,
    };
    const guard = new OverrunGuard(await tokens.leastTokens(model), maxTokens, signal);
    const onText = (text: string, hidden = false): void => {
      guard.arrived(text, hidden);
      if (!hidden) emit({ type: 'arriving', call, text });
    };
    const outcome = lapsed ? LAPSED : guard.judged(await provider.complete(request, onText, guard.signal), model.id);
    const settlement = await settlementOf(
      { model, messages: ask.messages, bound, reserved, hidden: guard.hidden },
      outcome,
      tokens,
    );
    const left = outcome.kind !== 'unsent';
    const [recorded] = await Promise.allSettled([
      left ? ledger.settle(id, workspace, settlement, caps) : ledger.release(id).then(() => []),
    ]);
    // The account holds what was spent also where the ledger cannot be written any more.
    this.#book({
      ...unsent,
      calls: left ? 0 : -1,
      spent: settlement.cost,
      unconfirmed: settlement.unconfirmed,
      promptTokens: settlement.promptTokens,
      completionTokens: settlement.completionTokens,
    });
    emit({
      type: 'settled',
      ...about,
      cost: settlement.cost,
      unconfirmed: settlement.unconfirmed,
      promptTokens: settlement.promptTokens,
      completionTokens: settlement.completionTokens,
      violations: settlement.violations,
      reserved,
      ...(outcome.kind === 'complete' ? {} : { problem: outcome.message }),
      ...(settlement.cost > reserved ? { overReserved: subtract(settlement.cost, reserved) } : {}),
      account: this.#account,
    });
    if (recorded.status === 'rejected') throw recorded.reason;
    this.#warn(recorded.value);
    return answerOf(outcome, call, signal.aborted);
  }

  /** Tells thresholds that were reached: those of wider caps, which the ledger knows, and those of the run. */
  #warn(wider: readonly Warning[]): void {
    const { spent, budget } = this.#account;
    const percent = thresholdOf(spent, budget);
    const own: Warning[] = [];
    if (percent !== undefined && percent > this.#warned) {
      this.#warned = percent;
      own.push({ cap: 'run', percent, spent, limit: budget });
    }
    for (const warning of [...own, ...wider]) this.parts.emit({ type: 'warning', warning, account: this.#account });
  }

  #book(
    change: Partial<
      Pick<Account, 'spent' | 'unconfirmed' | 'reserved' | 'calls' | 'promptTokens' | 'completionTokens'>
    >,
  ): void {
    const before = this.#account;
    const spent = add(before.spent, change.spent ?? ZERO);
    const reserved = add(before.reserved, change.reserved ?? ZERO);
    this.#account = {
      budget: before.budget,
      spent,
      reserved,
      unconfirmed: add(before.unconfirmed, change.unconfirmed ?? ZERO),
      worstReserved: largest(before.worstReserved, add(spent, reserved)),
      calls: before.calls + (change.calls ?? 0),
      promptTokens: before.promptTokens + (change.promptTokens ?? 0),
      completionTokens: before.completionTokens + (change.completionTokens ?? 0),
    };
  }
}
