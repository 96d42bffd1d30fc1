import type { ServerResponse } from 'node:http';
import { attoUsd, type Bill, decimalUsd, tokensOf } from './bill';
import type { Fate, Fault, Luck } from './hostileFaults';
import { beginStream, delta, DONE, event, finished, reasoning, reset, usageChunk, write } from './sse';

/** What was asked, and the answer of a provider that keeps its word. */
export interface Asked {
  /** The tag by which the call is billed. */
  readonly run: string;
  readonly role: string;
  readonly model: string;
  readonly promptTokens: number;
  /** `max_tokens` of the request; a large number where it has none. */
  readonly maxTokens: number;
  /** The answer, within `maxTokens`. */
  readonly text: string;
  /** Why it ends: `stop` or `length`. */
  readonly finish: string;
}

/** A call as the server saw it. */
export interface ServedCall {
  readonly run: string;
  readonly role: string;
  readonly model: string;
  readonly fault: Fault | undefined;
  /** What the client allowed the completion to be, in tokens. */
  readonly maxTokens: number;
  /** Billed tokens. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** What was billed, in atto-dollars; tokens times list price unless the fault has a price of its own. */
  readonly billed: bigint;
  /** Tokens of the text that was sent, the part that a lost connection kept from arriving included. */
  readonly sentTokens: number;
  /** Who ended the answer: a client that leaves early has not seen its end. */
  readonly endedBy: 'server' | 'client';
}

/** Tokens as a provider reports them. */
export interface Reported {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

const TEXT_PER_CHUNK = 48;

/** A text in the pieces in which it is sent. */
export function piecesOf(text: string, size = TEXT_PER_CHUNK): readonly string[] {
  return text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];
}

/** One call while it is answered: sends, keeps what was sent, and is billed exactly once. */
export class HostileCall {
  #sent = '';
  #gone = false;
  #isBilled = false;

  /** `billed` is told of the call when it is billed. */
  constructor(
    readonly asked: Asked,
    private readonly fate: Fate,
    private readonly response: ServerResponse,
    private readonly bill: Bill,
    private readonly billed: (call: ServedCall) => void,
  ) {}

  get luck(): Luck {
    return this.fate.luck;
  }

  get isBilled(): boolean {
    return this.#isBilled;
  }

  /** The text that was sent so far. */
  get sent(): string {
    return this.#sent;
  }

  /** What tokens cost by the list, in atto-dollars. */
  listPrice(completionTokens: number): bigint {
    return this.bill.cost(this.asked.model, this.asked.promptTokens, completionTokens);
  }

  /** Bills the prompt and a completion. It comes before the last byte, so that whoever has that can read the bill. */
  charge(
    completionTokens: number,
    more: { readonly promptTokens?: number; readonly amount?: bigint; readonly sentTokens?: number } = {},
  ): void {
    if (this.#isBilled) throw new Error('A call is billed once.');
    this.#isBilled = true;
    const { run, role, model, maxTokens } = this.asked;
    const { fault } = this.fate;
    const { promptTokens = this.asked.promptTokens, sentTokens = tokensOf(this.#sent) } = more;
    const billed = more.amount ?? this.bill.cost(model, promptTokens, completionTokens);
    this.bill.chargeAmount(run, billed);
    const endedBy = this.#gone ? 'client' : 'server';
    const about = { run, role, model, fault, maxTokens };
    this.billed({ ...about, promptTokens, completionTokens, billed, sentTokens, endedBy });
  }

  /** Bills nothing at all. */
  chargeNothing(): void {
    this.charge(0, { promptTokens: 0, amount: 0n });
  }

  /** Answers with an error. */
  refuse(status: number, message: string, headers: Readonly<Record<string, string>> = {}): void {
    refuse(this.response, status, message, headers);
  }

  begin(headers: Readonly<Record<string, string>> = {}): void {
    beginStream(this.response, headers);
  }

  /** Sends a piece of the answer, with `usage` where it is given; false where the client has gone. */
  async say(text: string, usage?: Reported): Promise<boolean> {
    const chunk = usage === undefined ? delta(text) : { ...delta(text), usage };
    this.#sent += text;
    return this.put(event(chunk));
  }

  /** Sends a piece of reasoning, in the words of DeepSeek and those who follow it; false where the client has gone. */
  async think(text: string): Promise<boolean> {
    return this.put(event(reasoning(text)));
  }

  /** Sends pieces of the answer, until the client goes. */
  async sayAll(pieces: readonly string[]): Promise<void> {
    for (const piece of pieces) if (!(await this.say(piece))) return;
  }

  /** Sends bytes as they are; false where the client has gone. */
  async put(bytes: string): Promise<boolean> {
    const arrived = !this.#gone && (await write(this.response, bytes));
    this.#gone ||= !arrived;
    return arrived;
  }

  /** The honest report for a completion of so many tokens. */
  usage(completionTokens: number, promptTokens = this.asked.promptTokens): Reported {
    const total = promptTokens + completionTokens;
    return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: total };
  }

  /** Ends a stream as it should be, with these reports of usage before its last word; a text is a chunk as it is. */
  async end(...usages: readonly (object | string)[]): Promise<void> {
    await this.put(event(finished(this.asked.finish)));
    for (const usage of usages) await this.put(event(typeof usage === 'string' ? usage : usageChunk(usage)));
    await this.put(DONE);
    this.close();
  }

  /** Ends the answer where it is. */
  close(): void {
    this.response.end();
  }

  /** Sends a whole answer in one piece, as servers do that do not stream; `spoil` may change its text. */
  whole(headers: Readonly<Record<string, string>> = {}, spoil = (json: string): string => json): void {
    const { text, finish } = this.asked;
    const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }];
    const usage = this.usage(tokensOf(text));
    this.response.writeHead(200, { 'content-type': 'application/json', ...headers });
    this.response.end(spoil(JSON.stringify({ object: 'chat.completion', choices, usage })));
  }

  /** Bills an answer that will be sent in one piece. */
  chargeWhole(amount?: bigint): void {
    const sentTokens = tokensOf(this.asked.text);
    this.charge(sentTokens, { sentTokens, ...(amount === undefined ? {} : { amount }) });
  }

  /** Breaks the connection. A reset discards what the client has not read yet; it is given time to. */
  async reset(): Promise<void> {
    await pause(RESET_MS);
    reset(this.response);
  }
}

const RESET_MS = 20;

/** An error as OpenAI writes it. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error: { message } }));
}

/** An amount in USD as a JSON number. @throws Error where a float would not hold its digits. */
export function jsonUsd(amount: bigint): number {
  const value = Number(decimalUsd(amount));
  if (attoUsd(value.toFixed(15)) !== amount) throw new Error(`${decimalUsd(amount)} is no amount that a float holds.`);
  return value;
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
