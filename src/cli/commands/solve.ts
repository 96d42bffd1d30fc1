import type { RunResult, Status } from '../../core/result';
import type { SolveOptions } from '../args';
import { CommandError, EXIT, type ExitCode } from '../exitCode';
import { readAsked } from '../asked';
import { toJson } from '../json';
import { type CliParts, requestFor, runParts, runTask } from '../parts';
import { type ProjectProof, type Proven, proveByProject } from '../project';
import { raiseAsker } from '../raiseQuestion';
import { projectFields, resultLine } from '../resultLine';
import { LiveMeter } from '../view/liveMeter';
import { labelled } from '../view/planLines';
import { proofLines } from '../view/proofLines';
import { receiptLines } from '../view/receipt';
import { resultLines } from '../view/resultLines';
import { eventLines } from '../view/runLines';
import { NO_SCREEN, type Screen, screenOn } from '../view/screen';
import { capsNow } from '../../core/budget/caps';
import type { RunEvent } from '../../core/events';
import type { Sandbox } from '../../core/sandbox/sandbox';
import type { Decisions } from '../../core/solve';
import type { Task } from '../../core/task/task';
import { leftText } from '../../report/allowance';
import { warningText } from '../../report/moneyText';
import { counted, harmless } from '../../report/text';
import type { World } from '../world';

const EXIT_OF: Readonly<Record<Status, ExitCode>> = {
  solved: EXIT.ok,
  unsolved: EXIT.notSolved,
  exhausted: EXIT.notSolved,
  error: EXIT.notSolved,
  infeasible: EXIT.infeasible,
};

/**
 * Solves one task: for people with a live meter, or with `--json` as one result line. With a project, its tests run first on
 * the project as it is, and nothing is spent where they could not prove an answer.
 */
export async function solveCommand(options: SolveOptions, world: World): Promise<ExitCode> {
  const { task, plan } = await readAsked(options, world);
  const screen = screenFor(options, world);
  if (plan === undefined)
    return run({ options, world, screen, task, parts: await runParts(options, world, task.language) });
  const opened: ProjectProof[] = [];
  const open = async (): Promise<Sandbox> => {
    screen.status("running the project's tests before anything is spent");
    try {
      const proof = await proveByProject(plan, world);
      opened.push(proof);
      return proof.sandbox;
    } finally {
      screen.status('');
    }
  };
  try {
    const parts = await runParts(options, world, task.language, open);
    const [proof] = opened;
    if (proof === undefined) throw new Error('the project was not opened');
    return await run({ options, world, screen, task: proof.task, parts, proven: { plan, proof } });
  } finally {
    for (const proof of opened) await proof.close();
  }
}

interface Run {
  readonly options: SolveOptions;
  readonly world: World;
  readonly screen: Screen;
  readonly task: Task;
  readonly parts: CliParts;
  readonly proven?: Proven;
}

async function run({ options, world, screen, task, parts, proven }: Run): Promise<ExitCode> {
  const { paint } = screen;
  const tests = counted(task.tests.length, 'test');
  const tightest = await parts.ledger.remainder(parts.workspace, await capsNow(parts.caps));
  const heading = [
    ...labelled('Task', `${task.id} (${task.language}, ${tests})`, screen.width(), paint),
    ...labelled('Sandbox', parts.sandbox.description, screen.width(), paint),
    ...(proven === undefined ? [] : proofLines(proven.proof, screen.width(), paint)),
    ...(tightest !== undefined && tightest.left < options.budget
      ? labelled('Cap', leftText(tightest), screen.width(), paint)
      : []),
  ];
  for (const line of heading) screen.line(line);

  const meter = new LiveMeter(screen, task, options.budget, parts.sandbox.description);
  const emit: LiveMeter['on'] = (event) => {
    meter.on(event);
    for (const line of eventLines(event, screen.width(), paint)) screen.line(line);
    if (screen === NO_SCREEN) warnOfCap(event, world);
  };
  let result: RunResult;
  try {
    const request = requestFor(task, options.budget, options);
    const decisions = (signal: AbortSignal): Decisions => {
      return canAsk(options, world) ? { raise: raiseAsker(parts, { ...world, screen }, signal) } : {};
    };
    result = await runTask(request, parts, emit, options.maxSeconds, world.interrupt, decisions);
  } finally {
    meter.end();
  }
  const end = [...resultLines(result, screen.width(), paint), '', ...receiptLines(meter.record, screen.width(), paint)];
  for (const line of ['', ...end]) screen.line(line);
  const written = proven === undefined ? undefined : await write(proven, result, options);
  if (proven !== undefined && written !== undefined) {
    const { plan, proof } = proven;
    for (const line of labelled('File', `${plan.file.path}: ${written.said}`, screen.width(), paint)) screen.line(line);
    for (const line of labelled('Note', proof.note.caveat, screen.width(), paint)) screen.line(line);
  }
  if (options.json) {
    const project = proven && written && projectFields(proven.plan, proven.proof.note, written.applied);
    world.stdout.write(`${toJson({ ...resultLine(result), ...(project === undefined ? {} : { project }) })}\n`);
  }
  if (written?.problem !== undefined) world.stderr.write(`solvent: ${harmless(written.problem)}\n`);
  if (world.interrupt.aborted) return EXIT.interrupted;
  return written?.problem === undefined ? EXIT_OF[result.status] : EXIT.notSolved;
}

/** What became of the project's file. */
interface Written {
  readonly applied: boolean;
  readonly said: string;
  readonly problem?: string;
}

/** Writes the answer to the project's file, where it is solved and the user has asked for that. */
async function write({ plan, proof }: Proven, result: RunResult, { apply }: SolveOptions): Promise<Written> {
  const untouched = 'it is as it was';
  if (result.status !== 'solved') return { applied: false, said: untouched };
  if (apply !== true) return { applied: false, said: `${untouched}; --apply writes the answer to it` };
  try {
    await plan.file.replace(await proof.textWith(result.code));
    return { applied: true, said: 'the answer is written to it' };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { applied: false, said: untouched, problem: error.message };
  }
}

/** With `--json` standard output belongs to the result; who watches on a terminal still gets the meter. */
function screenFor({ json }: SolveOptions, { stdout, stderr, env }: World): Screen {
  if (!json) return screenOn(stdout, env);
  return stderr.isTTY === true ? screenOn(stderr, env) : NO_SCREEN;
}

/** A question needs somebody who sees it and can answer: a terminal on both sides, from which the task is not read. */
function canAsk({ json, task }: SolveOptions, { stdin, stdout }: World): boolean {
  return !json && task !== '-' && stdin.isTTY === true && stdout.isTTY === true;
}

/** A threshold of a cap of day or month is told once, to whom reached it: also where nothing else is shown. */
function warnOfCap(event: RunEvent, { stderr }: World): void {
  if (event.type === 'warning' && event.warning.cap !== 'run') stderr.write(`solvent: ${warningText(event.warning)}\n`);
}
