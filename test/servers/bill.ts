import { decode, encode } from 'gpt-tokenizer/encoding/o200k_base';
import type { Message } from './recordings';

/**
 * The bill of a test server. It shares nothing with the code that it checks: prices come from the model list's own text,
 * arithmetic is on whole atto-dollars (10^-18 USD).
 */
export class Bill {
  readonly #prices: ReadonlyMap<string, { readonly input: bigint; readonly output: bigint }>;
  readonly #runs = new Map<string, bigint>();

  /** @param modelList the text of a model list, with prices in USD per million tokens */
  constructor(modelList: string) {
    const { models } = JSON.parse(modelList) as {
      models: { id: string; inputUsdPerMTok: number | string; outputUsdPerMTok: number | string }[];
    };
    this.#prices = new Map(
      models.map(({ id, inputUsdPerMTok, outputUsdPerMTok }) => [
        id,
        { input: attoUsd(String(inputUsdPerMTok)) / MILLION, output: attoUsd(String(outputUsdPerMTok)) / MILLION },
      ]),
    );
  }

  knows(model: string): boolean {
    return this.#prices.has(model);
  }

  /** What tokens of a model cost by its list price, in atto-dollars. */
  cost(model: string, promptTokens: number, completionTokens: number): bigint {
    const price = this.#prices.get(model);
    if (price === undefined) throw new Error(`No price of ${model}.`);
    return price.input * BigInt(promptTokens) + price.output * BigInt(completionTokens);
  }

  /** Charges a run for tokens of a model. */
  charge(run: string, model: string, promptTokens: number, completionTokens: number): void {
    this.chargeAmount(run, this.cost(model, promptTokens, completionTokens));
  }

  /** Charges a run an amount, in atto-dollars. */
  chargeAmount(run: string, amount: bigint): void {
    this.#runs.set(run, this.of(run) + amount);
  }

  /** What a run was charged, in atto-dollars. */
  of(run: string): bigint {
    return this.#runs.get(run) ?? 0n;
  }

  /** What all runs were charged, in atto-dollars. */
  get total(): bigint {
    return [...this.#runs.values()].reduce((sum, amount) => sum + amount, 0n);
  }
}

const MILLION = 1_000_000n;
const PLACES = 18;

/** Reads decimal USD, "0.000154", as atto-dollars. @throws Error for anything else. */
export function attoUsd(text: string): bigint {
  const match = /^(\d+)(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) throw new Error(`'${text}' is no plain decimal amount.`);
  return BigInt(`${match[1] ?? '0'}${(match[2] ?? '').padEnd(PLACES, '0')}`);
}

/** Atto-dollars as decimal USD, "0.000154". */
export function decimalUsd(amount: bigint): string {
  const digits = amount.toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  return digits.slice(0, -PLACES) + (fraction === '' ? '' : `.${fraction}`);
}

const PLAIN = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** Tokens of a text by o200k_base. */
export function tokensOf(text: string): number {
  return encode(text, PLAIN).length;
}

/** Tokens of a prompt: 3 for each message and 3 to prime the answer. */
export function promptTokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + 3 + tokensOf(content), 3);
}

/** As much of a text as fits into so many tokens. */
export function firstTokens(text: string, most: number): string {
  const tokens = encode(text, PLAIN);
  if (tokens.length <= most) return text;
  let kept = most;
  let cut = decode(tokens.slice(0, kept));
  // A cut within a character reads as another one, which may take more tokens.
  while (tokensOf(cut) > most) cut = decode(tokens.slice(0, --kept));
  return cut;
}

/** One token wherever it stands. */
export const FILLER = ' x';

/** A text of exactly so many tokens that begins as the given one does. */
export function exactTokens(text: string, count: number): string {
  let exact = firstTokens(text, count);
  for (let missing = count - tokensOf(exact); missing > 0; missing = count - tokensOf(exact)) {
    exact += FILLER.repeat(missing);
  }
  return exact;
}
