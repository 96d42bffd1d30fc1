import { spawnSync } from 'node:child_process';
import { onPath } from './onPath';

const PROBE = 'import importlib.util, sys; print(sys.executable if importlib.util.find_spec("pytest") else "")';

/** The interpreters of this machine that have pytest, each once: `python3` on PATH, and the system's own. */
export function pythonsWithPytest(): readonly string[] {
  const found = [onPath('python3'), '/usr/bin/python3'].flatMap((path) => {
    if (path === undefined) return [];
    // Isolated, as in the sandbox: what only this user has installed is not there.
    const { status, stdout } = spawnSync(path, ['-I', '-c', PROBE], { cwd: '/', encoding: 'utf8' });
    return status === 0 && stdout.trim() !== '' ? [stdout.trim()] : [];
  });
  return [...new Set(found)];
}
