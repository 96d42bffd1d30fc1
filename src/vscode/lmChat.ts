import * as vscode from 'vscode';
import type { ChatOutcome, ChatProvider, ChatRequest, OnText } from '../core/providers/chat';
import type { ChatMessage } from '../core/providers/message';
import { isNotTaken } from '../core/providers/openaiRequest';
import { SilenceWatch } from '../core/providers/silenceWatch';
import { CountedStream, type StreamPart } from './countedStream';
import { lmFailure, reasonOf } from './lmFailure';
import type { LmModels } from './lmModels';

/** The first answer may wait for the user's consent, which the editor asks for; ms. */
const PATIENCE = { firstByteMs: 10 * 60_000, idleMs: 60_000, wholeMs: 10 * 60_000 };

const JUSTIFICATION = 'Solvent lets it write and review the code of your task, within the budget that you agreed to.';

/** How requests of models without a price are limited. */
export interface RequestLimit {
  /** Ids of the models whose price is not known. */
  readonly unpriced: ReadonlySet<string>;
  /** Requests that may be made of them in all. */
  readonly requests: number;
}

/**
 * The editor's own models behind the port of all providers. They report no usage: prompt and answer are counted by the
 * model itself, the answer while it streams, and the stream is ended when it has the tokens that were reserved for it.
 */
export class LmChat implements ChatProvider {
  #unpriced = 0;
  /** Models that take no options. */
  readonly #plain = new Set<string>();

  constructor(
    private readonly models: Pick<LmModels, 'named'>,
    private readonly limit: RequestLimit,
  ) {}

  async complete(request: ChatRequest, onText: OnText, signal: AbortSignal): Promise<ChatOutcome> {
    const { id } = request.model;
    let model: vscode.LanguageModelChat | undefined;
    try {
      model = await this.models.named(id);
    } catch (error) {
      return { kind: 'unsent', message: `The editor cannot be asked for ${id}: ${reasonOf(error)}.`, retryable: false };
    }
    if (model === undefined) return lmFailure(vscode.LanguageModelError.NotFound(), id);
    if (signal.aborted) return { kind: 'unsent', message: 'Cancelled before anything was sent.', retryable: false };
    if (this.limit.unpriced.has(id) && ++this.#unpriced > this.limit.requests) return usedUp(this.limit.requests);
    const watch = new SilenceWatch(signal, PATIENCE);
    const cancel = new vscode.CancellationTokenSource();
    const end = (): void => {
      cancel.cancel();
    };
    watch.signal.addEventListener('abort', end, { once: true });
    try {
      return await this.#ask(model, request, onText, watch, cancel.token);
    } finally {
      // Ends a stream that is full, and changes nothing for one that has ended.
      end();
      watch.end();
      cancel.dispose();
    }
  }

  async #ask(
    model: vscode.LanguageModelChat,
    request: ChatRequest,
    onText: OnText,
    watch: SilenceWatch,
    token: vscode.CancellationToken,
  ): Promise<ChatOutcome> {
    const { id } = request.model;
    const messages = request.messages.map(messageOf);
    const stream = new CountedStream(async (text) => model.countTokens(text), request.maxTokens, onText);
    try {
      const response = await model.sendRequest(messages, this.#options(request), token);
      for await (const part of partsOf(response)) {
        watch.heard();
        await stream.take(part);
        if (stream.full || watch.signal.aborted) break;
      }
    } catch (error) {
      const stopped = stoppedBy(watch, id, stream.text);
      if (stopped !== undefined) return stopped;
      if (this.#learns(error, id)) return refusedOptions(id);
      return lmFailure(error, id, stream.text);
    }
    const stopped = stream.full ? undefined : stoppedBy(watch, id, stream.text);
    if (stopped !== undefined) return stopped;
    const [promptTokens, completionTokens] = [await countAll(model, messages, request), await stream.tokens()];
    // What the vendor may have written to its cache counts as such where that is dearer.
    const cacheWriteTokens = request.model.price.cacheWrite === undefined ? 0 : promptTokens;
    const counts = { promptTokens, completionTokens, cachedTokens: 0, cacheWriteTokens, reasoningTokens: 0 };
    return { kind: 'complete', text: stream.text, truncated: stream.full, usage: { ...counts, estimated: true } };
  }

  /** Names that OpenAI gives them; vendors take the ones they know. */
  #options({ model, maxTokens, temperature, seed }: ChatRequest): vscode.LanguageModelChatRequestOptions {
    if (this.#plain.has(model.id)) return { justification: JUSTIFICATION };
    const sampling = { temperature, max_tokens: maxTokens, ...(seed === undefined ? {} : { seed }) };
    return { justification: JUSTIFICATION, modelOptions: sampling };
  }

  /** Remembers a model that does not take the options, as reasoning models do not take a temperature. */
  #learns(error: unknown, model: string): boolean {
    if (this.#plain.has(model) || !isNotTaken(reasonOf(error))) return false;
    if (!/temperature|max_tokens|seed|option|parameter/i.test(reasonOf(error))) return false;
    this.#plain.add(model);
    return true;
  }
}

function usedUp(requests: number): ChatOutcome {
  const message = `The ${requests} requests that a run may make of models without a price are used up; 'solvent.editorModels.unpricedRequests' says how many there are.`;
  return { kind: 'refused', status: 429, message, retryable: false };
}

function refusedOptions(model: string): ChatOutcome {
  const message = `${model} does not take a temperature or a limit, so it is asked without.`;
  return { kind: 'refused', status: 400, message, retryable: true };
}

/** The outcome of a request that was ended from this side. */
function stoppedBy(watch: SilenceWatch, model: string, text: string): ChatOutcome | undefined {
  const cut = (message: string, retryable: boolean): ChatOutcome => ({ kind: 'cut', text, message, retryable });
  if (watch.endless) return cut(`${model} did not come to an end, so the call was given up.`, true);
  if (watch.silentMs !== undefined) {
    return cut(`${model} stayed silent for ${watch.silentMs / 1000} s, so the call was given up.`, true);
  }
  return watch.cancelled ? cut('Cancelled while the answer was under way.', false) : undefined;
}

function messageOf({ role, content }: ChatMessage): vscode.LanguageModelChatMessage {
  const { LanguageModelChatMessage: Message } = vscode;
  // The editor knows no system messages.
  return role === 'assistant' ? Message.Assistant(content) : Message.User(content);
}

/** Tokens of the prompt by the model's own count of its messages; where it does not count, their bytes. */
async function countAll(
  model: vscode.LanguageModelChat,
  messages: readonly vscode.LanguageModelChatMessage[],
  request: ChatRequest,
): Promise<number> {
  const counts = await Promise.all(
    messages.map(async (message, index) => {
      const counted = await Promise.resolve(model.countTokens(message)).catch(() => Number.NaN);
      const bytes = Buffer.byteLength(request.messages[index]?.content ?? '');
      return Number.isSafeInteger(counted) && counted >= 0 ? counted : bytes;
    }),
  );
  return counts.reduce((sum, tokens) => sum + tokens, 0);
}

/** The parts of an answer. Newer editors tell text and thinking apart; of the older ones there is the text. */
async function* partsOf(response: vscode.LanguageModelChatResponse): AsyncGenerator<StreamPart, void> {
  const { stream } = response as { readonly stream?: AsyncIterable<unknown> };
  if (stream === undefined) {
    for await (const text of response.text) yield { text, hidden: false };
    return;
  }
  const { LanguageModelTextPart: TextPart } = vscode as { readonly LanguageModelTextPart?: new () => unknown };
  for await (const part of stream) {
    const value = typeof part === 'object' && part !== null && 'value' in part ? part.value : part;
    const text = Array.isArray(value) ? value.join('') : value;
    if (typeof text === 'string') yield { text, hidden: TextPart !== undefined && !(part instanceof TextPart) };
  }
}
