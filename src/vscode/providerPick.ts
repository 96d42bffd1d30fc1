import * as vscode from 'vscode';
import { presetAt, type ProviderPreset } from '../core/providers/presets';
import { providerItems, type ProviderItem } from '../report/providerSetUp';
import { hostOf, readBaseUrl } from './endpoint';
import { SETTING } from './settings';
import { SettingError } from './settingValues';

/** A provider to be set up. */
export interface ProviderChoice {
  /** For people. */
  readonly name: string;
  /** Address of its API, without a slash at its end. */
  readonly baseUrl: string;
  /** Undefined for an address that nothing more is known of. */
  readonly preset: ProviderPreset | undefined;
}

/** A provider, or the title of those below it. */
type Item = vscode.QuickPickItem & Partial<ProviderItem>;

/**
 * Asks which provider to set up. Servers of this machine are looked for meanwhile, and at no other time. Undefined where
 * the user gave it up.
 */
export async function pickProvider(presets: readonly ProviderPreset[]): Promise<ProviderChoice | 'editor' | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  const gone = new AbortController();
  pick.title = 'Solvent: set up a provider';
  pick.placeholder = 'Looks for servers on this machine; nothing else is asked yet';
  pick.matchOnDescription = true;
  pick.busy = true;
  pick.items = grouped(providerItems(presets, undefined));
  try {
    void showFound(pick, presets, gone.signal);
    const item = await new Promise<Item | undefined>((resolve) => {
      pick.onDidAccept(() => {
        resolve(pick.selectedItems[0]);
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.show();
    });
    const choice = item?.choice;
    if (choice === undefined || choice === 'editor') return choice;
    return choice === 'address' ? await askAddress() : { name: choice.name, baseUrl: choice.baseUrl, preset: choice };
  } finally {
    gone.abort();
    pick.dispose();
  }
}

async function showFound(
  pick: vscode.QuickPick<Item>,
  presets: readonly ProviderPreset[],
  signal: AbortSignal,
): Promise<void> {
  const { localServers } = await import('../core/providers/localServers');
  const found = await localServers(presets, signal);
  if (signal.aborted) return;
  const [active] = pick.activeItems;
  const first = active === pick.items.find(({ choice }) => choice !== undefined);
  pick.items = grouped(providerItems(presets, found));
  const same = pick.items.find(({ label }) => label === active?.label);
  // Who has moved to a line keeps it, whatever comes up above it.
  if (!first && same !== undefined) pick.activeItems = [same];
  pick.busy = false;
}

/** Each group begins with its title. */
function grouped(items: readonly ProviderItem[]): Item[] {
  return items.flatMap((item, index): Item[] => {
    if (item.group === items[index - 1]?.group) return [item];
    return [{ label: item.group, kind: vscode.QuickPickItemKind.Separator }, item];
  });
}

/**
 * Asks for the address of an API. Undefined where the user gave it up.
 * @param before the address to begin with
 */
export async function askAddress(before = ''): Promise<ProviderChoice | undefined> {
  const typed = await vscode.window.showInputBox({
    title: 'Solvent: address of the API',
    prompt: 'The base URL of a server that speaks the API of OpenAI; it often ends in /v1',
    placeHolder: 'https://gateway.example/v1',
    value: before,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? undefined : problemWith(text)),
  });
  if (typed === undefined || typed.trim() === '' || problemWith(typed) !== undefined) return undefined;
  const baseUrl = addressIn(typed);
  const preset = presetAt(baseUrl);
  return { name: preset?.name ?? hostOf(baseUrl), baseUrl, preset };
}

function problemWith(text: string): string | undefined {
  try {
    addressIn(text);
    return undefined;
  } catch (error) {
    if (error instanceof SettingError) return error.message;
    throw error;
  }
}

/** Documentation shows addresses of requests, too. */
function addressIn(text: string): string {
  return readBaseUrl(
    text.trim().replace(/\/(?:chat\/completions|completions|models)\/*$/, ''),
    SETTING.baseUrl,
    'The address',
  );
}
