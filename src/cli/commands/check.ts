import type { Sandbox } from '../../core/sandbox/sandbox';
import { isSolved } from '../../core/sandbox/verdict';
import type { Task } from '../../core/task/task';
import type { CheckOptions } from '../args';
import { CommandError, EXIT, type ExitCode } from '../exitCode';
import { readAsked } from '../asked';
import { readTextOrInput } from '../files';
import { toJson } from '../json';
import { type Proven, proveByProject } from '../project';
import { projectFields } from '../resultLine';
import { openWantedSandbox } from '../sandboxes';
import { proofLines } from '../view/proofLines';
import { screenOn } from '../view/screen';
import { verdictLines } from '../view/verdictLines';
import type { World } from '../world';

/** Runs a task's tests, or those of a project, against a file in the sandbox. Spends nothing. */
export async function checkCommand(options: CheckOptions, world: World): Promise<ExitCode> {
  if (options.task === '-' && options.code === '-') {
    throw new CommandError('Standard input can hold the task or the code, not both: name a file for one of them.');
  }
  const { task, plan } = await readAsked(options, world);
  const code = await readTextOrInput(options.code, 'The code', world);
  if (plan === undefined) {
    const sandbox = await openWantedSandbox(options, world, task.language);
    return show(options, world, { task, sandbox, code });
  }
  const proof = await proveByProject(plan, world);
  try {
    return await show(options, world, { ...proof, code, proven: { plan, proof } });
  } finally {
    await proof.close();
  }
}

interface Checked {
  readonly task: Task;
  readonly sandbox: Sandbox;
  readonly code: string;
  readonly proven?: Proven;
}

async function show({ json }: CheckOptions, world: World, checked: Checked): Promise<ExitCode> {
  const { task, sandbox, code, proven } = checked;
  const verdict = await sandbox.run({ task, code }, world.interrupt);
  const project = proven && projectFields(proven.plan, proven.proof.note);
  if (json) world.stdout.write(`${toJson({ ...verdict, ...(project && { project }) })}\n`);
  else {
    const screen = screenOn(world.stdout, world.env);
    for (const line of proven === undefined ? [] : proofLines(proven.proof, screen.width(), screen.paint))
      screen.line(line);
    for (const line of verdictLines(verdict, screen.width(), screen.paint)) screen.line(line);
    screen.line(screen.paint.dim(`Sandbox: ${sandbox.description}`));
  }
  return isSolved(verdict) ? EXIT.ok : EXIT.notSolved;
}
