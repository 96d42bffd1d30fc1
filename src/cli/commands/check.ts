import { isSolved } from '../../core/sandbox/verdict';
import type { CheckOptions } from '../args';
import { CommandError, EXIT, type ExitCode } from '../exitCode';
import { readTask, readTextOrInput } from '../files';
import { toJson } from '../json';
import { openWantedSandbox } from '../sandboxes';
import { screenOn } from '../view/screen';
import { verdictLines } from '../view/verdictLines';
import type { World } from '../world';

/** Runs a task's tests against a file in the sandbox. Spends nothing. */
export async function checkCommand(options: CheckOptions, world: World): Promise<ExitCode> {
  if (options.task === '-' && options.code === '-') {
    throw new CommandError('Standard input can hold the task or the code, not both: name a file for one of them.');
  }
  const task = await readTask(options.task, world);
  const code = await readTextOrInput(options.code, 'The code', world);
  const sandbox = await openWantedSandbox(options, world, task.language);
  const verdict = await sandbox.run({ task, code }, world.interrupt);
  if (options.json) world.stdout.write(`${toJson(verdict)}\n`);
  else {
    const screen = screenOn(world.stdout, world.env);
    for (const line of verdictLines(verdict, screen.width(), screen.paint)) screen.line(line);
    screen.line(screen.paint.dim(`Sandbox: ${sandbox.description}`));
  }
  return isSolved(verdict) ? EXIT.ok : EXIT.notSolved;
}
