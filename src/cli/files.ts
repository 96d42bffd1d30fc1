import { readFile } from 'node:fs/promises';
import type { Task } from '../core/task/task';
import { parseTask, TaskFileError } from '../core/task/taskFile';
import { CommandError } from './exitCode';
import type { World } from './world';

/** More than this is no task and no list of models: a slip, caught before it fills the memory. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Reads a text file. @throws CommandError saying what the file was to be, and why it cannot be read. */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${what} ${file} cannot be read: ${whyNot(error)}.`);
  }
}

/** As {@link readText}; "-" reads standard input. */
export async function readTextOrInput(file: string, what: string, { stdin }: World): Promise<string> {
  if (file !== '-') return readText(file, what);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stdin) {
    const bytes = Buffer.from(part as Buffer | string);
    size += bytes.length;
    if (size > MOST_BYTES) throw new CommandError(`${what} on standard input is larger than 256 MiB.`);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Reads one task. @throws CommandError naming file and field. */
export async function readTask(file: string, world: World): Promise<Task> {
  const text = await readTextOrInput(file, 'The task', world);
  const where = file === '-' ? 'standard input' : file;
  try {
    return parseTask(text, where);
  } catch (error) {
    if (error instanceof TaskFileError) throw new CommandError(`${error.message}.`);
    throw error;
  }
}

/** The reason of a failed file operation, without the path that the sentence around it has already. */
export function whyNot(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'you may not';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
