import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the third-party data is: $SOLVENT_DATA, else beside the checkout. Undefined where it is absent. */
export function dataFolder(): string | undefined {
  const folder = process.env['SOLVENT_DATA'] ?? path.resolve(import.meta.dirname, '../../../../shared/data');
  return existsSync(path.join(folder, FILE)) ? folder : undefined;
}

/** What to do where {@link dataFolder} finds none. */
export const NO_DATA =
  'There are no recordings: set SOLVENT_DATA to the folder that holds humaneval/recordings-even.jsonl and ' +
  'mbpp-typed/recordings-even.jsonl (by default shared/data beside the checkout).';

const FILE = path.join('humaneval', 'recordings-even.jsonl');

/** Typed stubs of MBPP, with one visible test each. */
const TYPED_FILE = path.join('mbpp-typed', 'recordings-even.jsonl');

/** A task with the completions that real models once gave to it. */
export interface Recording {
  readonly task_id: string;
  readonly prompt: string;
  readonly entry_point: string;
  /** The hidden test: a function `check` of the answer. It only grades. */
  readonly test: string;
  readonly visible_tests: readonly string[];
  readonly recordings: Readonly<
    Record<
      string,
      {
        readonly samples?: readonly { readonly text: string }[];
        /** One run of repair: the implementations in the order in which they were written. */
        readonly repair?: { readonly implementations: readonly string[] };
      }
    >
  >;
}

export interface Message {
  readonly role: string;
  readonly content: string;
}

/** The 82 tasks of HumanEval. */
export async function readRecordings(folder: string): Promise<readonly Recording[]> {
  return (await rowsOf(folder, FILE)) as readonly Recording[];
}

/** A completion by one way of prompting, such as `chain-of-thought`; `repair` is another thing. */
type Prompted = Readonly<Record<string, { readonly text?: string } | undefined>>;

/** The 203 tasks of MBPP with typed stubs; a model's samples are what it answered to several ways of prompting. */
export async function readTypedRecordings(folder: string): Promise<readonly Recording[]> {
  return ((await rowsOf(folder, TYPED_FILE)) as readonly Recording[]).map((row) => ({
    ...row,
    task_id: `MBPP/${row.task_id}`,
    recordings: Object.fromEntries(
      Object.entries(row.recordings).map(([model, recorded]) => {
        const samples = Object.values(recorded as Prompted).flatMap((one) =>
          one?.text === undefined ? [] : { text: one.text },
        );
        return [model, { ...recorded, samples }];
      }),
    ),
  }));
}

async function rowsOf(folder: string, file: string): Promise<readonly unknown[]> {
  const text = await readFile(path.join(folder, file), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/**
 * Answers requests with recorded completions. The task is found by its stub in the messages, and by nothing else. What
 * is asked decides the sample: the same messages and seed always get the same one, a changed prompt draws anew, and
 * where the conversation holds a step of the model's recorded repair, the next step follows. That models retrying and
 * recorded repair, not free conversation.
 */
export class Recordings {
  readonly #tasks: readonly { readonly stub: string; readonly recording: Recording }[];

  constructor(recordings: readonly Recording[]) {
    this.#tasks = recordings.map((recording) => ({ stub: squeeze(recording.prompt), recording }));
  }

  /** The answer of a model; undefined where nothing was recorded for it. */
  answer(model: string, messages: readonly Message[], seed: number | null): string | undefined {
    const recorded = this.#find(messages)?.recordings[model];
    if (recorded === undefined) return undefined;
    const steps = recorded.repair?.implementations ?? [];
    const said = squeeze(messages.map(({ content }) => content).join('\n'));
    const last = steps.findLastIndex((step) => said.includes(squeeze(step)));
    const next = last === -1 ? undefined : steps[last + 1];
    if (next !== undefined) return next;
    // The first step of a repair is a first answer like the others.
    const samples = [...(recorded.samples ?? []).map(({ text }) => text), ...steps.slice(0, 1)];
    return samples[draw(JSON.stringify([model, messages, seed]), samples.length)];
  }

  #find(messages: readonly Message[]): Recording | undefined {
    const said = squeeze(messages.map(({ content }) => content).join('\n'));
    const found = this.#tasks.filter(({ stub }) => said.includes(stub));
    return found.sort((a, b) => b.stub.length - a.stub.length)[0]?.recording;
  }
}

/** A whole number from 0 to below `count`, always the same for the same text. */
export function draw(text: string, count: number): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) % count;
}

/** Prompts may indent and wrap a stub otherwise. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
