import { nodeProposals } from './detect/node';
import type { Proposal } from './detect/proposal';
import { pythonProposals, quoted } from './detect/python';
import type { FolderReader } from './folder';

export type { Proposal } from './detect/proposal';

/** Files that make a folder a project of its own. */
const MANIFESTS = new Set(['package.json', 'pyproject.toml', 'setup.py', 'setup.cfg', 'Cargo.toml', 'go.mod']);
/** Folders above a file that are looked at. */
const LEVELS = 12;

const LANGUAGE: readonly (readonly [RegExp, RegExp])[] = [
  [/\.pyi?$/, /\bpytest\b|\bunittest\b/],
  [/\.[cm]?[jt]sx?$/, /^(?:npm|pnpm|yarn|bun|node)\b/],
  [/\.rs$/, /^cargo\b/],
  [/\.go$/, /^go\b/],
];

/**
 * Proposes commands that run a workspace's tests, the likeliest first: those of the project around `file` before those
 * of the whole workspace, those of its language before others. Looks at files only; nothing is executed, and a workspace
 * that is not trusted may be looked at.
 * @param file path of the file to be changed, relative to the workspace, with `/`
 */
export async function proposeCommands(folder: FolderReader, file?: string): Promise<Proposal[]> {
  const proposals: Proposal[] = [];
  for (const at of await projects(folder, file)) {
    proposals.push(
      ...(await pythonProposals(folder, at)),
      ...(await nodeProposals(folder, at)),
      ...(await cargoProposals(folder, at)),
      ...(await goProposals(folder, at)),
    );
  }
  const distinct = proposals.filter(({ line }, index) => proposals.findIndex((one) => one.line === line) === index);
  const runner = file === undefined ? undefined : LANGUAGE.find(([extension]) => extension.test(file))?.[1];
  const fits = (line: string): boolean => runner?.test(line) ?? true;
  return [...distinct.filter(({ line }) => fits(line)), ...distinct.filter(({ line }) => !fits(line))];
}

/** The nearest folder with a manifest above a file, then the workspace itself. */
async function projects(folder: FolderReader, file: string | undefined): Promise<string[]> {
  const parts = file?.split('/').slice(0, -1) ?? [];
  for (let depth = Math.min(parts.length, LEVELS); depth > 0; depth--) {
    const at = parts.slice(0, depth).join('/');
    const entries = await folder.list(at);
    if (entries.some(({ name, kind }) => kind === 'file' && MANIFESTS.has(name))) return [at, ''];
  }
  return [''];
}

async function cargoProposals(folder: FolderReader, at: string): Promise<Proposal[]> {
  const manifest = at === '' ? 'Cargo.toml' : `${at}/Cargo.toml`;
  const text = await folder.text(manifest);
  if (text === undefined) return [];
  const line = at === '' ? 'cargo test' : `cargo test --manifest-path ${quoted(manifest)}`;
  return [{ line, reason: /^\s*\[workspace\]/m.test(text) ? `${manifest} of a cargo workspace` : manifest }];
}

async function goProposals(folder: FolderReader, at: string): Promise<Proposal[]> {
  const manifest = at === '' ? 'go.mod' : `${at}/go.mod`;
  if ((await folder.text(manifest)) === undefined) return [];
  return [{ line: at === '' ? 'go test ./...' : `go test -C ${quoted(at)} ./...`, reason: manifest }];
}
