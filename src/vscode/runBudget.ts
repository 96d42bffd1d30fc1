import type { Exhaustion } from '../core/agents/exhaustion';
import type { Money } from '../core/money';
import { type Ceiling, ceilingOf } from '../report/allowance';
import { answerLabel, type Judge } from '../report/outcome';
import { raiseOffer, stillRaised } from '../report/raiseView';
import type { Agreement } from './agreement';
import type { Pipeline } from './pipeline';
import { showError } from './problem';
import type { Proposals } from './proposals';
import type { RaiseQuestion } from './raiseQuestion';
import type { RunAnswer } from './runAnswer';

/** What the budget of a run is raised with. */
export interface RunBudgetTools {
  readonly pipeline: Pick<Pipeline, 'ledger'>;
  readonly proposals: Pick<Proposals, 'onDidAccept'>;
  readonly question: RaiseQuestion;
}

/** The budget of one run, where it is exhausted: has the best answer so far shown, and the user asked for more. */
export class RunBudget {
  #blocked: Ceiling | undefined;

  constructor(
    private readonly tools: RunBudgetTools,
    private readonly agreement: Agreement,
    private readonly answer: RunAnswer,
    private readonly signal: AbortSignal,
  ) {}

  /** The limit that admits no raise, so that there was nothing to ask; undefined where there was. */
  get blocked(): Ceiling | undefined {
    return this.#blocked;
  }

  /** Resolves with the budget that the user chose, or with undefined to stop. */
  async raise(exhaustion: Exhaustion): Promise<Money | undefined> {
    const { question, proposals } = this.tools;
    const ceiling = await this.#ceiling(exhaustion);
    const offer = raiseOffer(exhaustion, ceiling, this.#judge);
    if (offer === undefined) {
      this.#blocked = ceiling;
      return undefined;
    }
    // The question is open at once, and the answer is in view before the run goes on.
    const shown = this.#showBest(exhaustion);
    // Who takes the best answer so far wants no other.
    const accepted = proposals.onDidAccept((proposal) => {
      if (this.answer.isShownAs(proposal)) question.stop();
    });
    try {
      const to = await question.ask(offer, this.signal);
      if (to === undefined) return undefined;
      const now = await this.#ceiling(exhaustion);
      const raised = stillRaised(to, offer, now);
      if (raised === undefined) this.#blocked = now;
      return raised;
    } finally {
      accepted.dispose();
      await shown;
    }
  }

  get #judge(): Judge {
    return this.agreement.question.proof === undefined ? 'task' : 'project';
  }

  async #ceiling({ account }: Exhaustion): Promise<Ceiling | undefined> {
    const { workspacePerTask, workspace, caps } = this.agreement;
    const ledger = await this.tools.pipeline.ledger();
    return ceilingOf(workspacePerTask, await ledger.remainder(workspace, await caps()), account.spent);
  }

  async #showBest({ best }: Exhaustion): Promise<void> {
    if (best?.code === undefined) return;
    const verdict = best.verdict ?? { passed: 0, total: 0, ran: false };
    try {
      await this.answer.show(best.code, answerLabel({ status: 'exhausted', verdict }, this.#judge));
    } catch (error) {
      // An answer that cannot be shown is no reason to lose the run.
      void showError(error);
    }
  }
}
