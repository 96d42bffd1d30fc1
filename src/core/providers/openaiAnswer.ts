import type { OnText } from './chat';

/** The server sent something that is no part of a chat completion; the message says what, for people. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

type Fields = Readonly<Record<string, unknown>>;

/** A chat completion as it comes together, from the chunks of a stream or from one JSON object. */
export class OpenAiAnswer {
  #text = '';
  #finish: string | undefined;
  #usage: unknown;

  /** `onText` receives what each part adds to the answer. */
  constructor(private readonly onText: OnText) {}

  get text(): string {
    return this.#text;
  }

  /** Why the model stopped: `stop`, `length`, `content_filter`...; undefined while it has not. */
  get finish(): string | undefined {
    return this.#finish;
  }

  /** The report of usage as it came; of several, which some servers send as they go, the largest. */
  get usage(): unknown {
    return this.#usage;
  }

  /** Takes one chunk of a stream. @throws MalformedAnswer */
  chunk(value: unknown): void {
    this.#take(value, 'delta');
  }

  /** Takes a whole answer, from a server that does not stream. @throws MalformedAnswer */
  whole(json: string): void {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      throw new MalformedAnswer(`something that is not JSON: ${json.slice(0, 400)}`);
    }
    if (!isFields(value) || !Array.isArray(value['choices']) || value['choices'].length === 0) {
      const error = isFields(value) ? value['error'] : undefined;
      throw new MalformedAnswer(`no completion: ${JSON.stringify(error ?? value).slice(0, 400)}`);
    }
    this.#take(value, 'message');
    // The JSON is whole, so the answer is, also where a server leaves the reason out.
    this.#finish ??= 'stop';
  }

  #take(value: unknown, name: 'delta' | 'message'): void {
    if (!isFields(value)) throw new MalformedAnswer(`a part that is no object: ${JSON.stringify(value).slice(0, 200)}`);
    const { choices = [], usage } = value;
    this.#usage = largerOf(this.#usage, usage);
    if (!Array.isArray(choices)) throw new MalformedAnswer(`'choices' that are no list`);
    for (const choice of choices as readonly unknown[]) {
      if (!isFields(choice)) throw new MalformedAnswer(`a choice that is no object`);
      // Only one completion is ever asked for; a server that sends more is not followed.
      if ((choice['index'] ?? 0) === 0) this.#choice(choice, name);
    }
  }

  #choice(choice: Fields, name: 'delta' | 'message'): void {
    const reason = choice['finish_reason'];
    if (typeof reason === 'string' && reason !== '') this.#finish = reason;
    const part = choice[name];
    if (part === undefined || part === null) return;
    if (!isFields(part)) throw new MalformedAnswer(`a '${name}' that is no object`);
    this.#append(part['content']);
    this.#append(part['refusal']);
    // DeepSeek's word for it, and OpenRouter's.
    const thought = part['reasoning_content'] ?? part['reasoning'];
    if (typeof thought === 'string' && thought !== '') this.onText(thought, true);
  }

  #append(content: unknown): void {
    if (content === undefined || content === null || content === '') return;
    if (typeof content !== 'string') throw new MalformedAnswer(`content that is no text`);
    this.#text += content;
    this.onText(content);
  }
}

/** The larger of two reports of usage; of two that count alike, what either of them says. */
function largerOf(before: unknown, after: unknown): unknown {
  const more = tokensOf(after) - tokensOf(before);
  if (more === 0 && isFields(before) && isFields(after)) return { ...before, ...after };
  return more >= 0 ? (after ?? before) : before;
}

/** Tokens that a report of usage counts; less than none where it is no report. */
function tokensOf(usage: unknown): number {
  if (!isFields(usage)) return -1;
  const { prompt_tokens: prompt, completion_tokens: completion } = usage;
  return typeof prompt === 'number' && typeof completion === 'number' ? prompt + completion : 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
