import type { Subscriber } from '../events';
import type { Language } from '../task/task';
import type { JournalEntry } from './entry';
import type { Journal } from './journal';
import { type Clock, RunRecorder } from './recorder';

/** A subscriber that keeps a run in the journal, and passes every event on. */
export interface Kept {
  readonly emit: Subscriber;
  /** Resolves when what the run came to is written, with that; with undefined where nothing is kept of it. */
  readonly written: () => Promise<JournalEntry | undefined>;
}

/** Keeps a run in the journal; without one, events are only passed on. */
export function kept(journal: Journal | undefined, language: Language, emit: Subscriber, clock?: Clock): Kept {
  const recorder = new RunRecorder(language, clock);
  let writing: Promise<JournalEntry | undefined> = Promise.resolve(undefined);
  return {
    emit: (event) => {
      emit(event);
      const entry = recorder.on(event);
      if (entry !== undefined && journal !== undefined) writing = journal.add(entry).then(() => entry);
    },
    written: () => writing,
  };
}
