import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { within } from '../places';

/** Bytes of a file that are read to find out what a project is. */
const READ_BYTES = 256 * 1024;
/** Entries of a folder that are looked at. */
const ENTRIES = 2_000;

/** An entry of a folder; a link counts as neither. */
export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** Reads a folder whose content is not trusted. Paths are relative to it, with `/`; the empty path is the folder itself. */
export interface FolderReader {
  /** The entries of a folder, at most 2,000; empty where there is no such folder. */
  list(path: string): Promise<readonly Entry[]>;
  /** The first 256 KiB of a regular file; undefined where there is none. */
  text(path: string): Promise<string | undefined>;
}

/** A folder on disk. Nothing is executed, and nothing outside of it is read, whatever its links say. */
export function folderOnDisk(root: string): FolderReader {
  const real = async (path: string): Promise<string | undefined> => {
    try {
      const [top, found] = await Promise.all([realpath(root), realpath(join(root, path))]);
      return within(found, top) ? found : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    async list(path) {
      const folder = await real(path);
      if (folder === undefined) return [];
      try {
        const entries = await readdir(folder, { withFileTypes: true });
        return entries.slice(0, ENTRIES).map((entry) => ({
          name: entry.name,
          kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
        }));
      } catch {
        return [];
      }
    },
    async text(path) {
      const file = await real(path);
      return file === undefined ? undefined : readRegular(file, READ_BYTES);
    },
  };
}

/**
 * The beginning of a regular file as text; undefined where there is none that can be read. Neither a last-moment link
 * nor a pipe that nobody writes to can lead it astray or hold it up.
 */
export async function readRegular(path: string, bytes: number): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) return undefined;
      const buffer = Buffer.alloc(Math.min(bytes, found.size));
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.toString('utf8', 0, length);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
