import { LANGUAGES, type Language, type Task } from './task';

/** A task file that cannot be read. The message names line (or source) and field, and is fit for the user. */
export class TaskFileError extends Error {
  override readonly name = 'TaskFileError';
}

/** One line of a JSONL file, counted from 1: a task, or why there is none. `id` is given where it could be read. */
export type TaskLine =
  | { readonly line: number; readonly task: Task }
  | { readonly line: number; readonly id?: string; readonly error: string };

/**
 * Reads one task from JSON.
 * @param where names the source in errors, such as a file name or "standard input"
 * @throws {TaskFileError}
 */
export function parseTask(text: string, where: string): Task {
  const read = readTask(withoutMark(text), where);
  if ('error' in read) throw new TaskFileError(read.error);
  return read.task;
}

/** Reads a JSONL file; blank lines are skipped and a bad line spoils no other. Never throws. */
export function parseTasks(text: string): TaskLine[] {
  const seen = new Map<string, number>();
  const found: TaskLine[] = [];
  withoutMark(text)
    .split(/\r\n|\n|\r/)
    .forEach((content, index) => {
      if (content.trim() === '') return;
      const line = index + 1;
      const read = readTask(content, `line ${line}`);
      const id = 'task' in read ? read.task.id : read.id;
      const first = id === undefined ? undefined : seen.get(id);
      if (first !== undefined && 'task' in read) {
        const error = `line ${line}: 'id' must be unique, but ${quote(read.task.id)} was already used on line ${first}`;
        found.push({ line, id: read.task.id, error });
        return;
      }
      if (id !== undefined && first === undefined) seen.set(id, line);
      found.push({ line, ...read });
    });
  return found;
}

/** Writes a task as one line of a task file, without the line break. */
export function formatTask(task: Task): string {
  return JSON.stringify({ ...task, entryPoint: task.entryPoint ?? '' });
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

type Read = { readonly task: Task } | { readonly id?: string; readonly error: string };

function readTask(text: string, where: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { error: `${where}: this is not JSON: ${plainReason(error, text)}` };
  }
  if (!isRecord(value)) return { error: `${where}: a task must be a JSON object, but is ${describe(value)}` };
  const id = typeof value['id'] === 'number' ? String(value['id']) : value['id'];
  const known = typeof id === 'string' && id !== '' ? { id } : {};
  const fail = (what: string): Read => ({ ...known, error: `${where}: ${what}` });

  if (id === undefined) return fail("the required field 'id' is missing");
  if (typeof id !== 'string') return fail(`'id' must be a string or a number, but is ${describe(id)}`);
  if (id === '') return fail("'id' must not be empty");
  for (const field of ['language', 'prompt', 'entryPoint', 'tests']) {
    if (value[field] === undefined) return fail(`the required field '${field}' is missing`);
  }
  const { language, prompt, entryPoint, tests, setup = '' } = value;
  if (!isLanguage(language)) {
    const got = typeof language === 'string' ? quote(language) : describe(language);
    return fail(`'language' must be one of ${LANGUAGES.map(quote).join(', ')}, but is ${got}`);
  }
  if (typeof prompt !== 'string') return fail(`'prompt' must be a string, but is ${describe(prompt)}`);
  if (prompt.trim() === '') return fail("'prompt' must not be empty");
  if (typeof entryPoint !== 'string') return fail(`'entryPoint' must be a string, but is ${describe(entryPoint)}`);
  if (!Array.isArray(tests)) return fail(`'tests' must be an array of strings, but is ${describe(tests)}`);
  const strings = tests.filter((test): test is string => typeof test === 'string');
  if (strings.length < tests.length) {
    const at = tests.findIndex((test) => typeof test !== 'string');
    return fail(`'tests' must be an array of strings, but item ${at + 1} is ${describe(tests[at])}`);
  }
  if (typeof setup !== 'string') return fail(`'setup' must be a string, but is ${describe(setup)}`);
  return {
    task: { id, language, prompt, entryPoint: entryPoint === '' ? undefined : entryPoint, tests: strings, setup },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What JSON.parse says, without the part of the text that engines quote: it may be long, and is on the user's screen. */
function plainReason(error: unknown, text: string): string {
  if (text.trim() === '') return 'it is empty';
  const said = error instanceof Error ? error.message : String(error);
  const position = / at position (\d+)/.exec(said)?.[1];
  const column = position === undefined ? '' : ` (column ${Number(position) + 1})`;
  const token = /^Unexpected token (?:'(.+?)'|([^,\s])[ ,])/s.exec(said);
  const unexpected = token?.[1] ?? token?.[2];
  if (/Unexpected end|Unterminated/.test(said)) return `it ends too early${column}`;
  if (unexpected !== undefined) return `unexpected ${JSON.stringify(unexpected)}${column}`;
  return (
    said
      .replace(/ in JSON.*$/s, '')
      .replace(/, ".*$/s, '')
      .toLowerCase() + column
  );
}
