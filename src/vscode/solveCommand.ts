import * as vscode from 'vscode';
import type { Denial } from '../core/budget/denial';
import type { RunEvent } from '../core/events';
import type { Money } from '../core/money';
import { ceilingOf } from '../report/allowance';
import { failedRun } from '../report/failedRun';
import { answerLabel } from '../report/outcome';
import { periodTotals } from '../report/periodTotals';
import type { RunHeading } from '../report/record';
import { agree, type Agreement, type AgreementTools } from './agreement';
import { announce } from './announce';
import type { RunEnd } from './pipeline';
import { askBudget } from './planPick';
import { showError } from './problem';
import type { Opened, Proposals } from './proposals';
import { askQuestion, type Question } from './question';
import type { Runs } from './runs';
import type { StatusBar } from './statusBar';
import { openUntitled } from './untitled';

/** What "Solve within budget" works with. */
export interface SolveTools extends AgreementTools {
  readonly runs: Runs;
  readonly statusBar: StatusBar;
  readonly proposals: Proposals;
}

/** "Solvent: Solve within budget": question, plan, run, proposal. */
export class SolveCommand {
  #count = 0;

  constructor(private readonly tools: SolveTools) {}

  /** Takes the task from the editor and leads it to its end. Shows every problem itself. */
  async solve(): Promise<void> {
    await this.#guarded(async () => {
      const question = await askQuestion();
      if (question !== undefined) await this.#lead(question, undefined);
    });
  }

  /** Asks the same question again with a budget of the user's choice. */
  async #raise({ question, request, caps, workspace }: Agreement): Promise<void> {
    await this.#guarded(async () => {
      const { pipeline, settings } = this.tools;
      const { workspacePerTask } = settings.budgets(question.destination?.source);
      const ledger = await pipeline.ledger();
      const ceiling = ceilingOf(workspacePerTask, await ledger.remainder(workspace, caps));
      const budget = await askBudget(request.budget, ceiling);
      if (budget !== undefined) await this.#lead(question, budget);
    });
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      if (!vscode.workspace.isTrusted) await tellUntrusted();
      else if (this.tools.runs.running) await tellBusy();
      else await work();
    } catch (error) {
      await showError(error);
    }
  }

  async #lead(question: Question, wanted: Money | undefined): Promise<void> {
    const { pipeline, runs, statusBar } = this.tools;
    const agreement = await agree(question, wanted, this.tools);
    if (agreement === undefined) return;
    const { request, sandbox, caps } = agreement;
    const ledger = await pipeline.ledger();
    const startedAt = Date.now();
    const before = periodTotals(await ledger.entries(), startedAt);
    // Another command of this window may have been quicker while the plan was looked at.
    if (runs.running) {
      await tellBusy();
      return;
    }
    statusBar.setTotals(before, caps.user);
    const { id: task, language } = request.task;
    await this.#run(agreement, {
      ...{ run: String(++this.#count), task, language, tests: agreement.question.tests },
      ...{ sandbox: sandbox.description, startedAt },
    });
  }

  async #run(agreement: Agreement, heading: RunHeading): Promise<void> {
    const { pipeline, runs } = this.tools;
    const { request } = agreement;
    const run = runs.begin(heading, request.budget);
    let denial: Denial | undefined;
    const emit = (event: RunEvent): void => {
      if (event.type === 'denied') denial = event.denial;
      run.emit(event);
    };
    let end: RunEnd;
    try {
      end = await pipeline.run(request, agreement, emit, run.signal);
    } catch (error) {
      // The views must not be left with a run that never ends.
      end = { result: failedRun(run.record(), error), lastOutcome: undefined };
      run.emit({ type: 'finished', result: end.result });
    } finally {
      run.close();
    }
    announce(end, denial, await this.#show(agreement, end), () => this.#raise(agreement));
  }

  /** Opens the answer: as a diff where it has a place, else in a document of its own. */
  async #show({ question, request }: Agreement, { result }: RunEnd): Promise<Opened | undefined> {
    const { code } = result;
    const { language } = request.task;
    if (code === '') return undefined;
    if (question.destination !== undefined) {
      return this.tools.proposals.open({ ...question.destination, code, language, label: answerLabel(result) });
    }
    await openUntitled(code, language);
    return undefined;
  }
}

async function tellUntrusted(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const message =
    'Solving is off in Restricted Mode, because it sends text of this workspace to a model and runs tests. Trust the workspace to turn it on.';
  if ((await vscode.window.showWarningMessage(message, manage)) === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
}

async function tellBusy(): Promise<void> {
  const cancel = 'Cancel the Run';
  const show = 'Show Terminal';
  const chosen = await vscode.window.showWarningMessage('Solvent is solving a task in this window.', cancel, show);
  if (chosen === cancel) await vscode.commands.executeCommand('solvent.cancel');
  if (chosen === show) await vscode.commands.executeCommand('solvent.showTerminal');
}
