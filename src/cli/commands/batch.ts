import { realpath } from 'node:fs/promises';
import { formatUsd, times } from '../../core/money';
import { warningText } from '../../report/moneyText';
import { counted, oneLine } from '../../report/text';
import type { BatchOptions } from '../args';
import { type Job, readJobs } from '../batch/jobs';
import { OutFile } from '../batch/outFile';
import { runPool } from '../batch/pool';
import { Progress } from '../batch/progress';
import { CommandError, EXIT, type ExitCode } from '../exitCode';
import { readText } from '../files';
import { type CliParts, requestFor, runParts, runTask } from '../parts';
import { errorLine, resultLine, type ResultLine } from '../resultLine';
import { sentenceOf } from '../sentence';
import { type Screen, screenOn } from '../view/screen';
import { tell } from '../view/tell';
import type { World } from '../world';

/** How often the live line is redrawn, and how often a plain line is printed, in ms. */
const REDRAW_MS = 150;
const PLAIN_MS = 10_000;

/** Errors that are shown while the batch runs; they are all in the result lines. */
const SHOWN_ERRORS = 10;

/** Solves many tasks, each within the budget, and appends a result line for every one of them. */
export async function batchCommand(options: BatchOptions, world: World): Promise<ExitCode> {
  const jobs = readJobs(await readText(options.tasks, 'The tasks file'));
  await refuseSameFile(options);
  const languages = new Set(jobs.flatMap((job) => ('task' in job ? [job.task.language] : [])));
  const parts = await runParts(options, world, languages.size === 1 ? [...languages][0] : undefined);
  const out = await OutFile.open(options.out);
  try {
    return await runBatch(jobs, out, parts, options, world);
  } finally {
    await out.close();
  }
}

async function runBatch(
  jobs: readonly Job[],
  out: OutFile,
  parts: CliParts,
  options: BatchOptions,
  world: World,
): Promise<ExitCode> {
  const { budget, concurrency } = options;
  const pending = jobs.filter(({ id }) => !out.done.has(id));
  const screen = screenOn(world.stdout, world.env);
  const { paint } = screen;
  const warn = (text: string): void => {
    tell(screen, text, { shade: paint.yellow });
  };
  tell(
    screen,
    `${counted(pending.length, 'task')}, at most ${formatUsd(budget)} each and ` +
      `${formatUsd(times(budget, pending.length))} in all; ${parts.sandbox.description}`,
  );
  if (out.repaired) warn(`The last line of ${options.out} was torn: it is cut off and done again.`);
  if (pending.length < jobs.length)
    tell(screen, `${jobs.length - pending.length} skipped: ${options.out} has them.`, { shade: paint.dim });
  for (const note of parts.catalogue.notes ?? []) warn(oneLine(note, 2000));

  const progress = new Progress(pending.length);
  const stopDrawing = drawProgress(screen, progress);
  let errors = 0;
  const finish = async (line: ResultLine): Promise<void> => {
    await out.append(line);
    progress.ended(line);
    if (line.status !== 'error' || ++errors > SHOWN_ERRORS) return;
    tell(screen, `✗ ${errorText(line)}`, { shade: paint.red });
    if (errors === SHOWN_ERRORS) screen.line(paint.dim(`  Further errors are in ${options.out} only.`));
  };
  const work = async (job: Job): Promise<void> => {
    if ('error' in job) return finish(errorLine(job.id, job.error, { ...options, tests: 0 }));
    const { line, interrupted } = await runJob(job.task, parts, options, world, progress, warn);
    // A task that the user interrupted is not finished: it gets no line, so that the next start does it.
    if (interrupted) progress.ended(line, true);
    else await finish(line);
  };
  try {
    await runPool(pending, concurrency, work, world.interrupt);
  } finally {
    stopDrawing();
  }
  for (const line of ['', ...progress.summary(paint)]) screen.line(line);
  tell(screen, `The results are in ${options.out}.`);
  if (!world.interrupt.aborted) return EXIT.ok;
  const missing = pending.length - progress.finished;
  warn(`Interrupted: ${counted(missing, 'task')} left. The same command goes on from here.`);
  return EXIT.interrupted;
}

async function runJob(
  task: Extract<Job, { task: unknown }>['task'],
  parts: CliParts,
  options: BatchOptions,
  { interrupt }: World,
  progress: Progress,
  warn: (text: string) => void,
): Promise<{ readonly line: ResultLine; readonly interrupted: boolean }> {
  const { budget, maxSeconds } = options;
  try {
    const result = await runTask(
      requestFor(task, budget, options),
      parts,
      (event) => {
        if ('account' in event) progress.running(task.id, event.account);
        if (event.type === 'warning' && event.warning.cap !== 'run') warn(warningText(event.warning));
      },
      maxSeconds,
      interrupt,
    );
    return { line: resultLine(result), interrupted: result.stop === 'cancelled' && interrupt.aborted };
  } catch (error) {
    // One bad task never stops the others.
    const line = errorLine(task.id, sentenceOf(error), { ...options, tests: task.tests.length });
    return { line, interrupted: interrupt.aborted };
  }
}

/** "HumanEval/0: the sentence that says what is wrong". A broken line's sentence names the line itself. */
function errorText({ id, error = '' }: ResultLine): string {
  const said = oneLine(error, 400);
  return said.startsWith(`${id}: `) ? said : `${oneLine(id, 60)}: ${said}`;
}

/** Shows the progress until the returned function is called. */
function drawProgress(screen: Screen, progress: Progress): () => void {
  let shown = '';
  const draw = (): void => {
    if (screen.live) {
      screen.status(progress.liveLine(screen.paint, screen.width()));
      return;
    }
    const line = progress.plainLine();
    if (line !== shown) screen.line(line);
    shown = line;
  };
  const timer = setInterval(draw, screen.live ? REDRAW_MS : PLAIN_MS).unref();
  return () => {
    clearInterval(timer);
    screen.status('');
  };
}

/** Results appended to the tasks would spoil them, and their ids would count as done. */
async function refuseSameFile({ tasks, out }: BatchOptions): Promise<void> {
  const [one, other] = await Promise.all([tasks, out].map((file) => realpath(file).catch(() => file)));
  if (one === other) throw new CommandError('--out must be another file than --tasks.');
}
