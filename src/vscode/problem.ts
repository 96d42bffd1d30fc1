import * as vscode from 'vscode';
import { isEstimated } from '../core/catalogue/editorModels';
import type { LastCall } from './pipeline';
import { PROJECT_SETTING } from './projectSettings';
import { LIMIT_SETTINGS } from './sandboxLimits';
import { SETTING } from './settings';
import { SettingError } from './settingValues';

/** What a message offers to do about a problem. */
export interface Remedy {
  readonly title: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

const MACHINE_SETTINGS: readonly string[] = [
  ...[SETTING.baseUrl, SETTING.models, SETTING.localModels, SETTING.python, SETTING.node, SETTING.backend],
  ...['solvent.editorModels', SETTING.editorUse, SETTING.editorPrices, SETTING.editorRequests],
  ...[PROJECT_SETTING.seconds, PROJECT_SETTING.memoryMb],
  ...Object.values(LIMIT_SETTINGS).map(({ key }) => key),
];

/** What to do where a key is missing or wrong. */
export const SET_KEY: Remedy = { title: 'Set API Key', command: 'solvent.setApiKey' };

const OPEN_FOLDER: Remedy = { title: 'Open Folder', command: 'solvent.openLedger' };

/** Shows a problem with what can be done about it. Resolves once that was done or the message was closed. */
export async function showProblem(message: string, ...remedies: readonly Remedy[]): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(message, ...remedies.map(({ title }) => title));
  const remedy = remedies.find(({ title }) => title === chosen);
  if (remedy !== undefined) await follow(remedy);
}

/** Does what a message has offered. */
export async function follow({ command, args = [] }: Remedy): Promise<void> {
  await vscode.commands.executeCommand(command, ...args);
}

/** Shows an error: its sentence, never its stack. */
export function showError(error: unknown): Promise<void> {
  return showProblem(sentence(error), ...remediesFor(error));
}

/** What to do about a failed run, told by how its last call ended. */
export function remedyFor({ model, outcome }: Partial<LastCall>): Remedy {
  if (model !== undefined && isEstimated(model) && outcome?.kind !== 'cut') return openSettings('solvent.editorModels');
  if (outcome?.kind === 'refused') {
    if (outcome.status === 401 || outcome.status === 403) return SET_KEY;
    if (outcome.status === 404) return openSettings(SETTING.models);
  }
  if (outcome?.kind === 'unsent') return openSettings(SETTING.baseUrl);
  return { title: 'Show Terminal', command: 'solvent.showTerminal' };
}

/** In a remote window the settings of the machine are those of the remote one, and the user's tab does not have them. */
export function openSettings(setting: string): Remedy {
  const remote = vscode.env.remoteName !== undefined && MACHINE_SETTINGS.includes(setting);
  return remote
    ? { title: 'Open Settings', command: 'workbench.action.openRemoteSettings', args: [{ query: setting }] }
    : { title: 'Open Settings', command: 'workbench.action.openSettings', args: [setting] };
}

/** Names are compared, because the classes belong to parts that are loaded on first use. */
function remediesFor(error: unknown): Remedy[] {
  if (error instanceof SettingError) return [openSettings(error.setting)];
  if (!(error instanceof Error)) return [];
  switch (error.name) {
    case 'CatalogueError':
      return [openSettings(SETTING.models)];
    case 'SandboxError':
      return [{ title: 'Try Again', command: 'solvent.solve' }, openSettings(SETTING.backend)];
    case 'LedgerDamage':
      return [{ title: 'Set Aside and Go On…', command: 'solvent.repairLedger' }, OPEN_FOLDER];
    case 'LedgerError':
    case 'CapsFileError':
      return [OPEN_FOLDER];
    default:
      return [];
  }
}

/** What an error says, in one sentence. */
export function sentence(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return message === '' ? 'Solvent stopped for a reason that it cannot name.' : message;
}
