import type * as vscode from 'vscode';
import type { PeriodCaps } from '../core/budget/caps';
import type { Pipeline } from './pipeline';
import type { Settings } from './settings';

/**
 * Keeps the user's own caps beside the ledger, so that command lines hold the same ones. What a workspace says is not
 * among them.
 */
export class UserCaps implements vscode.Disposable {
  readonly #listener: vscode.Disposable;

  constructor(
    private readonly settings: Settings,
    private readonly pipeline: Pick<Pipeline, 'ledgerFolder'>,
  ) {
    this.#listener = settings.onCapsChanged(() => {
      void this.#changed();
    });
  }

  /** @throws CapsFileError where they cannot be kept; then nothing may be spent */
  async keep(caps: PeriodCaps): Promise<void> {
    const { writeCapsFile } = await import('../core/budget/capsFile');
    await writeCapsFile(await this.pipeline.ledgerFolder(), caps);
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #changed(): Promise<void> {
    try {
      await this.keep(this.settings.budgets(undefined).caps.user);
    } catch {
      // The next run reads the settings anew, and says what is wrong before anything is spent.
    }
  }
}
