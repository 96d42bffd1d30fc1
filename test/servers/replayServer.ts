import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { drawnFates, type FaultPlan, NO_FAULTS } from './hostileFaults';
import { type Answers, type HostileServer, startHostileServer } from './hostileServer';
import { type Message, type Recording, readRecordings, Recordings } from './recordings';

/** The models of the replay server with the prices of their time. */
export const REPLAY_MODELS = path.resolve(import.meta.dirname, '../replay/models.json');

/** Starts a server that answers with the recorded completions of real models in a folder of third-party data. */
export async function startReplayServer(dataFolder: string, faults: FaultPlan = NO_FAULTS): Promise<HostileServer> {
  const answers = recordedAnswers(await readRecordings(dataFolder));
  return startHostileServer({ answers, models: await readFile(REPLAY_MODELS, 'utf8'), fates: drawnFates(faults) });
}

/** Executors answer with what was recorded; critics know nothing. */
export function recordedAnswers(recorded: readonly Recording[]): Answers {
  const recordings = new Recordings(recorded);
  return ({ role, model, messages, seed }) => {
    if (role === 'critic') return critiqueOf(messages);
    return role === 'executor' || role === '' ? recordings.answer(model, messages, seed) : undefined;
  };
}

/**
 * There are no recorded critics of single answers. This one knows nothing of the task: it repeats the last line of its
 * prompt that reports a failure, and says to mend that.
 */
function critiqueOf(messages: readonly Message[]): string {
  const lines = messages.flatMap(({ content }) => content.split('\n'));
  const failure = lines.findLast((line) => /\b(?:assert|\w*error|exception|expected|failed|timed out)\b/i.test(line));
  return failure === undefined
    ? 'No failure is shown. Check the edge cases of the task once more.'
    : `This fails: ${failure.trim().slice(0, 200)} Follow that case through the code by hand and correct the step where it goes wrong.`;
}
