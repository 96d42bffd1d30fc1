import { execFile } from 'node:child_process';

/** Runs a command to its end, for at most 20 s. `text` is what it said: its errors where there are any, else its output. */
export async function execute(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ failed: boolean; text: string }> {
  return new Promise((resolve) => {
    execFile(path, [...args], { cwd: '/', env, timeout: 20_000, windowsHide: true }, (error, stdout, stderr) => {
      const said = stderr.trim() || stdout.trim();
      resolve({ failed: error !== null, text: said || (error?.message ?? '') });
    });
  });
}
