import { KEPT_OUTPUT } from '../verdict';

/** Keeps all that a run prints, up to a bound that ends the run anyway. */
export class Capture {
  bytes = 0;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(private readonly most: number) {}

  take(chunk: Buffer): void {
    if (this.bytes <= this.most) this.#text += this.#decoder.decode(chunk, { stream: true });
    this.bytes += chunk.length;
  }

  get text(): string {
    return this.#text;
  }
}

/** The beginning and, since test runners say last what matters most, the longer end of an output. */
export function cutOutput(text: string, length: number = KEPT_OUTPUT): string {
  if (text.length <= length) return text;
  const head = Math.floor(length / 4);
  const dropped = text.length - length;
  return `${text.slice(0, head)}\n[... ${dropped} more characters]\n${text.slice(head + dropped)}`;
}
