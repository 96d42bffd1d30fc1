/** One option of the command line. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** Every option of every command, with what the help says of it. */
export const OPTIONS = {
  task: { type: 'string', value: 'FILE', help: 'the task as JSON; - reads standard input' },
  tasks: { type: 'string', value: 'FILE', help: 'the tasks as JSONL, one a line' },
  code: { type: 'string', value: 'FILE', help: 'the code to test; - reads standard input' },
  budget: { type: 'string', value: 'USD', help: 'what one task may cost at most, such as 0.002' },
  out: { type: 'string', value: 'FILE', help: 'where the result lines go; ids that are in it are skipped' },
  concurrency: { type: 'string', value: 'N', help: 'tasks that run at once (default 4)' },
  json: { type: 'boolean', help: 'print one JSON object on standard output and nothing else' },
  models: { type: 'string', value: 'FILE', help: 'your own models and prices instead of the bundled list' },
  'base-url': {
    type: 'string',
    value: 'URL',
    help: 'an OpenAI-compatible provider, such as http://localhost:11434/v1',
  },
  'api-key-env': { type: 'string', value: 'NAME', help: 'environment variable with the key (default OPENAI_API_KEY)' },
  header: {
    type: 'string',
    multiple: true,
    value: "'NAME: VALUE'",
    help: 'sent with each call, repeatable; {runId} and {role} are filled in',
  },
  strategy: { type: 'string', value: 'NAME', help: 'how to provision: bamas' },
  topology: { type: 'string', value: 'NAME', help: 'auto (default), linear, star, feedback or planner' },
  profile: { type: 'string', value: 'NAME', help: 'verified (default), or paper: as published, to compare with' },
  mode: {
    type: 'string',
    value: 'NAME',
    help: 'evidence beyond the first pass: frugal, balanced (default) or thorough',
  },
  seed: { type: 'string', value: 'N', help: 'sent with each call, for providers that can repeat an answer' },
  ledger: { type: 'string', value: 'DIR', help: 'folder of the ledger (default: with your user data)' },
  'per-day': {
    type: 'string',
    value: 'USD',
    help: 'what may be spent in a calendar day; lowers the cap that you keep',
  },
  'per-month': { type: 'string', value: 'USD', help: 'the same for a calendar month' },
  'max-seconds': { type: 'string', value: 'N', help: 'ends a task that takes longer' },
  sandbox: { type: 'string', value: 'NAME', help: 'os, wasm or auto (default)' },
  python: { type: 'string', value: 'PATH', help: 'interpreter (default: $SOLVENT_PYTHON, else python3 on the PATH)' },
  refresh: { type: 'boolean', help: "fetch today's prices; what is on the ledger keeps its cost" },
  from: { type: 'string', value: 'URL', help: 'with --refresh: another catalogue in the format of models.dev' },
  run: { type: 'string', value: 'ID', help: 'the receipt of one past run; the beginning of its id is enough' },
  export: { type: 'string', value: 'FORMAT', help: 'every call, one row each: csv or json' },
  clear: { type: 'string', value: 'ID', help: "book an unconfirmed call at the provider's own figure, --billed" },
  billed: { type: 'string', value: 'USD', help: 'with --clear: what the provider billed for the call' },
  forget: { type: 'string', value: 'MODEL', help: 'forget what was learned of a model' },
  repair: { type: 'boolean', help: 'set a damaged ledger aside and go on with all of it that can be read' },
  assume: {
    type: 'string',
    value: 'USD',
    help: 'with --repair: what the unreadable part may have cost; booked as unconfirmed',
  },
  project: { type: 'string', value: 'DIR', help: 'prove the answer by the tests of this project, with --file' },
  file: { type: 'string', value: 'FILE', help: 'with --project: the file that the answer goes to' },
  name: {
    type: 'string',
    value: 'NAME',
    help: 'in place of --task: what to write, such as slugify or Account.add',
  },
  'test-command': {
    type: 'string',
    value: 'LINE',
    help: 'with --project: what runs its tests; without it, commands are proposed',
  },
  yes: { type: 'boolean', help: 'with --project: run the first proposed test command' },
  tolerate: {
    type: 'string',
    multiple: true,
    value: 'TEST',
    help: 'with --project: a test that fails for a reason of its own, repeatable',
  },
  apply: { type: 'boolean', help: 'with --project: write a solved answer to the file' },
  node: { type: 'string', value: 'PATH', help: 'Node.js for tests (default: $SOLVENT_NODE, else node on the PATH)' },
  scripted: { type: 'boolean', help: 'scripted answers even where a key is set' },
  help: { type: 'boolean', help: 'show this' },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

const COMMON = [
  'models',
  'base-url',
  'api-key-env',
  'header',
  'strategy',
  'topology',
  'profile',
  'mode',
  'seed',
  'ledger',
  'per-day',
  'per-month',
  'max-seconds',
] as const satisfies readonly OptionName[];

const PROJECT = ['project', 'file', 'name', 'test-command', 'yes', 'tolerate'] as const satisfies readonly OptionName[];

/** A command: what it is for, and the options that it needs and takes. */
export interface CommandSpec {
  readonly summary: string;
  readonly needs: readonly OptionName[];
  readonly takes: readonly OptionName[];
  /** What the help says of options that mean something of their own here. */
  readonly says?: Partial<Readonly<Record<OptionName, string>>>;
}

export const COMMANDS = {
  solve: {
    summary: 'solve one task within a budget',
    needs: ['task', 'budget'],
    takes: ['json', ...COMMON, 'sandbox', 'python', 'node', ...PROJECT, 'apply'],
  },
  batch: {
    summary: 'solve many tasks; resumable',
    needs: ['tasks', 'budget', 'out'],
    takes: ['concurrency', ...COMMON, 'sandbox', 'python', 'node'],
  },
  plan: {
    summary: 'show pool, topology and price; spends nothing',
    needs: ['task', 'budget'],
    takes: ['json', ...COMMON, ...PROJECT],
  },
  check: {
    summary: "run a task's tests against a file in the sandbox",
    needs: ['task', 'code'],
    takes: ['json', 'sandbox', 'python', 'node', ...PROJECT],
  },
  ledger: {
    summary: 'what was spent, by month, day, model, role and run',
    needs: [],
    takes: ['run', 'json', 'export', 'out', 'clear', 'billed', 'forget', 'repair', 'assume', 'ledger'],
    says: { out: 'with --export: the file to write instead of standard output' },
  },
  prices: {
    summary: 'the prices in use; --refresh brings those of today',
    needs: [],
    takes: ['refresh', 'from', 'json'],
  },
  demo: {
    summary: 'solve the bundled sample tasks, without key or network',
    needs: [],
    takes: ['budget', 'scripted', ...COMMON, 'python'],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

/** The options that a command knows, `--help` included. */
export function optionsOf(command: CommandName): readonly OptionName[] {
  const { needs, takes }: CommandSpec = COMMANDS[command];
  return [...needs, ...takes, 'help'];
}
