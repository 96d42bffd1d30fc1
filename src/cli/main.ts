import { SandboxError } from '../core/sandbox/sandbox';
import { harmless } from '../report/text';
import { type Command, readArgs } from './args';
import { batchCommand } from './commands/batch';
import { checkCommand } from './commands/check';
import { demoCommand } from './commands/demo';
import { ledgerCommand } from './commands/ledger';
import { planCommand } from './commands/plan';
import { pricesCommand } from './commands/prices';
import { solveCommand } from './commands/solve';
import { CommandError, EXIT, type ExitCode } from './exitCode';
import { commandHelp, generalHelp } from './help';
import type { CommandName } from './options';
import { sentenceOf } from './sentence';
import { screenOn } from './view/screen';
import { wrapped } from './view/wrap';
import type { World } from './world';

/** The command line: reads the arguments, runs the command, and turns every failure into a sentence and an exit code. */
export async function main(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await run(readArgs(argv), world);
  } catch (error) {
    if (world.interrupt.aborted) return EXIT.interrupted;
    world.stderr.write(`${told(`solvent: ${harmless(sentenceOf(error))}`, world)}\n`);
    if (error instanceof CommandError) return error.exitCode;
    if (error instanceof SandboxError) return EXIT.noSandbox;
    if ((world.env['SOLVENT_DEBUG'] ?? '') === '')
      world.stderr.write('Set SOLVENT_DEBUG=1 to see where it happened.\n');
    else world.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    return EXIT.notSolved;
  }
}

async function run(command: Command, world: World): Promise<ExitCode> {
  switch (command.name) {
    case 'help':
      world.stdout.write(helpOn(command.of, screenOn(world.stdout, world.env).width()));
      return EXIT.ok;
    case 'version':
      world.stdout.write(`${world.version}\n`);
      return EXIT.ok;
    case 'solve':
      return solveCommand(command.options, world);
    case 'batch':
      return batchCommand(command.options, world);
    case 'plan':
      return planCommand(command.options, world);
    case 'check':
      return checkCommand(command.options, world);
    case 'ledger':
      return ledgerCommand(command.options, world);
    case 'prices':
      return pricesCommand(command.options, world);
    case 'demo':
      return demoCommand(command.options, world);
  }
}

function helpOn(command: CommandName | undefined, width: number): string {
  return command === undefined ? generalHelp(width) : commandHelp(command, width);
}

/** A message, broken between words on a terminal. In a pipe it stays one line, which scripts look for. */
function told(message: string, { stderr, env }: World): string {
  if (stderr.isTTY !== true) return message;
  const width = screenOn(stderr, env).width();
  return message
    .split('\n')
    .flatMap((line) => wrapped(line, width))
    .join('\n');
}
