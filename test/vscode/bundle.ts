import { resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles TypeScript for the extension host, one CommonJS file per entry, named as its source.
 * `vscode` is what the host gives; mocha is loaded from the repository.
 */
export async function bundleForHost(entryPoints: readonly string[], outdir: string): Promise<void> {
  await build({
    entryPoints: entryPoints.map((entry) => resolve(entry)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}
