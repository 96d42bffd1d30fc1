import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** A program that is used in the place of macOS's `sandbox-exec`. */
export interface SandboxExec {
  readonly path: string;
  readonly remove: () => void;
}

/** One that keeps to the profile, by bubblewrap. */
export function faithful(): SandboxExec {
  return made((path) => {
    buildSync({
      ...{ entryPoints: [join('test', 'sandbox', 'seatbelt', 'standIn.ts')], outfile: path, bundle: true },
      ...{ platform: 'node', format: 'cjs', banner: { js: `#!${process.execPath}` } },
    });
  });
}

/** One that is a shell script; its arguments are those of `sandbox-exec`. */
export function scripted(script: string): SandboxExec {
  return made((path) => {
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
  });
}

/** One that runs the command and holds nothing. */
export function faithless(): SandboxExec {
  return scripted('while [ "$1" != -- ]; do shift 2; done; shift; exec "$@"');
}

function made(write: (path: string) => void): SandboxExec {
  const folder = mkdtempSync(join(tmpdir(), 'sv-exec-'));
  const path = join(folder, 'sandbox-exec');
  write(path);
  chmodSync(path, 0o755);
  return {
    path,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
