import type { Model } from '../catalogue/model';
import { add, largest, type Money, subtract, times, ZERO } from '../money';
import type { ChatOutcome, ChatProvider, ChatRequest } from '../providers/chat';
import type { ChatMessage, Role } from '../providers/message';
import { type Account, available, openAccount } from './account';
import type { Caps } from './caps';
import { type CallSize, denialOf, sizeWithin } from './callSize';
import type { Denial } from './denial';
import type { Settlement } from './entry';
import type { Ledger, Remainder } from './ledger';
import type { MeterEvent } from './meterEvent';
import { costOf, worstCase } from './price';
import type { TokenCounter } from './tokens';

/** Fewer completion tokens than this hold no useful answer: rather than shrink a call below, the meter denies it. */
export const LEAST_TOKENS = 64;

/**
 * How often a call is made again. `refused`: the provider asks for patience, as with 429. `unsent`: nobody answers at its
 * address. `cut`: it brought nothing but may have been billed, so each retry is booked at its worst case as well.
 */
const RETRIES = { refused: 3, unsent: 1, cut: 1 };
/** The longest wait that a provider may ask for, and the first one where it asks for none; ms. */
const LONGEST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 500;
/** HTTP: the key was rejected. */
const UNAUTHORIZED = 401;

/** What an agent asks of its model. */
export interface Ask {
  readonly role: Role;
  readonly messages: readonly ChatMessage[];
  /** Completion tokens wanted; the call may get fewer. */
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed?: number;
  /** Completion tokens below which the answer would be useless; {@link LEAST_TOKENS} where absent. */
  readonly least?: number;
  /** Money that planned next calls need: this call shrinks, down to the least useful size, to leave it. */
  readonly keep?: Money;
}

/** How an ask ended. What goes wrong with a call is a kind; only a ledger that cannot be written is thrown. */
export type Answer =
  | { readonly kind: 'answer'; readonly text: string; readonly whole: boolean }
  | { readonly kind: 'denied'; readonly denial: Denial }
  /** `of`: whether only this model failed, or whatever its server serves would (a rejected key, nobody there). */
  | { readonly kind: 'failed'; readonly message: string; readonly of: 'model' | 'server' }
  | { readonly kind: 'cancelled' };

/** The call may be made again, after a wait, so many times in all. */
interface Again {
  readonly kind: 'again';
  readonly message: string;
  readonly of: 'model' | 'server';
  readonly waitMs: number;
  readonly retries: number;
}

/** What the meter of one run is made of. */
export interface MeterParts {
  readonly ledger: Ledger;
  readonly provider: ChatProvider;
  readonly tokens: TokenCounter;
  readonly caps: Caps;
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
  #calls = 0;

  constructor(private readonly parts: MeterParts) {
    this.#account = openAccount(parts.budget);
  }

  get account(): Account {
    return this.#account;
  }

  /** The only way to a model. */
  metered(model: Model): MeteredModel {
    return makeMetered(model, (ask) => this.#ask(model, ask));
  }

  async #ask(model: Model, ask: Ask): Promise<Answer> {
    const { tokens, signal, emit } = this.parts;
    const promptTokens = await tokens.promptBound(model, ask.messages);
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) return { kind: 'cancelled' };
      const answer = await this.#call(model, ask, promptTokens);
      if (answer.kind !== 'again') return answer;
      const enough = attempt > answer.retries || answer.waitMs > LONGEST_WAIT_MS;
      if (enough) return { kind: 'failed', message: answer.message, of: answer.of };
      const ms = Math.max(answer.waitMs, FIRST_WAIT_MS * 2 ** (attempt - 1));
      emit({ type: 'waiting', ms, why: answer.message });
      await pause(ms, signal);
    }
  }

  async #call(model: Model, ask: Ask, promptTokens: number): Promise<Answer | Again> {
    const { ledger, provider, emit, signal } = this.parts;
    const fits = Math.min(ask.maxTokens, model.maxOutputTokens, model.contextWindow - promptTokens);
    const least = Math.min(ask.least ?? LEAST_TOKENS, ask.maxTokens, model.maxOutputTokens);
    if (fits < least) {
      return {
        kind: 'failed',
        of: 'model',
        message: `The prompt of up to ${promptTokens} tokens does not fit ${model.id}, which takes ${model.contextWindow}.`,
      };
    }
    let size: CallSize | undefined;
    let denial: Denial | undefined;
    const booking = { run: this.parts.run, task: this.parts.task, workspace: this.parts.workspace };
    const id = await ledger.reserve({ ...booking, role: ask.role, model: model.id }, this.parts.caps, (wider) => {
      const own: Remainder = { cap: 'run', left: available(this.#account, this.parts.limit) };
      const tightest = wider !== undefined && wider.left < own.left ? wider : own;
      size = sizeWithin(model, promptTokens, { least, most: fits }, tightest.left, ask.keep ?? ZERO);
      if (size === undefined) {
        denial = denialOf(tightest, ask.role, model.id, worstCase(model.price, promptTokens, least));
        return undefined;
      }
      // Counted in the same breath as it is admitted, so that parallel calls of this run cannot both have it.
      this.#book({ reserved: size.reserved });
      return size.reserved;
    });
    if (denial !== undefined) {
      emit({ type: 'denied', denial, account: this.#account });
      return { kind: 'denied', denial };
    }
    if (id === undefined || size === undefined) throw new Error('A reservation is either admitted or denied.');
    const { maxTokens, reserved } = size;
    const call = ++this.#calls;
    const about = { call, role: ask.role, model: model.id };
    emit({ type: 'reserved', ...about, promptTokens, maxTokens, reserved, account: this.#account });

    try {
      await ledger.sent(id);
    } catch (error) {
      // Unrecorded, the request does not leave, and what was reserved for it lapses.
      this.#book({ reserved: subtract(ZERO, reserved) });
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
      runId: this.parts.task,
    };
    const onText = (text: string): void => {
      emit({ type: 'arriving', call, text });
    };
    const outcome = await provider.complete(request, onText, signal);
    const settlement = await this.#settlement(model, ask.messages, outcome, size);
    const unsent = outcome.kind === 'unsent';
    const [recorded] = await Promise.allSettled([unsent ? ledger.release(id) : ledger.settle(id, settlement)]);
    // The account holds what was spent also where the ledger cannot be written any more.
    this.#book({
      reserved: subtract(ZERO, reserved),
      calls: unsent ? -1 : 0,
      spent: settlement.cost,
      unconfirmed: settlement.confirmed ? ZERO : settlement.cost,
      promptTokens: settlement.promptTokens,
      completionTokens: settlement.completionTokens,
    });
    emit({
      type: 'settled',
      ...about,
      ...settlement,
      reserved,
      ...(outcome.kind === 'complete' ? {} : { problem: outcome.message }),
      ...(settlement.cost > reserved ? { overReserved: subtract(settlement.cost, reserved) } : {}),
      account: this.#account,
    });
    if (recorded.status === 'rejected') throw recorded.reason;
    return answerOf(outcome, signal);
  }

  /** What a call is booked at: the bill where it is known, the worst case where it is not. */
  async #settlement(
    model: Model,
    messages: readonly ChatMessage[],
    outcome: ChatOutcome,
    size: CallSize,
  ): Promise<Settlement> {
    if (outcome.kind === 'refused' || outcome.kind === 'unsent') {
      return { cost: ZERO, confirmed: true, promptTokens: 0, completionTokens: 0 };
    }
    const { tokens } = this.parts;
    const completion = await tokens.text(model, outcome.text);
    const prompt = await tokens.prompt(model, messages);
    const worst = {
      cost: size.reserved,
      confirmed: false,
      promptTokens: prompt.tokens,
      completionTokens: completion.tokens,
    };
    if (outcome.kind === 'cut') return worst;
    if (outcome.usage !== undefined) {
      const { promptTokens, completionTokens } = outcome.usage;
      return { cost: costOf(model.price, outcome.usage), confirmed: true, promptTokens, completionTokens };
    }
    // Hidden reasoning is billed and cannot be counted from the answer.
    const countable = prompt.exact && completion.exact && model.price.reasoning === undefined;
    if (!countable) return worst;
    const { input, output } = model.price;
    const cost = add(times(input, prompt.tokens), times(output, completion.tokens));
    return { cost, confirmed: true, promptTokens: prompt.tokens, completionTokens: completion.tokens };
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

function answerOf(outcome: ChatOutcome, signal: AbortSignal): Answer | Again {
  if (signal.aborted) return { kind: 'cancelled' };
  switch (outcome.kind) {
    case 'complete':
      return { kind: 'answer', text: outcome.text, whole: !outcome.truncated };
    case 'cut':
      // What arrived was paid for and may hold a whole function: it is tested like any other answer.
      if (outcome.text.trim() !== '') return { kind: 'answer', text: outcome.text, whole: false };
      if (!outcome.retryable) return { kind: 'failed', message: outcome.message, of: 'model' };
      return { kind: 'again', message: outcome.message, of: 'model', waitMs: 0, retries: RETRIES.cut };
    case 'refused':
    case 'unsent': {
      const { message } = outcome;
      const of = outcome.kind === 'unsent' || outcome.status === UNAUTHORIZED ? 'server' : 'model';
      if (!outcome.retryable) return { kind: 'failed', message, of };
      return {
        kind: 'again',
        message,
        of,
        waitMs: outcome.kind === 'refused' ? (outcome.retryAfterMs ?? 0) : 0,
        retries: RETRIES[outcome.kind],
      };
    }
  }
}

/** Waits; ends early, without an error, when the run is cancelled. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
