import { extractCode } from '../../core/agents/extractCode';
import { taskPrompt } from '../../core/agents/prompts';
import { NO_CAPS } from '../../core/budget/caps';
import type { Ledger } from '../../core/budget/ledger';
import { TokenCounter } from '../../core/budget/tokens';
import type { Catalogue, Model } from '../../core/catalogue/model';
import type { RunEvent } from '../../core/events';
import { add, type Money, times, ZERO } from '../../core/money';
import type { Mode, Profile, TopologyName } from '../../core/plan';
import type { ChatProvider } from '../../core/providers/chat';
import { T_OUT } from '../../core/provisioning/estimate';
import type { Sandbox } from '../../core/sandbox/sandbox';
import { isSolved } from '../../core/sandbox/verdict';
import { solve } from '../../core/solve';
import type { Task } from '../../core/task/task';

/** What one run of a task came to. */
export interface Ended {
  readonly code: string;
  /** Whether the visible tests pass. */
  readonly passes: boolean;
  readonly cost: Money;
  readonly calls: number;
  /** Calls one after the other; what is asked at once is one round. */
  readonly rounds: number;
  /** What was reserved for the calls, in all, and at most at a time together with what was spent; nothing without a meter. */
  readonly reserved: Money;
  readonly worstReserved: Money;
}

/** A way of working through a task. */
export interface Way {
  readonly name: string;
  /** @param budget USD for this run; that of the tools where absent. Only a pipeline knows one. */
  run(task: Task, seed: number, budget?: Money): Promise<Ended>;
}

export interface Tools {
  readonly catalogue: Catalogue;
  readonly provider: ChatProvider;
  readonly sandbox: Sandbox;
  readonly ledger: Ledger;
  readonly budget: Money;
}

const NEVER = new AbortController().signal;

/** A run of the pipeline. */
export function pipeline(tools: Tools, topology: TopologyName | 'auto', profile: Profile, mode: Mode): Way {
  const name = profile === 'paper' ? `${topology}, paper` : `${topology}, ${mode}`;
  return {
    name,
    async run(task, seed, budget = tools.budget) {
      let rounds = 0;
      let open = 0;
      let reserved = ZERO;
      const count = (event: RunEvent): void => {
        if (event.type === 'reserved' && open++ === 0) rounds += 1;
        if (event.type !== 'settled') return;
        open -= 1;
        reserved = add(reserved, event.reserved);
      };
      const { ledger } = tools;
      const parts = {
        ...tools,
        tokens: new TokenCounter((model) => ledger.learned(model)),
        caps: NO_CAPS,
        workspace: '',
      };
      const result = await solve({ task, budget, profile, topology, mode, seed }, parts, count, NEVER);
      const { account, code, status } = result;
      const { spent: cost, calls, worstReserved } = account;
      return { code, passes: status === 'solved', cost, calls, rounds, reserved, worstReserved };
    },
  };
}

/**
 * The plain cascade: these models one after the other, each asked the task alone, until an answer passes the visible
 * tests. It knows no budget.
 */
export function cascade({ provider, sandbox }: Tools, models: readonly Model[]): Way {
  return {
    name: 'plain cascade',
    async run(task, seed) {
      const unreserved = { reserved: ZERO, worstReserved: ZERO };
      let ended: Ended = { code: '', passes: false, cost: ZERO, calls: 0, rounds: 0, ...unreserved };
      for (const [index, model] of models.entries()) {
        const messages = [{ role: 'user' as const, content: taskPrompt(task) }];
        const about = { model, role: 'executor' as const, messages, maxTokens: T_OUT, temperature: 0, runId: task.id };
        const outcome = await provider.complete({ ...about, seed: seed + index }, () => undefined, NEVER);
        if (outcome.kind !== 'complete' || outcome.usage === undefined) continue;
        const { promptTokens, completionTokens } = outcome.usage;
        const code = extractCode(outcome.text, task) ?? '';
        const passes = isSolved(await sandbox.run({ task, code }));
        const price = add(times(model.price.input, promptTokens), times(model.price.output, completionTokens));
        ended = { ...ended, code, passes, cost: add(ended.cost, price), calls: index + 1, rounds: index + 1 };
        if (passes) break;
      }
      return ended;
    },
  };
}
