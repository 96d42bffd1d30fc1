import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lineMap } from './lineMap';
import { Unreadable } from './unreadable';

/** A text of JavaScript, or why there is none. */
export interface Stripped {
  readonly text: string;
  /** Set where the text is none of the language, such as "Expression expected (line 3)"; then it is unchanged. */
  readonly problem?: string;
  /** For each line of the text, counted from 0, its line in the source; absent where they are the same. */
  readonly lines?: readonly number[];
}

/** What the thread says of one text. */
interface Said {
  readonly text: string;
  readonly problem?: string;
  readonly map?: string;
}

type Answer = { readonly stripped: readonly Said[] } | { readonly broken: string };

/** MiB of heap for the thread. */
const HEAP_MB = 256;

/**
 * Takes types away, in a thread: what a candidate wrote can keep the library busy for ever, or break it. Then the thread is
 * ended, and the next text has a new one. One that is idle does not keep this process alive.
 */
export class Stripper {
  private idle: Worker | undefined;

  /** @param harness directory of the harness, which holds the thread's program */
  constructor(private readonly harness: string) {}

  /**
   * The texts without types, in their order.
   * @param seconds how long that may take, without the start of the thread
   * @throws Unreadable when it takes longer, or breaks the library
   */
  async strip(sources: readonly string[], seconds: number): Promise<readonly Stripped[]> {
    const thread = await this.take();
    let answer: Answer | undefined;
    try {
      answer = await answerOf(thread, sources, seconds);
      if (answer === undefined) throw new Unreadable(`reading the code took longer than ${seconds} s`, 'time');
      if ('broken' in answer) throw new Unreadable('the code is nested too deeply to be read');
      return answer.stripped.map(({ map, ...text }) => (map === undefined ? text : { ...text, lines: linesOf(map) }));
    } finally {
      if (answer === undefined || 'broken' in answer || this.idle !== undefined) void thread.terminate();
      else this.keep(thread);
    }
  }

  private async take(): Promise<Worker> {
    const { idle } = this;
    this.idle = undefined;
    if (idle !== undefined) {
      idle.ref();
      return idle;
    }
    const thread = new Worker(join(this.harness, 'script-stripper.cjs'), {
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    await once(thread, 'message');
    return thread;
  }

  private keep(thread: Worker): void {
    thread.unref();
    this.idle = thread;
  }
}

/** Undefined when there is none in time. */
async function answerOf(thread: Worker, sources: readonly string[], seconds: number): Promise<Answer | undefined> {
  const over = new AbortController();
  const timer = setTimeout(() => {
    over.abort();
  }, seconds * 1000);
  thread.postMessage(sources);
  try {
    const [answer] = (await once(thread, 'message', { signal: over.signal })) as [Answer];
    return answer;
  } catch (error) {
    if (over.signal.aborted) return undefined;
    if (isShort(error)) throw new Unreadable(`reading the code took more than ${HEAP_MB} MiB`, 'memory');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function isShort(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function linesOf(map: string): readonly number[] {
  return lineMap((JSON.parse(map) as { mappings: string }).mappings);
}
