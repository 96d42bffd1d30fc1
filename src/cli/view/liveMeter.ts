import type { RunEvent } from '../../core/events';
import type { Money } from '../../core/money';
import type { Task } from '../../core/task/task';
import { openRecord, recorded, type RunRecord } from '../../report/record';
import { counted } from '../../report/text';
import { meterLine } from './meterLine';
import type { Screen } from './screen';

/** How often the live line is redrawn, in ms: often enough to be lively, seldom enough not to flicker. */
const REDRAW_MS = 100;

/** Follows the events of one run: keeps its record, and redraws the meter below the lines of the screen. */
export class LiveMeter {
  #record: RunRecord;
  #frame = 0;
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param prefix stands before the meter, such as the number of the task */
  constructor(
    private readonly screen: Screen,
    task: Task,
    budget: Money,
    sandbox: string,
    private readonly prefix = '',
  ) {
    const { id, language, tests } = task;
    this.#record = openRecord(
      { run: id, task: id, language, tests: counted(tests.length, 'test'), sandbox, startedAt: Date.now() },
      budget,
    );
    if (!screen.live) return;
    this.#timer = setInterval(() => {
      this.#draw();
    }, REDRAW_MS).unref();
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** Takes an event into account. The next redraw shows it. */
  on(event: RunEvent): void {
    this.#record = recorded(this.#record, event);
  }

  /** Takes the live line away. */
  end(): void {
    clearInterval(this.#timer);
    this.screen.status('');
  }

  #draw(): void {
    const { screen, prefix } = this;
    // A question is open: the cursor is where the answer is typed.
    if (this.#record.asking !== undefined) return;
    this.#frame++;
    screen.status(prefix + meterLine(this.#record, screen.paint, screen.width() - prefix.length, this.#frame));
  }
}
