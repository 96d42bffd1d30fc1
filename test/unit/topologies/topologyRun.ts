import { NO_CAPS } from '../../../src/core/budget/caps';
import { TokenCounter } from '../../../src/core/budget/tokens';
import type { Calibration } from '../../../src/core/calibration/calibration';
import type { Catalogue } from '../../../src/core/catalogue/model';
import type { RunEvent } from '../../../src/core/events';
import { usd } from '../../../src/core/money';
import type { Plan } from '../../../src/core/plan';
import type { ChatOutcome } from '../../../src/core/providers/chat';
import type { RunResult } from '../../../src/core/result';
import type { Sandbox } from '../../../src/core/sandbox/sandbox';
import { planTask, solve, type SolveRequest } from '../../../src/core/solve';
import type { Task } from '../../../src/core/task/task';
import { receiptMarkdown } from '../../../src/report/receipt';
import { openRecord, recorded } from '../../../src/report/record';
import { inFolder, openLedger } from '../../support/ledger';
import { aModel } from '../../support/models';
import { type Behaviour, gives, type Script, ScriptedProvider, ScriptedSandbox } from '../../support/scripted';

/** Three models, each ten times as dear as the next. */
export const CATALOGUE: Catalogue = {
  asOf: '2026-11-20',
  source: 'test',
  models: [aModel('strong', 1, 10, 30), aModel('middle', 2, 1, 3), aModel('weak', 3, 0.1, 0.3)],
};

/** A task whose tests pass where the answer contains both words. */
export const TASK: Task = {
  ...{ id: 'job', language: 'python', prompt: 'Write f.', entryPoint: 'f', setup: '' },
  tests: ['alpha', 'beta'],
};

/** An answer that returns these words. */
export const code = (body: string): string => `\`\`\`python\ndef f():\n    return '${body}'\n\`\`\``;

/** Answers of a kind, such as "kind 1", behave alike; one of kind 0 gives no plain data, and one of kind 9 draws lots. */
export const ofItsKind: Behaviour = (text) => {
  const kind = /kind (\d)/.exec(text)?.[1] ?? '';
  if (kind === '0') return { kind: 'opaque' };
  return gives(kind === '9' ? String(Math.random()) : kind);
};

/** How the provider says that a call was cut while it was under way. */
export const CUT: ChatOutcome = { kind: 'cut', text: '', message: 'cancelled', retryable: false };

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => {
    signal.addEventListener('abort', () => {
      done();
    });
  });
}

/** What a run of a topology looked like from outside. */
export interface TopologyRun {
  readonly result: RunResult;
  /** "executor weak", in the order in which the calls left. */
  readonly calls: readonly string[];
  readonly requests: ScriptedProvider['requests'];
  readonly events: readonly RunEvent[];
  readonly receipt: string;
  /** Codes in the order in which they were tested. */
  readonly runs: readonly string[];
}

export interface RunOptions extends Partial<Omit<SolveRequest, 'task'>> {
  readonly task?: Task;
  readonly sandbox?: Sandbox;
  readonly signal?: AbortSignal;
  readonly models?: Catalogue['models'];
  readonly calibration?: Calibration;
}

/** The plan for the task; spends nothing. */
export function planned({ task = TASK, models, calibration, ...request }: RunOptions = {}): Promise<Plan> {
  return planTask(requestOf({ ...request, task }), {
    catalogue: { ...CATALOGUE, models: models ?? CATALOGUE.models },
    tokens: new TokenCounter(),
    ...(calibration === undefined ? {} : { calibration }),
  });
}

/** Runs the one pipeline with scripted models, on a real ledger. */
export function topologyRun(script: Script, options: RunOptions = {}): Promise<TopologyRun> {
  return inFolder(async (folder) => {
    const provider = new ScriptedProvider(script);
    const scripted = new ScriptedSandbox();
    const { sandbox = scripted, signal = new AbortController().signal, models = CATALOGUE.models } = options;
    const request = requestOf(options);
    const events: RunEvent[] = [];
    const heading = { run: '1', task: request.task.id, language: request.task.language, tests: '', sandbox: '' };
    let record = openRecord({ ...heading, startedAt: 0 }, request.budget);
    const parts = {
      ...{ catalogue: { ...CATALOGUE, models }, tokens: new TokenCounter(), provider, sandbox, caps: NO_CAPS },
      ...{ ledger: await openLedger(folder), workspace: '' },
      ...(options.calibration === undefined ? {} : { calibration: options.calibration }),
    };
    const happened = (event: RunEvent): void => {
      events.push(event);
      record = recorded(record, event);
    };
    const result = await solve(request, parts, happened, signal);
    return {
      result,
      calls: provider.requests.map(({ role, model }) => `${role} ${model.id}`),
      requests: provider.requests,
      events,
      receipt: receiptMarkdown(record),
      runs: scripted.runs,
    };
  });
}

function requestOf({ task = TASK, budget, profile, topology, mode, seed }: RunOptions): SolveRequest {
  return {
    task,
    budget: budget ?? usd(1),
    profile: profile ?? 'verified',
    topology: topology ?? 'auto',
    ...(mode === undefined ? {} : { mode }),
    ...(seed === undefined ? {} : { seed }),
  };
}
