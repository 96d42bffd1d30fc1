import * as vscode from 'vscode';
import { type Money, toDecimal } from '../core/money';
import {
  raiseChoices,
  raiseItems,
  raiseMessage,
  type RaiseAction,
  type RaiseOffer,
  raiseProblem,
  raiseTitle,
  readAmount,
} from '../report/raiseView';
import { type ActionItem, quickPickItems } from './listItems';

/** A question that waits for its answer. */
interface Open {
  readonly offer: RaiseOffer;
  /** @param to the new budget; undefined to stop */
  readonly settle: (to: Money | undefined) => void;
  /** Cancelled when it was answered, wherever that was. */
  readonly answered: vscode.CancellationToken;
}

const MORE = 'More Choices…';
const STOP = 'Stop';

/**
 * The one question that an exhausted run asks: raise the budget, or stop with the best answer so far. It comes as a
 * notification, because what takes the focus unasked could be answered by a key that was meant for something else. The
 * notification may vanish: the question stays open, the status bar shows it and leads back to it, until the user has
 * chosen or the run is cancelled.
 */
export class RaiseQuestion implements vscode.Disposable {
  #open: Open | undefined;
  #pick: vscode.QuickPick<ActionItem<RaiseAction>> | undefined;

  /** @param changed is told whether a question is open, each time that changes */
  constructor(private readonly changed: (asking: boolean) => void) {}

  get asking(): boolean {
    return this.#open !== undefined;
  }

  /** Asks, and resolves with the budget that the user chose, or with undefined to stop. Aborting is stopping. */
  async ask(offer: RaiseOffer, signal: AbortSignal): Promise<Money | undefined> {
    if (signal.aborted) return undefined;
    const stop = (): void => {
      this.stop();
    };
    signal.addEventListener('abort', stop);
    const answered = new vscode.CancellationTokenSource();
    try {
      return await new Promise<Money | undefined>((resolve) => {
        const open: Open = { offer, settle: resolve, answered: answered.token };
        this.#open = open;
        this.changed(true);
        void this.#notify(open);
      });
    } finally {
      signal.removeEventListener('abort', stop);
      this.#open = undefined;
      this.changed(false);
      this.#pick?.dispose();
      this.#pick = undefined;
      answered.cancel();
      answered.dispose();
    }
  }

  /** Shows the open question as a list with every choice. Escape puts it away and leaves it open. */
  show(): void {
    if (this.#open === undefined) {
      void vscode.window.showInformationMessage('No run waits for a larger budget.');
      return;
    }
    this.#list(this.#open);
  }

  /** Answers an open question: stop with the best answer so far. */
  stop(): void {
    this.#open?.settle(undefined);
  }

  dispose(): void {
    this.stop();
    this.#pick?.dispose();
  }

  async #notify(open: Open): Promise<void> {
    const [smallest] = raiseChoices(open.offer);
    const chosen = await vscode.window.showWarningMessage(raiseMessage(open.offer), smallest.label, MORE, STOP);
    // The question may have been answered elsewhere while the message was still there.
    if (this.#open !== open) return;
    if (chosen === smallest.label) open.settle(smallest.to);
    else if (chosen === MORE) this.#list(open);
    else if (chosen === STOP) open.settle(undefined);
  }

  #list(open: Open): void {
    this.#pick?.dispose();
    const pick = vscode.window.createQuickPick<ActionItem<RaiseAction>>();
    this.#pick = pick;
    pick.title = raiseTitle(open.offer);
    pick.placeholder = 'Nothing is spent until you choose. Escape: decide later.';
    // The proposal behind it may be looked at meanwhile.
    pick.ignoreFocusOut = true;
    pick.items = quickPickItems(raiseItems(open.offer));
    pick.onDidAccept(() => {
      const action = pick.selectedItems[0]?.action;
      if (action === undefined) return;
      pick.hide();
      if (this.#open === open) void this.#take(action, open);
    });
    pick.onDidHide(() => {
      pick.dispose();
      if (this.#pick === pick) this.#pick = undefined;
    });
    pick.show();
  }

  async #take(action: RaiseAction, open: Open): Promise<void> {
    if (action.kind === 'amount') {
      const amount = await askAmount(open);
      if (this.#open !== open) return;
      // Who gives up typing is back at the choices.
      if (amount === undefined) this.#list(open);
      else open.settle(amount);
    } else open.settle(action.kind === 'raise' ? action.to : undefined);
  }
}

async function askAmount({ offer, answered }: Open): Promise<Money | undefined> {
  const [smallest] = raiseChoices(offer);
  const options: vscode.InputBoxOptions = {
    title: 'Solvent: new budget for this task',
    prompt: `USD in all, what is spent already included${offer.ceiling === undefined ? '' : `. ${offer.ceiling.why}`}`,
    value: toDecimal(smallest.to),
    ignoreFocusOut: true,
    validateInput: (text) => raiseProblem(text, offer),
  };
  const typed = await vscode.window.showInputBox(options, answered);
  return typed === undefined || raiseProblem(typed, offer) !== undefined ? undefined : readAmount(typed);
}
