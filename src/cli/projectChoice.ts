import { CommandError } from './exitCode';
import type { OptionName } from './options';

/** What the options say of a project whose own tests are to prove the answer. */
export interface ProjectChoice {
  readonly folder: string;
  /** The file that the answer goes to, as it was typed. */
  readonly file: string;
  /** What is to be written, where no task says it. */
  readonly name?: string;
  /** The test command; naming it is what confirms it. */
  readonly command?: string;
  /** Whether the first proposed command is confirmed. */
  readonly yes: boolean;
  /** Tests that may go on failing. */
  readonly tolerated: readonly string[];
}

/** The options as they were typed. */
interface Typed {
  text(name: OptionName): string | undefined;
  is(name: OptionName): boolean;
  list(name: OptionName): readonly string[];
}

const ONLY: readonly OptionName[] = ['file', 'name', 'test-command', 'yes', 'tolerate'];

/** Reads what is said of a project; undefined where none is named. @throws CommandError */
export function readProjectChoice(typed: Typed): ProjectChoice | undefined {
  const folder = typed.text('project');
  if (folder === undefined) {
    const stray = ONLY.find((name) => typed.text(name) !== undefined || typed.is(name) || typed.list(name).length > 0);
    if (stray !== undefined) throw new CommandError(`--${stray} is for --project: add that.`);
    return undefined;
  }
  const file = typed.text('file');
  if (file === undefined) throw new CommandError('--project needs --file FILE: the file that the answer goes to.');
  const [name, task, command] = [typed.text('name'), typed.text('task'), typed.text('test-command')];
  if (name !== undefined && task !== undefined) {
    throw new CommandError('--name is for a project without --task: the entry point of the task is its name.');
  }
  if (name === undefined && task === undefined) {
    throw new CommandError('--project needs to be told what to write: --name NAME, or a task, --task FILE.');
  }
  if (command !== undefined && typed.is('yes')) {
    throw new CommandError('--yes runs a proposed command: leave it out beside --test-command.');
  }
  const sandbox = typed.text('sandbox');
  if (sandbox === 'wasm') {
    throw new CommandError("A project's own tests need the system's sandbox: leave out --sandbox wasm.");
  }
  return {
    ...{ folder, file, yes: typed.is('yes'), tolerated: typed.list('tolerate') },
    ...(name === undefined ? {} : { name }),
    ...(command === undefined ? {} : { command }),
  };
}
