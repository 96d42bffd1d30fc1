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
import { sentenceOf } from './sentence';
import type { World } from './world';

/** The command line: reads the arguments, runs the command, and turns every failure into a sentence and an exit code. */
export async function main(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await run(readArgs(argv), world);
  } catch (error) {
    if (world.interrupt.aborted) return EXIT.interrupted;
    world.stderr.write(`solvent: ${harmless(sentenceOf(error))}\n`);
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
      world.stdout.write(command.of === undefined ? generalHelp() : commandHelp(command.of));
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
