import {
  COMMAND_NAMES,
  COMMANDS,
  type CommandName,
  type CommandSpec,
  type OptionName,
  OPTIONS,
  type OptionSpec,
} from './options';

/** What `solvent --help` prints. */
export function generalHelp(): string {
  const width = Math.max(...COMMAND_NAMES.map((name) => name.length));
  return [
    'Solvent solves a coding task within a budget, and proves it by running the tests in a sandbox.',
    '',
    'Usage: solvent COMMAND [options]',
    '',
    ...COMMAND_NAMES.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name].summary}`),
    '',
    '`solvent COMMAND --help` lists the options of a command. `solvent --version` tells the version.',
    'Keys are read from the environment only (OPENAI_API_KEY, or what --api-key-env names).',
    'Exit codes: 0 solved, 1 not solved, 2 bad usage or input, 3 budget infeasible, 4 no sandbox.',
    '',
  ].join('\n');
}

/** What `solvent COMMAND --help` prints. */
export function commandHelp(command: CommandName): string {
  const { summary, needs, takes, says }: CommandSpec = COMMANDS[command];
  const all: readonly OptionName[] = [...needs, ...takes, 'help'];
  const width = Math.max(...all.map((name) => flag(name).length));
  const line = (name: OptionName): string => `  ${flag(name).padEnd(width)}  ${says?.[name] ?? OPTIONS[name].help}`;
  return [
    `solvent ${command}: ${summary}.`,
    '',
    `Usage: solvent ${[command, ...needs.map(flag)].join(' ')} [options]`,
    '',
    ...all.map(line),
    '',
  ].join('\n');
}

/** An option as it is typed: "--budget USD". */
export function flag(name: OptionName): string {
  const { value }: OptionSpec = OPTIONS[name];
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
