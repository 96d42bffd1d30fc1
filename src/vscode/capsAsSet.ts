import type * as vscode from 'vscode';
import type { CapsNow } from '../core/budget/caps';
import type { Settings } from './settings';

/**
 * The caps in force for a document, as the settings have them whenever it is asked. A setting that cannot be used by
 * then ends the run as a broken ledger does: it is never taken for no limit.
 */
export function capsAsSet(settings: Pick<Settings, 'budgets'>, scope: vscode.Uri | undefined): CapsNow {
  return async () => {
    try {
      return settings.budgets(scope).caps;
    } catch (error) {
      const { LedgerError } = await import('../core/budget/ledger');
      throw new LedgerError(error instanceof Error ? error.message : String(error));
    }
  };
}
