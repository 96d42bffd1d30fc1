import { createHash, randomUUID } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxError } from './sandbox';
import { startCommand } from './command';
import { wasmCommand, type WasmParts } from './wasmProcess';

/** How long making a snapshot may take, in ms; a usual machine needs two seconds. */
const MAKING = 90_000;
/** No interpreter is larger than this, in bytes. */
const LARGEST = 256 * 1024 * 1024;
/** A snapshot that nobody has used for so long is removed, in ms. */
const KEPT = 30 * 24 * 3600 * 1000;
const NAME = /^python-[0-9a-f]{32}\.bin$/;
const DIGEST = 32;
/** Where a process that makes a snapshot writes it to. */
const OUTPUT = 4;

/**
 * The memory of an interpreter that has loaded Python, its library and the harness, and nothing else. Starting from it
 * takes a fifth of the time and a fifth of the work of loading all that.
 */
export class Snapshot {
  private open = true;

  private constructor(
    /** The open file, to be handed to interpreters: the memory, then the SHA-256 of it. */
    readonly descriptor: number,
  ) {}

  /**
   * Opens the snapshot that fits these parts, or makes one. It is kept in `cache`, or where that cannot be written, in a
   * temporary file that vanishes with this process.
   * @param cache a folder of the user's own; need not exist
   * @throws SandboxError when Pyodide does not start
   */
  static async open(parts: WasmParts, cache: string): Promise<Snapshot> {
    const file = join(cache, `python-${fingerprint(parts)}.bin`);
    const found = await openWhole(file);
    if (found !== undefined) return new Snapshot(found);
    const memory = await make(parts);
    const content = Buffer.concat([memory, createHash('sha256').update(memory).digest()]);
    try {
      await keep(content, file, cache);
      const descriptor = await openWhole(file);
      if (descriptor !== undefined) return new Snapshot(descriptor);
    } catch {
      // A folder that cannot be written is no reason to do without.
    }
    return new Snapshot(await openHidden(content));
  }

  /** Interpreters that were started keep it; no more can be. */
  close(): void {
    if (this.open) closeSync(this.descriptor);
    this.open = false;
  }
}

/** Names everything that the memory of an interpreter depends on: the engine that compiled it, Pyodide, the harness. */
function fingerprint({ harness, pyodide }: WasmParts): string {
  const hash = createHash('sha256');
  hash.update(`${process.version} ${process.versions.v8} ${process.platform} ${process.arch}\n`);
  hash.update(readFileSync(join(pyodide, 'pyodide.mjs')));
  const names = readdirSync(harness).filter((name) => name.endsWith('.py') || name.startsWith('pyodide-'));
  for (const name of names.sort()) hash.update(`${name}\n`).update(readFileSync(join(harness, name)));
  return hash.digest('hex').slice(0, 32);
}

/** Opens a snapshot if it is there, whole, and nobody else could have written it. */
async function openWhole(file: string): Promise<number | undefined> {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size, uid, mode, mtimeMs } = fstatSync(descriptor);
    const foreign = process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0);
    if (!foreign && size > DIGEST && (await isWhole(descriptor, size))) {
      if (Date.now() - mtimeMs > KEPT / 30) await utimes(file, new Date(), new Date()).catch(() => undefined);
      return descriptor;
    }
  } catch {
    // Unreadable is as good as not there.
  }
  closeSync(descriptor);
  return undefined;
}

async function isWhole(descriptor: number, size: number): Promise<boolean> {
  const hash = createHash('sha256');
  let digest = Buffer.alloc(0);
  let at = 0;
  const end = size - DIGEST;
  const source = createReadStream('', { fd: descriptor, autoClose: false, start: 0, highWaterMark: 1 << 20 });
  for await (const piece of source) {
    const chunk = piece as Buffer;
    const inside = Math.max(0, Math.min(chunk.length, end - at));
    hash.update(chunk.subarray(0, inside));
    digest = Buffer.concat([digest, chunk.subarray(inside)]);
    at += chunk.length;
  }
  return hash.digest().equals(digest);
}

/** Writes under another name first: another process may be reading, or writing the same. */
async function keep(content: Buffer, file: string, cache: string): Promise<void> {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  for (const name of (await readdir(cache)).filter((one) => NAME.test(one))) {
    const path = join(cache, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > KEPT) await rm(path, { force: true });
  }
}

/** A file without a name. */
async function openHidden(content: Buffer): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'solvent-python-'));
  const file = join(folder, 'python.bin');
  try {
    await writeFile(file, content, { mode: 0o600 });
    return openSync(file, 'r');
  } finally {
    // Windows keeps the name while the file is open.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function make(parts: WasmParts): Promise<Buffer> {
  const child = startCommand(wasmCommand(parts, { program: 'snapshot', account: null }), {
    stdio: ['ignore', 'ignore', 'pipe', 'ignore', 'pipe'],
    timeout: MAKING,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  let said = '';
  const { stderr } = child;
  stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  child.stdio[OUTPUT]?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      said = error.message;
      resolve(null);
    });
    child.once('close', resolve);
  });
  if (status === 0 && size > 0) return Buffer.concat(chunks);
  throw new SandboxError(
    `Pyodide does not start: ${said.trim().slice(-500) || `it ended with status ${status ?? '?'}`}`,
  );
}
