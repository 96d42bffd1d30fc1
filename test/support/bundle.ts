import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/** A program of the tests as one file of plain JavaScript, which starts in a tenth of the time. */
export interface Bundle {
  readonly file: string;
  readonly remove: () => Promise<void>;
}

/** Bundles a program into a folder of its own. @param entry its TypeScript file */
export async function bundled(entry: string): Promise<Bundle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-bundle-'));
  const file = path.join(folder, `${path.basename(entry, '.ts')}.cjs`);
  await build({
    ...{ entryPoints: [entry], outfile: file, bundle: true, platform: 'node', target: 'node20', format: 'cjs' },
    ...{ logLevel: 'warning', external: ['vscode'] },
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
