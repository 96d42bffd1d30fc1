import * as vscode from 'vscode';
import type { Refreshed } from '../core/catalogue/refresh';
import { type PricesAction, type PricesItem, pricesItems, pricesTitle } from '../report/pricesView';
import type { Pipeline } from './pipeline';
import { SETTING, type Settings } from './settings';

/** What a refresh works with. */
export interface PriceTools {
  readonly pipeline: Pick<Pipeline, 'dataFolder' | 'prices'>;
  readonly settings: Pick<Settings, 'models'>;
}

interface Item extends vscode.QuickPickItem {
  readonly action: PricesAction | undefined;
}

/** "Solvent: Refresh Prices…": fetches the prices of today, shows what changed, and stores them if the user agrees. */
export class PriceRefresh {
  /** @param url where the prices come from; undefined means models.dev. No setting leads here: prices admit calls. */
  constructor(
    private readonly tools: PriceTools,
    private readonly url?: string,
  ) {}

  /** @throws RefreshError where there are no new prices, or they cannot be stored */
  async run(): Promise<void> {
    const { pipeline, settings } = this.tools;
    const ownList = settings.models === undefined ? undefined : SETTING.models;
    const { catalogue: inUse } = await pipeline.prices();
    const refreshed = await this.#fetch(inUse);
    if (refreshed === undefined) return;
    if ((await choose(refreshed, pricesItems(refreshed, inUse.asOf, ownList))) === 'keep') {
      void vscode.window.showInformationMessage(`The prices as of ${inUse.asOf} stay in use.`);
      return;
    }
    const { storePrices } = await import('../core/catalogue/current');
    await storePrices(await pipeline.dataFolder(), refreshed.catalogue);
    void vscode.window.showInformationMessage(`The prices as of ${refreshed.catalogue.asOf} are in use.`);
  }

  /** Undefined where the user cancelled. */
  async #fetch(inUse: Refreshed['catalogue']): Promise<Refreshed | undefined> {
    const { refreshPrices } = await import('../core/catalogue/refresh');
    const { MODELS_DEV } = await import('../core/catalogue/modelsDev');
    const url = this.url ?? MODELS_DEV;
    const title = `Solvent: fetching prices from ${new URL(url).host}`;
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (_progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => {
          controller.abort();
        });
        try {
          return await refreshPrices({ inUse, url, now: Date.now(), signal: controller.signal });
        } catch (error) {
          if (token.isCancellationRequested) return undefined;
          throw error;
        }
      },
    );
  }
}

/** Shows the changes until the user has chosen; Escape keeps the old prices. */
async function choose(refreshed: Refreshed, items: readonly PricesItem[]): Promise<PricesAction> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = pricesTitle(refreshed);
  pick.placeholder = 'Nothing is stored so far.';
  pick.ignoreFocusOut = true;
  pick.items = items.map(({ separator, action, ...item }) => ({
    ...item,
    action,
    kind: separator === true ? vscode.QuickPickItemKind.Separator : vscode.QuickPickItemKind.Default,
  }));
  try {
    return await new Promise<PricesAction>((resolve) => {
      pick.onDidAccept(() => {
        const action = pick.selectedItems[0]?.action;
        if (action !== undefined) resolve(action);
      });
      pick.onDidHide(() => {
        resolve('keep');
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
