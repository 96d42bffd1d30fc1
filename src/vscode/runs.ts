import type { RunEvent, Subscriber } from '../core/events';
import type { Money } from '../core/money';
import { openRecord, recorded, type RunHeading, type RunRecord } from '../report/record';
import type { Question } from './question';

/** Something that shows runs. It learns of every event with the record that it leads to. Must not throw. */
export interface RunView {
  /** A run begins; nothing has happened in it yet. */
  begun(record: RunRecord, question: Question): void;
  happened(event: RunEvent, record: RunRecord): void;
}

/** A run under way. */
export interface ActiveRun {
  readonly emit: Subscriber;
  readonly signal: AbortSignal;
  /** What has happened so far. */
  readonly record: () => RunRecord;
  /** To be called when the run is over, whatever became of it. */
  readonly close: () => void;
}

/** The one run that this window may have, and its views. */
export class Runs {
  #active: AbortController | undefined;

  /** @param changed is told whether a run is under way, each time that changes. */
  constructor(
    private readonly views: readonly RunView[],
    private readonly changed: (running: boolean) => void,
  ) {}

  get running(): boolean {
    return this.#active !== undefined;
  }

  /** Opens a run of a question. @throws where one is under way: ask `running` first. */
  begin(heading: RunHeading, budget: Money, question: Question): ActiveRun {
    if (this.#active !== undefined) throw new Error('A run is under way in this window.');
    const controller = new AbortController();
    this.#active = controller;
    let record = openRecord(heading, budget);
    for (const view of this.views) view.begun(record, question);
    this.changed(true);
    return {
      signal: controller.signal,
      record: () => record,
      emit: (event) => {
        record = recorded(record, event);
        for (const view of this.views) view.happened(event, record);
      },
      close: () => {
        this.#active = undefined;
        this.changed(false);
      },
    };
  }

  /** Asks the run to stop; it still reports what was spent. */
  cancel(): void {
    this.#active?.abort();
  }

  /** The window closes: a run under way is not left to itself. */
  dispose(): void {
    this.cancel();
  }
}
