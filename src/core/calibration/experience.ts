import type { JournalEntry } from '../journal/entry';
import { Calibration, LATEST } from './calibration';

/** What the runs say so far, where many follow one another: each counts from the next one on. */
export class Experience {
  #entries: readonly JournalEntry[];
  #calibration: Calibration | undefined;

  /** @param entries the runs of before, the oldest first */
  constructor(entries: readonly JournalEntry[]) {
    this.#entries = entries;
  }

  get calibration(): Calibration {
    return (this.#calibration ??= new Calibration(this.#entries));
  }

  /** Counts one more run. */
  add(entry: JournalEntry): void {
    this.#entries = [...this.#entries, entry].slice(-LATEST);
    this.#calibration = undefined;
  }
}
