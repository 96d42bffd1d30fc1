import { readFile } from 'node:fs/promises';
import { perMillion } from '../../src/core/money';
import { answerTo } from '../../src/demo/answers';
import { DEMO_CATALOGUE } from '../../src/demo/models';
import { SAMPLES } from '../../src/demo/samples';

import type { Answers } from '../servers/hostileServer';
import { dataFolder, type Message, type Recording, readRecordings } from '../servers/recordings';
import { recordedAnswers, REPLAY_MODELS } from '../servers/replayServer';

/** Tasks, models that have answers to them, and budgets from tight to ample. */
export interface Workload {
  /** What it is, for people. */
  readonly name: string;
  /** In the format of task files. */
  readonly tasks: readonly { readonly id: string }[];
  readonly answers: Answers;
  /** The text of a model list. */
  readonly models: string;
  /** USD for one task. */
  readonly budgets: readonly string[];
}

/** Recorded completions where the third-party data is there, else the demo's scripted ones. */
export async function workload(): Promise<Workload> {
  const folder = dataFolder();
  return folder === undefined ? scripted() : recorded(folder);
}

/** The recorded tasks with their visible tests. */
export async function recorded(folder: string): Promise<Workload> {
  const recordings = await readRecordings(folder);
  return {
    name: `${recordings.length} HumanEval tasks, recorded completions of gpt-4, gpt-3.5-turbo and codellama-34b-instruct`,
    tasks: recordings.map(taskOf),
    answers: recordedAnswers(recordings),
    models: await readFile(REPLAY_MODELS, 'utf8'),
    budgets: ['0.001', '0.002', '0.005', '0.02', '0.08'],
  };
}

function taskOf({ task_id, prompt, entry_point, visible_tests }: Recording): { readonly id: string } {
  const task = { id: task_id, language: 'python', prompt, entryPoint: entry_point, tests: visible_tests };
  return task;
}

/** The demo's answers do not depend on the seed: only what goes wrong differs from draw to draw. */
function scripted(): Workload {
  const models = DEMO_CATALOGUE.models.map(({ id, tier, price, contextWindow, maxOutputTokens, tokenizer }) => ({
    ...{ id, tier, contextWindow, maxOutputTokens, tokenizer },
    inputUsdPerMTok: perMillion(price.input),
    outputUsdPerMTok: perMillion(price.output),
  }));
  return {
    name: `${SAMPLES.length} sample tasks of the demo, scripted answers of two made-up models`,
    tasks: SAMPLES.map(({ task }) => task),
    answers: ({ model, messages }) => {
      const reply = answerTo(model, messages.map(asChat), SAMPLES);
      return 'text' in reply ? reply.text : undefined;
    },
    models: JSON.stringify({ asOf: DEMO_CATALOGUE.asOf, models }),
    budgets: ['0.00015', '0.0004', '0.001', '0.002', '0.01'],
  };
}

function asChat({ role, content }: Message): Parameters<typeof answerTo>[1][number] {
  return { role: role === 'assistant' ? 'assistant' : 'user', content };
}
