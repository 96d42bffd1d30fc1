import * as vscode from 'vscode';
import { keyCheck } from '../report/keyCheck';
import { hostOf } from './endpoint';
import type { Keys } from './keys';

/** A server that a key can be set for. */
interface ServerItem extends vscode.QuickPickItem {
  readonly baseUrl: string;
}

/**
 * "Solvent: Set API Key". A key that was stored is tried with a request that costs nothing. Resolves with whether one was
 * stored.
 * @param servers base URLs of the provider and of the models that have their own, the provider's first
 * @param priced ids of the models in use that a server serves
 */
export async function setApiKey(
  keys: Keys,
  servers: readonly string[],
  priced: (baseUrl: string) => readonly string[],
): Promise<boolean> {
  const baseUrl = await pickServer('Solvent: set the API key of', servers);
  if (baseUrl === undefined || !(await storeKey(keys, baseUrl))) return false;
  // The command is done; how the server takes the key is told when it is known.
  void tryKey(keys, baseUrl, priced(baseUrl));
  return true;
}

/** Asks for the key of one server. Resolves with whether it was stored. */
export async function askForKey(keys: Keys, baseUrl: string): Promise<boolean> {
  if (!(await storeKey(keys, baseUrl))) return false;
  void vscode.window.showInformationMessage(`The API key for ${hostOf(baseUrl)} is stored.`);
  return true;
}

async function storeKey(keys: Keys, baseUrl: string): Promise<boolean> {
  const host = hostOf(baseUrl);
  const key = await vscode.window.showInputBox({
    title: `Solvent: API key for ${host}`,
    prompt: `It is kept in the editor's secret storage and is sent to ${host} only`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || isKey(text) ? undefined : 'A key has no spaces and only plain characters.',
  });
  if (key === undefined || !isKey(key)) return false;
  await keys.store(baseUrl, key.trim());
  return true;
}

/** Asks the server for its models with the key, and says what came of it. */
async function tryKey(keys: Keys, baseUrl: string, priced: readonly string[]): Promise<void> {
  const { offeredModels } = await import('../core/providers/offeredModels');
  const key = await keys.keyFor({}, baseUrl);
  const { level, message } = keyCheck(hostOf(baseUrl), await offeredModels({ baseUrl, key }), priced);
  void (level === 'info' ? vscode.window.showInformationMessage(message) : vscode.window.showWarningMessage(message));
}

/** "Solvent: Remove API Key". */
export async function removeApiKey(keys: Keys, servers: readonly string[]): Promise<void> {
  const stored = await Promise.all(servers.map((server) => keys.stored(server)));
  const holding = servers.filter((_, index) => stored[index] !== undefined);
  if (holding.length === 0) {
    void vscode.window.showInformationMessage('No API key is stored.');
    return;
  }
  const baseUrl = await pickServer('Solvent: remove the API key of', holding);
  if (baseUrl === undefined) return;
  await keys.remove(baseUrl);
  void vscode.window.showInformationMessage(`The API key for ${hostOf(baseUrl)} was removed.`);
}

async function pickServer(title: string, servers: readonly string[]): Promise<string | undefined> {
  if (servers.length <= 1) return servers[0];
  const items: ServerItem[] = servers.map((baseUrl) => ({ label: hostOf(baseUrl), description: baseUrl, baseUrl }));
  return (await vscode.window.showQuickPick(items, { title }))?.baseUrl;
}

/** Whether a text can be a key: visible plain characters, whatever space was pasted around them. */
export function isKey(text: string): boolean {
  return /^[\u0021-\u007e]+$/.test(text.trim());
}
