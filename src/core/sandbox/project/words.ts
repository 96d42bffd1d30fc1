/** A test command cannot be understood. The message is for the user and says what to write. */
export class TestCommandError extends Error {
  override readonly name = 'TestCommandError';
}

/** A command line taken apart. `words` is undefined where the line needs a shell. */
export interface CommandLine {
  /** Assignments before the command, as in `TZ=UTC pytest`. */
  readonly env: readonly (readonly [string, string])[];
  readonly words: readonly string[] | undefined;
}

/** Characters that mean something to a shell where they stand unquoted. */
const SHELL = new Set(['|', '&', ';', '<', '>', '(', ')', '`', '*', '?', '\n']);
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

/**
 * Takes a command line apart by the quoting rules of POSIX shells: blanks separate, quotes and backslashes protect.
 * `${name}` is left as it stands. A line with operators, globs, `$NAME` or `$(...)` needs a shell and says so by having
 * no words.
 * @throws TestCommandError for an empty line, or quotes that do not close.
 */
export function readCommandLine(line: string): CommandLine {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  let shell = false;
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at);
    const next = line.charAt(at + 1);
    if (quote === "'") {
      if (sign === "'") quote = undefined;
      else word = (word ?? '') + sign;
    } else if (sign === '\\' && (quote === undefined || '"\\$`'.includes(next))) {
      if (next === '') throw new TestCommandError(`The test command ends with a lone backslash: ${line}`);
      word = (word ?? '') + next;
      at++;
    } else if (sign === '$' && next === '{') {
      const end = line.indexOf('}', at);
      if (end < 0) throw new TestCommandError(`The test command has a \${ without its }: ${line}`);
      word = (word ?? '') + line.slice(at, end + 1);
      at = end;
    } else if (quote === '"') {
      if (sign === '"') quote = undefined;
      else word = (word ?? '') + sign;
      shell ||= sign === '`' || (sign === '$' && /[\w(@*#?!$-]/.test(next));
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (sign === ' ' || sign === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      shell ||= SHELL.has(sign) || (sign === '$' && /[\w(@*#?!$-]/.test(next)) || (sign === '#' && word === undefined);
      word = (word ?? '') + sign;
    }
  }
  if (quote !== undefined) throw new TestCommandError(`The test command has a ${quote} that does not close: ${line}`);
  if (word !== undefined) words.push(word);
  if (line.trim() === '') throw new TestCommandError('The test command is empty.');
  if (shell) return { env: [], words: undefined };
  const env: [string, string][] = [];
  for (const one of words) {
    const [, name, value] = ASSIGNMENT.exec(one) ?? [];
    if (name === undefined || value === undefined) break;
    env.push([name, value]);
  }
  const rest = words.slice(env.length);
  if (rest.length === 0) throw new TestCommandError(`The test command runs nothing: ${line}`);
  return { env, words: rest };
}
