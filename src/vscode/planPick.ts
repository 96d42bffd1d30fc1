import * as vscode from 'vscode';
import { formatUsd, type Money, toDecimal } from '../core/money';
import type { Ceiling } from '../report/allowance';
import { type PlanAction, type PlanFacts, planItems, planTitle } from '../report/planView';
import { readAmount } from '../report/raiseView';
import { type ActionItem, quickPickItems } from './listItems';

/** The quick pick that is the plan: Enter runs it, and nothing is spent before. */
export class PlanPick implements vscode.Disposable {
  readonly #pick = vscode.window.createQuickPick<ActionItem<PlanAction>>();
  readonly #listeners: readonly vscode.Disposable[];
  #answer: ((action: PlanAction) => void) | undefined;
  #hidden = false;

  constructor() {
    this.#pick.ignoreFocusOut = true;
    this.#pick.matchOnDetail = true;
    this.#pick.matchOnDescription = true;
    this.#listeners = [
      this.#pick.onDidAccept(() => {
        const action = this.#pick.selectedItems[0]?.action;
        if (action !== undefined) this.#settle(action);
      }),
      this.#pick.onDidHide(() => {
        this.#hidden = true;
        this.#settle({ kind: 'cancel' });
      }),
    ];
  }

  /** Shows that the plan is being made. */
  plan(budget: Money): void {
    this.#pick.title = `Solvent: solve within ${formatUsd(budget)}`;
    this.#pick.placeholder = 'Planning…';
    this.#pick.items = [];
    this.#pick.busy = true;
    this.#hidden = false;
    this.#pick.show();
  }

  /** Shows a plan. Resolves with what the user chooses; Escape is Cancel. */
  choose(facts: PlanFacts): Promise<PlanAction> {
    if (this.#hidden) return Promise.resolve({ kind: 'cancel' });
    this.#pick.title = planTitle(facts);
    this.#pick.placeholder = facts.plan.feasible
      ? 'Enter runs the plan. Nothing was spent so far.'
      : 'Nothing was spent.';
    this.#pick.items = quickPickItems(planItems(facts));
    this.#pick.busy = false;
    this.#pick.value = '';
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#pick.show();
    });
  }

  /** Makes room for something else until the next plan. */
  hide(): void {
    this.#pick.hide();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#pick.dispose();
  }

  #settle(action: PlanAction): void {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(action);
  }
}

/** Asks for another budget. Undefined where the user keeps the one there is. */
export async function askBudget(current: Money, ceiling: Ceiling | undefined): Promise<Money | undefined> {
  const typed = await vscode.window.showInputBox({
    title: 'Solvent: budget for this task',
    prompt: `What it may cost at most, in USD${ceiling === undefined ? '' : `. ${ceiling.why}`}`,
    value: toDecimal(current),
    ignoreFocusOut: true,
    validateInput: (text) => budgetProblem(text, ceiling),
  });
  return typed === undefined || budgetProblem(typed, ceiling) !== undefined ? undefined : readAmount(typed);
}

function budgetProblem(text: string, ceiling: Ceiling | undefined): string | undefined {
  try {
    const budget = readAmount(text);
    return ceiling !== undefined && budget > ceiling.amount ? ceiling.why : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
