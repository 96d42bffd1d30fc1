import { readlinkSync, readFileSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegular } from './folder';

const PREFIX = 'solvent-project-';
const OWNER = 'owner.json';
/** Age in ms up to which a folder without a readable owner may be one that is just being made. */
const YOUNG = 60_000;
/** Age in ms from which a folder is stale whatever is known of its owner. */
const OLD = 7 * 24 * 3_600_000;

/** The process that a scratch folder belongs to. A process id alone may come back, or belong to another container. */
interface Owner {
  readonly pid: number;
  readonly started: string;
  readonly space: string;
}

/**
 * Makes a scratch folder that only this account can enter, after removing those that processes left behind that were
 * killed.
 * @param base folder to make it in; made where it is not there
 */
export async function makeScratch(base: string): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  await removeStale(base);
  const folder = await mkdtemp(join(base, PREFIX));
  await writeFile(join(folder, OWNER), JSON.stringify(ownerOf(process.pid)));
  return folder;
}

/** Removes the scratch folders of processes that are gone. Those of living ones, and what is not ours, stay. */
export async function removeStale(base: string): Promise<void> {
  const names = await readdir(base).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(PREFIX))) {
    const folder = join(base, name);
    if (await isStale(folder)) await removeTree(folder);
  }
}

/** Removes a folder with all that is in it, also where what ran there took away the right to. Never follows a link. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await unlock(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function unlock(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) return;
  await chmod(folder, 0o700).catch(() => undefined);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await unlock(join(folder, entry.name));
}

async function isStale(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) return false;
  const age = Date.now() - found.mtimeMs;
  if (age > OLD) return true;
  const owner = readOwner(await readRegular(join(folder, OWNER), 1_000));
  if (owner === undefined) return age > YOUNG;
  const now = ownerOf(owner.pid);
  return owner.space === now.space && owner.started !== now.started;
}

function readOwner(text: string | undefined): Owner | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<Owner> | null;
    if (typeof value?.pid !== 'number' || typeof value.started !== 'string' || typeof value.space !== 'string') {
      return undefined;
    }
    return { pid: value.pid, started: value.started, space: value.space };
  } catch {
    return undefined;
  }
}

/** What the kernel says of a process id now; an empty start where there is no such process. */
function ownerOf(pid: number): Owner {
  return { pid, started: startOf(pid), space: processSpace() };
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[19] ?? '';
  } catch {
    return '';
  }
}

/** Names the boot and the process namespace that process ids are of. */
function processSpace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}
