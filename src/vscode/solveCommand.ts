import * as vscode from 'vscode';
import type { Denial } from '../core/budget/denial';
import type { RunEvent } from '../core/events';
import { failedRun } from '../report/failedRun';
import { answerLabel } from '../report/outcome';
import { judgeOf, type RunHeading } from '../report/record';
import { agree, type Agreement, type AgreementTools } from './agreement';
import { announce } from './announce';
import type { RunEnd } from './pipeline';
import { showError } from './problem';
import type { Proposals } from './proposals';
import { ProofChoice, type ProofTools } from './proofChoice';
import { askQuestion, type Question } from './question';
import type { RaiseQuestion } from './raiseQuestion';
import { RunAnswer } from './runAnswer';
import { RunBudget } from './runBudget';
import type { Runs } from './runs';
import type { StatusBar } from './statusBar';

/** What "Solve within budget" works with. */
export interface SolveTools extends AgreementTools, ProofTools {
  readonly runs: Runs;
  readonly statusBar: StatusBar;
  readonly proposals: Proposals;
  readonly question: RaiseQuestion;
}

/** "Solvent: Solve Within Budget": question, plan, run, proposal. */
export class SolveCommand {
  #count = 0;

  constructor(private readonly tools: SolveTools) {}

  /** Takes the task from the editor and leads it to its end. Shows every problem itself. */
  async solve(): Promise<void> {
    try {
      if (!vscode.workspace.isTrusted) await tellUntrusted();
      else if (this.tools.runs.running) await this.#tellBusy();
      else {
        const question = await askQuestion(() => this.tools.pipeline.pytest());
        if (question !== undefined) await this.#prove(question);
      }
    } catch (error) {
      await showError(error);
    }
  }

  /** The copy of a project that tests run on goes with the run, however that ends. */
  async #prove(question: Question): Promise<void> {
    const proof = new ProofChoice(question, this.tools);
    try {
      if ((await proof.open()) === 'decided') await this.#lead(proof);
    } finally {
      await proof.close();
    }
  }

  async #lead(proof: ProofChoice): Promise<void> {
    const { pipeline, runs, statusBar } = this.tools;
    const agreement = await agree(proof, this.tools);
    if (agreement === undefined) return;
    const { request, where, caps, question } = agreement;
    const ledger = await pipeline.ledger();
    const startedAt = Date.now();
    const before = await ledger.totals();
    // Another command of this window may have been quicker while the plan was looked at.
    if (runs.running) {
      await this.#tellBusy();
      return;
    }
    statusBar.setTotals(before, (await caps()).user);
    const { id: task, language } = request.task;
    await this.#run(agreement, {
      ...{ run: String(++this.#count), task, language, tests: question.tests },
      ...{ sandbox: where, startedAt },
      ...(question.proof === undefined ? {} : { proof: question.proof.note }),
    });
  }

  async #run(agreement: Agreement, heading: RunHeading): Promise<void> {
    const { pipeline, runs, proposals } = this.tools;
    const { request, question } = agreement;
    const run = runs.begin(heading, request.budget, question);
    const answer = new RunAnswer(proposals, question.destination, request.task.language);
    const budget = new RunBudget(this.tools, agreement, answer, run.signal);
    let denial: Denial | undefined;
    const emit = (event: RunEvent): void => {
      if (event.type === 'denied') denial = event.denial;
      if (event.type === 'raised') denial = undefined;
      run.emit(event);
    };
    let end: RunEnd;
    try {
      end = await pipeline.run(request, agreement, emit, run.signal, (exhaustion) => budget.raise(exhaustion));
    } catch (error) {
      // The views must not be left with a run that never ends.
      end = { result: failedRun(run.record(), error), lastCall: undefined };
      run.emit({ type: 'finished', result: end.result });
    } finally {
      run.close();
    }
    const opened = await answer.show(end.result.code, answerLabel(end.result, judgeOf(heading)));
    announce({ ...end, judge: judgeOf(heading), denial, blocked: budget.blocked, opened });
  }

  async #tellBusy(): Promise<void> {
    const { question } = this.tools;
    const cancel = 'Cancel the Run';
    const show = question.asking ? 'Raise the Budget…' : 'Show Terminal';
    const message = question.asking
      ? 'A task waits in this window: its budget is exhausted.'
      : 'Solvent is solving a task in this window.';
    const chosen = await vscode.window.showWarningMessage(message, cancel, show);
    if (chosen === cancel) await vscode.commands.executeCommand('solvent.cancel');
    if (chosen === show) {
      await vscode.commands.executeCommand(question.asking ? 'solvent.raiseBudget' : 'solvent.showTerminal');
    }
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
