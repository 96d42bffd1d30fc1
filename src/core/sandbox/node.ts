import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Interpreter } from './interpreter';
import { findOnPath, presentable, within } from './places';
import { SandboxError } from './sandbox';

/** A Node.js installation, or an Electron that can act as one. */
export interface Node extends Interpreter {
  readonly electron: boolean;
}

/** Where Node.js is looked for. */
export interface NodePlace {
  readonly path: string;
  /** Whether this is the program that runs now, which may be Electron. */
  readonly own: boolean;
}

const OLDEST = 18;
/** Whose libraries every sandbox shows. On a Mac, what the user has installed lies in /usr/local. */
const SYSTEM = process.platform === 'darwin' ? ['/usr/lib', '/System'] : ['/lib', '/lib64', '/usr'];
/** Makes Electron's executable act as Node.js; Node.js itself ignores it. */
export const AS_NODE = { ELECTRON_RUN_AS_NODE: '1' };

const PROBE = `
const { sharedObjects } = process.report.getReport();
console.log(JSON.stringify({ executable: process.execPath, version: process.versions.node,
  electron: process.versions.electron !== undefined, sharedObjects }));
`;

/**
 * The path of Node.js, or of a shim that leads to it: the chosen one, else `node` on PATH, else the program that runs now.
 * @throws SandboxError when the chosen one is not there.
 */
export function locateNode(chosen: string | undefined): NodePlace {
  if (chosen === undefined) {
    const path = findOnPath('node');
    return path === undefined ? { path: process.execPath, own: true } : { path, own: false };
  }
  const path = chosen.includes('/') ? chosen : findOnPath(chosen);
  if (path === undefined || !existsSync(path)) {
    throw new SandboxError(
      `There is no Node.js at ${chosen}. Set the path of an existing one, or leave it out to use node on PATH.`,
    );
  }
  return { path, own: false };
}

/**
 * Finds out what of the file system Node.js needs, by asking it.
 * @throws SandboxError when it does not answer, or when it is older than 18.
 */
export async function resolveNode(place: NodePlace): Promise<Node> {
  const { executable, version, electron, sharedObjects } = await probe(place);
  const major = Number.parseInt(version, 10);
  if (!(major >= OLDEST)) {
    throw new SandboxError(
      `${place.path} is Node.js ${version}; ${OLDEST} or newer is needed to test JavaScript. Install one, or name another (solvent.node.path, --node or SOLVENT_NODE).`,
    );
  }
  const libraries = sharedObjects.filter((path) => !SYSTEM.some((known) => within(path, known)));
  // Electron reads data files that lie beside it.
  const needed = [executable, ...(electron ? [dirname(executable)] : []), ...libraries];
  return { executable, version, electron, paths: [...new Set(needed)].filter(presentable) };
}

interface Probed {
  readonly executable: string;
  readonly version: string;
  readonly electron: boolean;
  readonly sharedObjects: readonly string[];
}

async function probe({ path, own }: NodePlace): Promise<Probed> {
  const install =
    'Install Node.js 18 or newer (https://nodejs.org; sudo apt install nodejs), or name one (solvent.node.path, --node or SOLVENT_NODE).';
  // From the root directory: a version file in the workspace must not choose the program behind a shim.
  const answer = await new Promise<string>((resolve, reject) => {
    const env = { ...process.env, ...AS_NODE, NODE_OPTIONS: '' };
    execFile(path, ['-e', PROBE], { cwd: '/', timeout: 20_000, env, windowsHide: true }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else {
        const why = stderr.trim().slice(0, 500) || 'it fails without saying why';
        const said = own
          ? 'Node.js is needed to test JavaScript, and there is no node on PATH'
          : `${path} does not run as Node.js: ${why}`;
        reject(new SandboxError(`${said}. ${install}`));
      }
    });
  });
  try {
    return JSON.parse(answer) as Probed;
  } catch {
    throw new SandboxError(`${path} does not answer like Node.js: ${answer.slice(0, 200)}. ${install}`);
  }
}
