import { clip } from './cells';
import { COLOURS, NO_COLOURS, type Paint } from './paint';

/** The part of a Node stream that is written to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where lines go: a terminal with one live line below them, or a pipe or file that gets the lines alone. */
export interface Screen {
  readonly paint: Paint;
  /** Whether there is a live line. */
  readonly live: boolean;
  /** Cells of a line. */
  width(): number;
  /** Prints a line for good. */
  line(text?: string): void;
  /** Redraws the live line; an empty text takes it away. Does nothing where there is none. */
  status(text: string): void;
}

/** Lines of files and pipes are not cut, and tables in them look as on a usual terminal. */
const PLAIN_WIDTH = 100;

/** Wider lines are hard to read, narrower ones are not worth laying out for. */
const WIDEST = 120;
const NARROWEST = 40;

/** A screen on a stream. Colours and the live line are for terminals only; NO_COLOR and TERM=dumb are honoured. */
export function screenOn(output: Output, env: Readonly<Record<string, string | undefined>>): Screen {
  const terminal = output.isTTY === true && env['TERM'] !== 'dumb';
  const coloured = terminal && (env['NO_COLOR'] ?? '') === '';
  const paint = coloured ? COLOURS : NO_COLOURS;
  return terminal ? new Terminal(output, paint) : new Pipe(output, paint);
}

/** A screen that shows nothing. */
export const NO_SCREEN: Screen = {
  paint: NO_COLOURS,
  live: false,
  width: () => PLAIN_WIDTH,
  line: () => undefined,
  status: () => undefined,
};

class Pipe implements Screen {
  readonly live = false;

  constructor(
    private readonly output: Output,
    readonly paint: Paint,
  ) {}

  width(): number {
    return PLAIN_WIDTH;
  }

  line(text = ''): void {
    this.output.write(`${text.trimEnd()}\n`);
  }

  status(): void {
    // A pipe has no line that could be redrawn.
  }
}

class Terminal implements Screen {
  readonly live = true;
  #status = '';

  constructor(
    private readonly output: Output,
    readonly paint: Paint,
  ) {}

  width(): number {
    return Math.max(NARROWEST, Math.min(WIDEST, this.output.columns ?? 80));
  }

  line(text = ''): void {
    // One write for both lines, so that no half-drawn state is ever seen.
    this.output.write(`\r${ERASE}${text}\n${this.#status}`);
  }

  status(text: string): void {
    // The last cell stays free: some terminals wrap as soon as it is taken.
    const next = clip(text, Math.min(this.width(), this.output.columns ?? 80) - 1);
    if (next === this.#status) return;
    this.#status = next;
    this.output.write(`\r${next}${ERASE}`);
  }
}

/** Erases from the cursor to the end of the line. */
const ERASE = '\u001b[K';
