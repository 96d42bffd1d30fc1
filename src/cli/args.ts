import { parseArgs } from 'node:util';
import { MODELS_DEV } from '../core/catalogue/modelsDev';
import type { Money } from '../core/money';
import type { Mode, Profile, TopologyName } from '../core/plan';
import { CommandError } from './exitCode';
import { flag } from './help';
import { type LedgerAction, readLedgerAction } from './ledgerAction';
import { type ProjectChoice, readProjectChoice } from './projectChoice';
import { nearest } from './nearest';
import {
  COMMAND_NAMES,
  COMMANDS,
  type CommandName,
  type CommandSpec,
  isCommand,
  type OptionName,
  OPTIONS,
  optionsOf,
} from './options';
import {
  type Header,
  readBudget,
  readCount,
  readEnvName,
  readHeader,
  readMode,
  readPricesUrl,
  readProfile,
  readSandbox,
  readSeconds,
  readSeed,
  readStrategy,
  readTopology,
  readUrl,
  readUsd,
  type SandboxChoice,
} from './values';

/** Options that all commands share which plan or run a task. */
export interface CommonOptions {
  readonly models?: string;
  readonly baseUrl?: string;
  /** Only where the user named one. */
  readonly apiKeyEnv?: string;
  readonly headers: readonly Header[];
  readonly topology: TopologyName | 'auto';
  readonly profile: Profile;
  readonly mode: Mode;
  readonly seed?: number;
  readonly ledger?: string;
  readonly maxSeconds?: number;
  /** What may be spent in a calendar day and month by all that share the ledger, where the user says so here. */
  readonly perDay?: Money;
  readonly perMonth?: Money;
}

/** Where tests run. */
export interface SandboxOptions {
  readonly sandbox: SandboxChoice;
  readonly python?: string;
  readonly node?: string;
}

/** Where the task is taken from, and by whose tests it is proven. */
export interface TaskOptions {
  /** Undefined only with a project, from whose file it is then taken. */
  readonly task?: string;
  readonly project?: ProjectChoice;
}

export type SolveOptions = CommonOptions &
  SandboxOptions &
  TaskOptions & {
    readonly budget: Money;
    readonly json: boolean;
    /** Whether a solved answer is written to the project's file. */
    readonly apply?: true;
  };
export type BatchOptions = CommonOptions &
  SandboxOptions & {
    readonly tasks: string;
    readonly budget: Money;
    readonly out: string;
    readonly concurrency: number;
  };
export type PlanOptions = CommonOptions & TaskOptions & { readonly budget: Money; readonly json: boolean };
export type CheckOptions = SandboxOptions & TaskOptions & { readonly code: string; readonly json: boolean };
export interface LedgerOptions {
  readonly ledger?: string;
  readonly action: LedgerAction;
}
export interface PricesOptions {
  /** Where new prices are fetched from; undefined means that those in use are shown. */
  readonly refreshFrom?: string;
  readonly json: boolean;
}
export type DemoOptions = CommonOptions & SandboxOptions & { readonly budget?: Money; readonly scripted: boolean };

/** What the user asked for. */
export type Command =
  | { readonly name: 'help'; readonly of: CommandName | undefined }
  | { readonly name: 'version' }
  | { readonly name: 'solve'; readonly options: SolveOptions }
  | { readonly name: 'batch'; readonly options: BatchOptions }
  | { readonly name: 'plan'; readonly options: PlanOptions }
  | { readonly name: 'check'; readonly options: CheckOptions }
  | { readonly name: 'ledger'; readonly options: LedgerOptions }
  | { readonly name: 'prices'; readonly options: PricesOptions }
  | { readonly name: 'demo'; readonly options: DemoOptions };

/** How many tasks `batch` runs at once, and the most that it may be told to. */
const CONCURRENCY = 4;
const MOST_CONCURRENCY = 64;

/** Reads the command line, without the interpreter and the script. @throws CommandError for every bad usage. */
export function readArgs(argv: readonly string[]): Command {
  const [first, ...rest] = argv;
  if (first === undefined) throw new CommandError(`Say what to do: ${COMMAND_NAMES.join(', ')}. See solvent --help.`);
  if (first === '--help' || first === '-h' || first === 'help') {
    const [of] = rest;
    if (of === undefined || of.startsWith('-')) return { name: 'help', of: undefined };
    return { name: 'help', of: commandNamed(of) };
  }
  if (first === '--version' || first === '-v') return { name: 'version' };
  if (first.startsWith('-'))
    throw new CommandError(`The command comes first, then its options: solvent solve ${first} ...`);
  const command = commandNamed(first);
  if (rest.includes('--help') || rest.includes('-h')) return { name: 'help', of: command };
  return readCommand(command, new Values(command, rest));
}

function commandNamed(name: string): CommandName {
  if (isCommand(name)) return name;
  const meant = nearest(name, COMMAND_NAMES);
  const hint = meant === undefined ? `Use ${COMMAND_NAMES.join(', ')}.` : `Did you mean ${meant}?`;
  throw new CommandError(`There is no command '${name}'. ${hint}`);
}

function readCommand(name: CommandName, values: Values): Command {
  switch (name) {
    case 'solve':
      return {
        name,
        options: { ...taskAndBudget(values), ...sandbox(values), ...given('apply', apply(values)) },
      };
    case 'plan':
      return { name, options: taskAndBudget(values) };
    case 'batch': {
      const concurrency = values.read('concurrency', (text) => readCount('concurrency', text, MOST_CONCURRENCY));
      return {
        name,
        options: {
          tasks: values.needed('tasks'),
          budget: readBudget(values.needed('budget')),
          out: values.needed('out'),
          concurrency: concurrency ?? CONCURRENCY,
          ...common(values),
          ...sandbox(values),
        },
      };
    }
    case 'check':
      return {
        name,
        options: {
          ...taskOf(values),
          code: values.needed('code'),
          json: values.is('json'),
          ...sandbox(values),
        },
      };
    case 'ledger':
      return { name, options: { action: readLedgerAction(values), ...given('ledger', values.text('ledger')) } };
    case 'prices': {
      const from = values.read('from', readPricesUrl);
      if (!values.is('refresh') && from !== undefined) throw new CommandError('--from is for --refresh: add that.');
      return {
        name,
        options: { json: values.is('json'), ...(values.is('refresh') ? { refreshFrom: from ?? MODELS_DEV } : {}) },
      };
    }
    case 'demo': {
      const budget = values.read('budget', readBudget);
      return {
        name,
        options: { scripted: values.is('scripted'), ...given('budget', budget), ...common(values), ...sandbox(values) },
      };
    }
  }
}

function taskAndBudget(values: Values): PlanOptions {
  return {
    ...taskOf(values),
    budget: readBudget(values.needed('budget')),
    json: values.is('json'),
    ...common(values),
  };
}

function taskOf(values: Values): TaskOptions {
  const project = readProjectChoice(values);
  const task = project?.name === undefined ? values.needed('task') : undefined;
  return { ...given('task', task), ...given('project', project) };
}

function apply(values: Values): true | undefined {
  if (!values.is('apply')) return undefined;
  if (values.text('project') === undefined) throw new CommandError('--apply is for --project: add that.');
  return true;
}

function common(values: Values): CommonOptions {
  values.read('strategy', readStrategy);
  return {
    headers: values.list('header').map(readHeader),
    topology: values.read('topology', readTopology) ?? 'auto',
    profile: values.read('profile', readProfile) ?? 'verified',
    mode: values.read('mode', readMode) ?? 'balanced',
    ...given('models', values.text('models')),
    ...given('apiKeyEnv', values.read('api-key-env', readEnvName)),
    ...given('baseUrl', values.read('base-url', readUrl)),
    ...given('seed', values.read('seed', readSeed)),
    ...given('ledger', values.text('ledger')),
    ...given(
      'perDay',
      values.read('per-day', (text) => readUsd('per-day', text)),
    ),
    ...given(
      'perMonth',
      values.read('per-month', (text) => readUsd('per-month', text)),
    ),
    ...given(
      'maxSeconds',
      values.read('max-seconds', (text) => readSeconds('max-seconds', text)),
    ),
  };
}

function sandbox(values: Values): SandboxOptions {
  return {
    sandbox: values.read('sandbox', readSandbox) ?? 'auto',
    ...given('python', values.text('python')),
    ...given('node', values.text('node')),
  };
}

function given<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}

/** The options of one command as they were typed, checked for being known and having their values. */
class Values {
  readonly #values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

  constructor(
    private readonly command: CommandName,
    rest: readonly string[],
  ) {
    const known = optionsOf(command);
    const options = Object.fromEntries(
      known.map((name) => [name, { type: OPTIONS[name].type, multiple: 'multiple' in OPTIONS[name] }]),
    );
    try {
      this.#values = parseArgs({ args: [...rest], options, strict: true }).values;
    } catch (error) {
      throw badUsage(error, command, known);
    }
    for (const name of (COMMANDS[command] as CommandSpec).needs) {
      // A project's file can say what is asked.
      if (name !== 'task' || this.text('project') === undefined) this.needed(name);
    }
  }

  text(name: OptionName): string | undefined {
    const value = this.#values[name];
    if (typeof value !== 'string') return undefined;
    if (value.trim() === '') throw new CommandError(`--${name} needs a value: ${flag(name)}.`);
    return value;
  }

  needed(name: OptionName): string {
    const value = this.text(name);
    if (value === undefined)
      throw new CommandError(`solvent ${this.command} needs ${flag(name)}: ${OPTIONS[name].help}.`);
    return value;
  }

  read<T>(name: OptionName, reader: (text: string) => T): T | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : reader(value);
  }

  list(name: OptionName): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  }

  is(name: OptionName): boolean {
    return this.#values[name] === true;
  }
}

/** Puts what `parseArgs` complains about into a sentence that says what to do. */
function badUsage(error: unknown, command: CommandName, known: readonly OptionName[]): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const name = /--([\w-]+)/.exec(quoted)?.[1] ?? '';
  const option = known.find((candidate) => candidate === name);
  switch (error.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const meant = nearest(name, known);
      const hint = meant === undefined ? `See solvent ${command} --help.` : `Did you mean --${meant}?`;
      return new CommandError(`solvent ${command} has no option '${quoted}'. ${hint}`);
    }
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      if (option === undefined) return new CommandError(`${error.message}.`);
      return OPTIONS[option].type === 'boolean'
        ? new CommandError(`--${option} takes no value.`)
        : new CommandError(`--${option} needs a value: ${flag(option)}.${dashHint(error.message, option)}`);
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return new CommandError(
        `solvent ${command} does not know what to do with '${quoted}'. See solvent ${command} --help.`,
      );
    default:
      return error;
  }
}

/** Only where the next word begins with a dash can it have been meant as the value. */
function dashHint(message: string, option: OptionName): string {
  return message.includes('ambiguous') ? ` A value that starts with a dash is written --${option}=-...` : '';
}
