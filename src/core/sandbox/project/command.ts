import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { readCommandLine, TestCommandError } from './words';

/** What a test command may refer to. */
export const VARIABLES = [
  'file',
  'fileDirname',
  'fileBasename',
  'fileBasenameNoExtension',
  'workspaceFolder',
  'testName',
] as const;
export type Variable = (typeof VARIABLES)[number];

/** Values of the variables; undefined where there is none in this situation. */
export type Values = Readonly<Record<Variable, string | undefined>>;

/** A test command, ready to be started. */
export interface TestCommand {
  /** As the user wrote and confirmed it. */
  readonly line: string;
  readonly argv: readonly string[];
  /** Set for this command, on top of the sandbox's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** True where a shell reads the line, because it holds shell syntax. */
  readonly shell: boolean;
}

/** What the values of the variables are made of. */
export interface Situation {
  /** Path of the file that the candidate goes to, relative to the workspace, with `/`. */
  readonly file: string;
  /** Path of the workspace inside the sandbox. */
  readonly root: string;
  /** Name of the definition that is to be written, where there is one. */
  readonly testName?: string;
}

/** The values of all variables. */
export function valuesOf({ file, root, testName }: Situation): Values {
  // A file name must not be taken for an option.
  const safe = file.startsWith('-') ? `./${file}` : file;
  const base = posix.basename(file);
  return {
    file: safe,
    fileDirname: posix.dirname(safe),
    fileBasename: base,
    fileBasenameNoExtension: posix.basename(base, posix.extname(base)),
    workspaceFolder: root,
    testName,
  };
}

/**
 * Makes a command of the line that the user wrote. Without shell syntax it is an argument list and no shell ever reads
 * it: a value with blanks or quotes stays one argument. With shell syntax, `sh -c` reads it, and the variables are
 * variables of that shell: quote them there as any other (`"${file}"`).
 * @throws TestCommandError for an empty or unreadable line, an unknown variable, or one without a value here.
 */
export function testCommand(line: string, values: Values): TestCommand {
  const { env, words } = readCommandLine(line);
  if (words === undefined) {
    const used = [...line.matchAll(REFERENCE)].map(([, name = '']) => [name, valueOf(name, values)] as const);
    return { line, argv: ['/bin/sh', '-c', line], env: Object.fromEntries(used), shell: true };
  }
  const fill = (text: string): string => text.replace(REFERENCE, (_, name: string) => valueOf(name, values));
  return {
    line,
    argv: words.map(fill),
    env: Object.fromEntries(env.map(([name, value]) => [name, fill(value)])),
    shell: false,
  };
}

/**
 * By what a confirmed command is remembered: the folder and the exact line, so that a line that changed, be it by the
 * user or by the workspace, has to be confirmed again.
 */
export function confirmationKey(folder: string, line: string): string {
  return createHash('sha256')
    .update(JSON.stringify([folder, line.trim()]))
    .digest('hex');
}

const REFERENCE = /\$\{([^}]*)\}/g;

function valueOf(name: string, values: Values): string {
  if (!isVariable(name)) {
    const known = VARIABLES.map((one) => `\${${one}}`).join(', ');
    throw new TestCommandError(
      `The test command refers to \${${name}}, which does not exist. There are ${known}. ` +
        `A variable of the shell is written $NAME.`,
    );
  }
  const value = values[name];
  if (value === undefined) {
    throw new TestCommandError(`The test command refers to \${${name}}, which has no value here.`);
  }
  return value;
}

function isVariable(name: string): name is Variable {
  return VARIABLES.some((one) => one === name);
}
