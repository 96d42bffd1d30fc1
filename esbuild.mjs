/**
 * Builds what is shipped into dist/: the editor's entry point, the command line, the parts and packages that are loaded
 * on first use (dist/project.js, dist/task.js, dist/vendor), the language harnesses of the sandbox (dist/harness), and Python on WebAssembly (dist/pyodide).
 */
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(ROOT, 'dist');
const HARNESS = path.join(ROOT, 'src/core/sandbox/harness');

/** Bytes that dist/extension.js must stay below, so that activation stays quick. */
const EXTENSION_LIMIT = 400_000;

/** Provided by the editor or by Node. */
const PROVIDED = new Set(['vscode', ...builtinModules]);

const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  external: ['vscode'],
  logLevel: 'warning',
  metafile: true,
  // Dynamic imports become `require`: what they bring then has the same shape as when it is bundled.
  supported: { 'dynamic-import': false },
};

/**
 * Packages that the sources import dynamically, by file name in dist/vendor, with the file to start from; and one that only a
 * harness requires.
 */
const vendors = new Map([['swc-wasm-typescript', path.join(ROOT, 'node_modules/@swc/wasm-typescript/wasm.js')]]);

/** Turns dynamic imports of packages into requires of dist/vendor files, and notes which there are. */
const vendorPlugin = {
  name: 'vendor',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === 'vendor') return undefined;
      if (name.startsWith('node:') || PROVIDED.has(name) || path.isAbsolute(name)) return undefined;
      const resolved = await build.resolve(name, { kind, resolveDir, pluginData: 'vendor' });
      if (resolved.errors.length > 0) return { errors: resolved.errors };
      const file = name.replace(/^@/, '').replaceAll('/', '-');
      vendors.set(file, resolved.path);
      return { path: `./vendor/${file}.js`, external: true };
    });
  },
};

/** Parts of the core that activation does not need, by file name in dist, with the folder that they start from. */
const LAZY = { project: 'src/core/sandbox/project', task: 'src/core/task' };

/** Turns dynamic imports of such a part into requires of its own file. */
const lazyPlugin = {
  name: 'lazy',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\// }, ({ path: name, kind, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const folder = path.relative(ROOT, path.resolve(resolveDir, name)).split(path.sep).join('/');
      const [file] = Object.entries(LAZY).find(([, one]) => one === folder) ?? [];
      return file === undefined ? undefined : { path: `./${file}.js`, external: true };
    });
  },
};

/** The entry points that are there, by name in dist. */
function entryPoints() {
  const found = {};
  const files = { extension: 'src/extension.ts', cli: 'src/cli.ts' };
  for (const [name, folder] of Object.entries(LAZY)) files[name] = `${folder}/index.ts`;
  for (const [name, file] of Object.entries(files)) {
    if (existsSync(path.join(ROOT, file))) found[name] = file;
    else console.log(`  ${file} is not there: dist/${name}.js is left out`);
  }
  return found;
}

async function buildVendors() {
  const { metafile } = await esbuild.build({
    ...COMMON,
    entryPoints: Object.fromEntries(vendors),
    outdir: path.join(DIST, 'vendor'),
  });
  return Object.keys(metafile.outputs);
}

async function copyHarnesses() {
  if (!existsSync(HARNESS)) return [];
  await mkdir(path.join(DIST, 'harness'), { recursive: true });
  const names = (await readdir(HARNESS)).filter((name) => /\.(py|cjs)$/.test(name));
  for (const name of names) await copyFile(path.join(HARNESS, name), path.join(DIST, 'harness', name));
  return names.map((name) => path.join('dist', 'harness', name));
}

/** What Python on WebAssembly needs at run time, with the terms of its licence. Its map of packages is left empty. */
async function copyPyodide() {
  const from = path.join(ROOT, 'node_modules/pyodide');
  const to = path.join(DIST, 'pyodide');
  await mkdir(to, { recursive: true });
  const copied = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip'];
  for (const name of copied) await copyFile(path.join(from, name), path.join(to, name));
  const { info } = JSON.parse(await readFile(path.join(from, 'pyodide-lock.json'), 'utf8'));
  const { name, version, license, repository } = JSON.parse(await readFile(path.join(from, 'package.json'), 'utf8'));
  const written = {
    'pyodide-lock.json': JSON.stringify({ info, packages: {} }),
    'package.json': JSON.stringify({ name, version, license, repository }, undefined, 2),
  };
  for (const [file, text] of Object.entries(written)) await writeFile(path.join(to, file), text);
  const licences = { pyodide: 'LICENSE.txt', python: 'LICENSE-python.txt' };
  for (const [of, file] of Object.entries(licences)) {
    await copyFile(path.join(ROOT, 'src/core/sandbox/licences', `${of}.txt`), path.join(to, file));
  }
  const names = [...copied, ...Object.keys(written), ...Object.values(licences)];
  return names.map((file) => path.join('dist', 'pyodide', file));
}

/** Takes away what an earlier build left and this one did not write. A failed build leaves everything as it was. */
async function prune(written) {
  const kept = new Set(written.map((name) => path.resolve(ROOT, name)));
  for (const file of await filesIn(DIST)) if (!kept.has(file)) await rm(file);
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function printSizes() {
  const sizes = [];
  for (const file of await filesIn(DIST)) sizes.push([path.relative(ROOT, file), (await stat(file)).size]);
  for (const [name, bytes] of sizes.sort()) console.log(`  ${(bytes / 1000).toFixed(1).padStart(9)} KB  ${name}`);
  const extension = sizes.find(([name]) => name === path.join('dist', 'extension.js'))?.[1] ?? 0;
  if (extension >= EXTENSION_LIMIT) {
    console.error(`dist/extension.js has ${extension} bytes; it must stay below ${EXTENSION_LIMIT}.`);
    process.exitCode = 1;
  }
}

/** Everything that follows a successful build of the entry points. */
const finishPlugin = {
  name: 'finish',
  setup(build) {
    build.onEnd(async ({ errors, metafile }) => {
      if (errors.length > 0) return;
      const others = await Promise.all([buildVendors(), copyHarnesses(), copyPyodide()]);
      await prune([...Object.keys(metafile.outputs), ...others.flat()]);
      await printSizes();
    });
  },
};

const options = {
  ...COMMON,
  entryPoints: entryPoints(),
  outdir: DIST,
  plugins: [lazyPlugin, vendorPlugin, finishPlugin],
};
if (watch) {
  const context = await esbuild.context(options);
  await context.watch();
  console.log('  watching src for changes');
} else {
  try {
    await esbuild.build(options);
  } catch (error) {
    // esbuild has printed its own errors by now; anything else is ours to tell.
    if (!Array.isArray(error.errors)) console.error(error);
    process.exitCode = 1;
  }
}
