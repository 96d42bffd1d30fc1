import type { RunResult, Status } from '../../core/result';
import type { SolveOptions } from '../args';
import { EXIT, type ExitCode } from '../exitCode';
import { readTask } from '../files';
import { toJson } from '../json';
import { requestFor, runParts, runTask } from '../parts';
import { raiseAsker } from '../raiseQuestion';
import { resultLine } from '../resultLine';
import { LiveMeter } from '../view/liveMeter';
import { labelled } from '../view/planLines';
import { receiptLines } from '../view/receipt';
import { resultLines } from '../view/resultLines';
import { eventLines } from '../view/runLines';
import { NO_SCREEN, type Screen, screenOn } from '../view/screen';
import { capsNow } from '../../core/budget/caps';
import type { RunEvent } from '../../core/events';
import type { Decisions } from '../../core/solve';
import { leftText } from '../../report/allowance';
import { warningText } from '../../report/moneyText';
import { counted } from '../../report/text';
import type { World } from '../world';

const EXIT_OF: Readonly<Record<Status, ExitCode>> = {
  solved: EXIT.ok,
  unsolved: EXIT.notSolved,
  exhausted: EXIT.notSolved,
  error: EXIT.notSolved,
  infeasible: EXIT.infeasible,
};

/** Solves one task: for people with a live meter, or with `--json` as one result line. */
export async function solveCommand(options: SolveOptions, world: World): Promise<ExitCode> {
  const task = await readTask(options.task, world);
  const parts = await runParts(options, world, task.language);
  const screen = screenFor(options, world);
  const { paint } = screen;
  const tests = counted(task.tests.length, 'test');
  const tightest = await parts.ledger.remainder(parts.workspace, await capsNow(parts.caps));
  const heading = [
    ...labelled('Task', `${task.id} (${task.language}, ${tests})`, screen.width(), paint),
    ...labelled('Sandbox', parts.sandbox.description, screen.width(), paint),
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
  if (options.json) world.stdout.write(`${toJson(resultLine(result))}\n`);
  return world.interrupt.aborted ? EXIT.interrupted : EXIT_OF[result.status];
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
