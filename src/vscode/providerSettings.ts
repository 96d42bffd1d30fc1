import * as vscode from 'vscode';

/**
 * Writes the user's settings: all of them, or, where one cannot be written, none. In a remote window these are the
 * settings of the remote machine, which is where they are read from.
 * @throws Error with the editor's reason, where they cannot be written
 */
export async function writeSettings(values: Readonly<Record<string, unknown>>): Promise<void> {
  const done: (readonly [string, unknown])[] = [];
  try {
    for (const [name, value] of Object.entries(values)) {
      const before = vscode.workspace.getConfiguration().inspect(name)?.globalValue;
      await write(name, value);
      done.push([name, before]);
    }
  } catch (error) {
    for (const [name, before] of done.toReversed()) await write(name, before);
    throw error;
  }
}

function write(name: string, value: unknown): Thenable<void> {
  return vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
}
