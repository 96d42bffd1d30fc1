import {
  COMMAND_NAMES,
  COMMANDS,
  type CommandName,
  type CommandSpec,
  type OptionName,
  OPTIONS,
  type OptionSpec,
} from './options';
import { wrapped } from './view/wrap';

/** Cells that the help of an option has at least, however narrow the screen. */
const LEAST = 20;

/** What `solvent --help` prints, in lines of at most `width` cells. */
export function generalHelp(width: number): string {
  const names = COMMAND_NAMES.map((name) => [name, COMMANDS[name].summary] as const);
  return [
    ...wrapped('Solvent solves a coding task within a budget, and proves it by running the tests in a sandbox.', width),
    '',
    'Usage: solvent COMMAND [options]',
    '',
    ...columns(names, width),
    '',
    ...[
      '`solvent COMMAND --help` lists the options of a command. `solvent --version` tells the version.',
      'Keys are read from the environment only (OPENAI_API_KEY, or what --api-key-env names).',
      'Exit codes: 0 solved, 1 not solved, 2 bad usage or input, 3 budget infeasible, 4 no sandbox.',
    ].flatMap((line) => wrapped(line, width)),
    '',
  ].join('\n');
}

/** What `solvent COMMAND --help` prints, in lines of at most `width` cells. */
export function commandHelp(command: CommandName, width: number): string {
  const { summary, needs, takes, says }: CommandSpec = COMMANDS[command];
  const all: readonly OptionName[] = [...needs, ...takes, 'help'];
  return [
    `solvent ${command}: ${summary}.`,
    '',
    ...wrapped(`Usage: solvent ${[command, ...needs.map(flag)].join(' ')} [options]`, width),
    '',
    ...columns(
      all.map((name) => [flag(name), says?.[name] ?? OPTIONS[name].help]),
      width,
    ),
    '',
  ].join('\n');
}

/** Names and what they mean side by side; what is longer than a line goes on below itself. */
function columns(rows: readonly (readonly [string, string])[], width: number): string[] {
  const names = Math.max(...rows.map(([name]) => name.length));
  const rest = Math.max(LEAST, width - names - 4);
  return rows.flatMap(([name, text]) =>
    wrapped(text, rest).map((line, index) => `  ${(index === 0 ? name : '').padEnd(names)}  ${line}`),
  );
}

/** An option as it is typed: "--budget USD". */
export function flag(name: OptionName): string {
  const { value }: OptionSpec = OPTIONS[name];
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
