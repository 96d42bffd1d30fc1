import type { LimitStruck, Outcome, TestOutcome } from './verdict';

/** Characters of a test's source that its name keeps. */
const NAME_LENGTH = 200;

/** What the judge is busy with, as far as it has said. */
export type Stage = 'start' | 'load' | 'setup' | 'test' | 'between' | 'end';

interface Done {
  readonly ok: boolean;
  readonly message: string | undefined;
  readonly durationMs: number;
  readonly gone: boolean;
  readonly outcome: Outcome | undefined;
}

/**
 * Reads the judge's events, one JSON object a line, and holds them to their order: a test is done only after it was
 * started, in turn, once. The first line that is out of order ends the reading, and nothing after it counts.
 */
export class Report {
  stage: Stage = 'start';
  /** The limit that the judge saw the code run into. */
  struck: LimitStruck | undefined;
  /** Set when the sandbox failed before any of the code ran. */
  failed = false;
  /** Why reading stopped early, undefined while all is well. */
  broken: string | undefined;
  private readonly done: Done[] = [];
  private rest = '';
  private entered = performance.now();

  constructor(private readonly tests: readonly string[]) {}

  /** Whether the judge saw the code's process end. */
  get gone(): boolean {
    return this.done.some(({ gone }) => gone);
  }

  /** Takes the next piece of the judge's report. */
  feed(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.broken === undefined && !this.read(line)) this.broken = 'the report of the tests is out of order';
    }
  }

  /**
   * The outcomes of all tests, in their order.
   * @param running why the test that was running has no outcome
   * @param waiting why those after it were not run
   * @param ending how the code's process ended, added to outcomes that its end caused
   */
  outcomes(running: string, waiting: string, ending: string): TestOutcome[] {
    return this.tests.map((source, index): TestOutcome => {
      const name = oneLine(source);
      const done = this.done[index];
      if (done === undefined) {
        const current = index === this.done.length && this.stage !== 'between';
        return current
          ? { name, ok: false, message: running, durationMs: this.stage === 'test' ? this.lasted() : 0 }
          : { name, ok: false, message: waiting, durationMs: 0 };
      }
      const { outcome } = done;
      if (done.ok)
        return { name, ok: true, durationMs: done.durationMs, ...(outcome === undefined ? {} : { outcome }) };
      const message = (done.message ?? 'failed') + (done.gone ? ending : '');
      return { name, ok: false, message, durationMs: done.durationMs };
    });
  }

  private read(line: string): boolean {
    const event = parse(line);
    if (event === undefined || this.stage === 'end') return false;
    if (event['failed'] === 'candidate' && this.stage === 'start') {
      this.failed = true;
      return true;
    }
    if (event['phase'] === 'load' && this.stage === 'start') return this.enter('load');
    if (event['phase'] === 'setup' && this.stage === 'load') return this.enter('setup');
    if (typeof event['start'] === 'number') {
      return event['start'] === this.done.length && this.stage !== 'test' && this.enter('test');
    }
    if (typeof event['done'] === 'number') return this.finish(event);
    if (event['killed'] === 'memory' || event['killed'] === 'processes') {
      this.struck ??= event['killed'];
      return true;
    }
    return event['end'] === true && this.done.length === this.tests.length && this.enter('end');
  }

  private finish(event: Readonly<Record<string, unknown>>): boolean {
    const { done, ok, message, ms, gone } = event;
    if (this.stage !== 'test' || done !== this.done.length || done >= this.tests.length) return false;
    if (typeof ok !== 'boolean' || typeof ms !== 'number' || (message !== undefined && typeof message !== 'string')) {
      return false;
    }
    const outcome = event['outcome'] === undefined ? undefined : outcomeOf(event['outcome']);
    if (event['outcome'] !== undefined && outcome === undefined) return false;
    this.done.push({ ok, message, durationMs: ms, gone: gone === true, outcome });
    return this.enter('between');
  }

  /** How long the present stage has lasted, in ms, to the microsecond. */
  private lasted(): number {
    return Math.round((performance.now() - this.entered) * 1000) / 1000;
  }

  private enter(stage: Stage): boolean {
    this.stage = stage;
    this.entered = performance.now();
    return true;
  }
}

/** A test's source on one line, shortened. */
export function oneLine(source: string): string {
  const text = source.trim().replace(/\s*\n\s*/g, ' ');
  return text.length <= NAME_LENGTH ? text : `${text.slice(0, NAME_LENGTH - 3)}...`;
}

/** Undefined where it is none. */
function outcomeOf(told: unknown): Outcome | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const { kind, exact, loose, name } = told as Readonly<Record<string, unknown>>;
  if (kind === 'value' && typeof exact === 'string' && typeof loose === 'string') return { kind, exact, loose };
  if (kind === 'error' && typeof name === 'string') return { kind, name };
  return kind === 'opaque' ? { kind } : undefined;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
