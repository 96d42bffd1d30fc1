import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Characters that are written at a time. */
const CHUNK = 64 * 1024;

/** Gathers pieces of text into larger ones, so that writing does not take longer than making them. */
export async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/**
 * Writes a file whole or not at all, as slowly as the disk takes it.
 * @throws where the file cannot be written, or the signal was aborted; then what was there before is there still
 */
export async function writeExport(file: string, pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  const draft = `${file}.${randomUUID().slice(0, 8)}.part`;
  try {
    await pipeline(Readable.from(inChunks(pieces)), createWriteStream(draft, { flags: 'wx', mode: 0o600 }), { signal });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
