import * as vscode from 'vscode';
import { SETTING } from './settings';

/** What the set-up of a provider writes into the user's settings. */
export interface ProviderValues {
  readonly baseUrl: string;
  /** The models of this machine, all of them; undefined leaves them as they are. */
  readonly localModels: readonly unknown[] | undefined;
}

/**
 * Writes the user's settings: all of them, or, where one cannot be written, none. In a remote window these are the
 * settings of the remote machine, which is where they are read from.
 * @throws Error with the editor's reason, where they cannot be written
 */
export async function writeProvider({ baseUrl, localModels }: ProviderValues): Promise<void> {
  const writes: (readonly [string, unknown])[] = [
    ...(localModels === undefined ? [] : [[SETTING.localModels, localModels] as const]),
    [SETTING.baseUrl, baseUrl],
  ];
  const done: (readonly [string, unknown])[] = [];
  try {
    for (const [name, value] of writes) {
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
