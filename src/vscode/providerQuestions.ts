import * as vscode from 'vscode';
import type { Offered, OfferedModel } from '../core/providers/offeredModels';
import { titledItems } from '../report/planView';
import { quickPickItems } from './listItems';
import { hostOf } from './endpoint';
import { isKey } from './keyCommands';

/** What a question for a key depends on. */
export interface KeyQuestion {
  readonly host: string;
  /** Whether one is stored or in the environment, which holds where nothing is typed. */
  readonly known: boolean;
  /** Whether the server may need none. */
  readonly optional: boolean;
  /** Why the last one would not do. */
  readonly rejected: string | undefined;
}

/** Asks for a key: what was typed, empty for the one that is known or for none; undefined where the user gave it up. */
export async function askKey({ host, known, optional, rejected }: KeyQuestion): Promise<string | undefined> {
  const empty = known || optional;
  const where = `It is kept in the editor's secret storage and is sent to ${host} only`;
  const text = await vscode.window.showInputBox({
    title: `Solvent: API key for ${host}`,
    prompt: rejected === undefined ? where : `${rejected} ${where}`,
    placeHolder: known ? 'Empty keeps the key that is there' : optional ? 'Empty where none is needed' : 'API key',
    password: true,
    ignoreFocusOut: true,
    validateInput: (typed) => {
      if (typed.trim() === '') return empty || typed === '' ? undefined : 'Enter a key.';
      return isKey(typed) ? undefined : 'A key has no spaces and only plain characters.';
    },
  });
  if (text === undefined) return undefined;
  const key = text.trim();
  if (key === '') return empty ? '' : undefined;
  return isKey(key) ? key : undefined;
}

/** Asks a server for its models, which costs nothing; the user can end the wait. */
export async function askServer(baseUrl: string, key: string | undefined): Promise<Offered> {
  const { offeredModels } = await import('../core/providers/offeredModels');
  const title = `Asking ${hostOf(baseUrl)} for its models, which costs nothing`;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_, token) => {
      const abort = new AbortController();
      const listening = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await offeredModels({ baseUrl, key }, { signal: abort.signal });
      } finally {
        listening.dispose();
      }
    },
  );
}

/**
 * Tells why a server did not answer as it should. Resolves with whether to ask it once more, or to change its address
 * first; undefined where the user gave it up.
 * @param typed whether the address was typed, so that it may be wrong
 */
export async function askAgain(problem: string, typed: boolean): Promise<'again' | 'address' | undefined> {
  const again = 'Try Again';
  const address = 'Change Address…';
  const choices = typed ? [address, again] : [again];
  const chosen = await vscode.window.showErrorMessage(`${problem} Nothing was changed.`, ...choices);
  if (chosen === undefined) return undefined;
  return chosen === again ? 'again' : 'address';
}

/** Asks which models of this machine may be used; undefined where the user gave it up. */
export async function chooseModels(models: readonly OfferedModel[]): Promise<readonly OfferedModel[] | undefined> {
  const items = models.map((model) => ({
    label: model.id,
    description: model.contextWindow === undefined ? '' : `${model.contextWindow} tokens`,
    picked: true,
    model,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Solvent: models of this machine that may be used',
    placeHolder: 'They cost nothing, and what they read and write is shown in tokens',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return picked?.map(({ model }) => model);
}

/** What the user is asked to agree to. */
export interface Consent {
  readonly name: string;
  /** What it takes the place of; undefined where it takes none. */
  readonly inPlaceOf?: string;
  /** What would be written, in words; empty where nothing would. */
  readonly changes: readonly string[];
  /** What else there is to know, a sentence each. */
  readonly facts: readonly string[];
}

/** Shows all that would change, whole. Resolves with whether the user wants it. */
export async function consents({ name, inPlaceOf, changes, facts }: Consent): Promise<boolean> {
  const inUse = changes.length === 0 ? { description: 'in use already' } : {};
  const use: vscode.QuickPickItem = { label: `$(check) Use ${name}`, ...inUse };
  const titled = (title: string, texts: readonly string[]): vscode.QuickPickItem[] =>
    texts.length === 0 ? [] : quickPickItems(titledItems(title, texts));
  const pick = vscode.window.createQuickPick();
  pick.title = `Solvent: use ${name}${inPlaceOf === undefined ? '' : ` in place of ${inPlaceOf}`}`;
  pick.placeholder = 'Nothing was changed so far. Escape leaves it so';
  pick.ignoreFocusOut = true;
  pick.items = [use, ...titled('What it changes', changes), ...titled('What it serves', facts)];
  try {
    return await new Promise<boolean>((resolve) => {
      pick.onDidAccept(() => {
        if (pick.selectedItems[0] === use) resolve(true);
      });
      pick.onDidHide(() => {
        resolve(false);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
