import type { Account } from '../../../src/core/budget/account';
import { openAccount } from '../../../src/core/budget/account';
import type { RunEvent } from '../../../src/core/events';
import { usd, ZERO } from '../../../src/core/money';
import type { Plan } from '../../../src/core/plan';
import type { RunResult } from '../../../src/core/result';
import type { Verdict } from '../../../src/core/sandbox/verdict';
import { openRecord, recorded, type RunHeading, type RunRecord } from '../../../src/report/record';

export const BUDGET = usd('0.01');

export const heading: RunHeading = {
  run: '1',
  task: 'stats.py:median',
  language: 'python',
  tests: '2 tests from the docstring',
  sandbox: 'bubblewrap 0.8.0, Python 3.11.7',
  startedAt: Date.UTC(2026, 10, 20, 12),
};

export const plan: Plan = {
  feasible: true,
  strategy: 'bamas',
  profile: 'verified',
  mode: 'balanced',
  pool: [
    { model: 'strong', count: 1 },
    { model: 'cheap', count: 2 },
  ],
  topology: 'feedback',
  policy: { kind: 'rule', why: 'there are tests' },
  expectedCost: usd('0.0003'),
  worstCost: usd('0.0087'),
  budget: BUDGET,
  explanation: ['1 x strong is the most that the budget admits.'],
};

export function account(change: Partial<Account> = {}): Account {
  return { ...openAccount(BUDGET), ...change };
}

export function verdict(change: Partial<Verdict> = {}): Verdict {
  return {
    passed: 1,
    total: 2,
    ran: true,
    sandbox: 'os',
    tests: [
      { name: 'assert median([3, 1, 2]) == 2', ok: true, durationMs: 3 },
      { name: 'assert median([4, 1, 3, 2]) == 2.5', ok: false, message: 'got 3', durationMs: 1 },
    ],
    limits: { seconds: 30, memoryMb: 512 },
    stdout: '',
    stderr: '',
    ...change,
  };
}

export function result(change: Partial<RunResult> = {}): RunResult {
  return {
    id: heading.task,
    status: 'solved',
    stop: 'solved',
    code: 'def median(values): ...',
    verdict: { passed: 2, total: 2, ran: true },
    strategy: 'bamas',
    topology: 'feedback',
    profile: 'verified',
    pool: plan.pool,
    account: account({
      spent: usd('0.0003'),
      unconfirmed: usd('0.0001'),
      calls: 2,
      promptTokens: 1200,
      completionTokens: 240,
    }),
    seconds: 3.2,
    ...change,
  };
}

const first = { call: 1, role: 'executor', model: 'cheap', reserved: usd('0.0004') } as const;
const second = { call: 2, role: 'critic', model: 'strong', reserved: usd('0.0001') } as const;
const afterFirst = account({ spent: usd('0.0002'), calls: 1, promptTokens: 600, completionTokens: 120 });

/** A run of two calls, the second of them cut, and two tested answers. */
export const events: readonly RunEvent[] = [
  { type: 'planned', plan },
  {
    type: 'reserved',
    ...first,
    promptTokens: 650,
    maxTokens: 384,
    completionBound: 384,
    account: account({ reserved: usd('0.0004') }),
  },
  { type: 'arriving', call: 1, text: 'def median' },
  {
    type: 'settled',
    ...first,
    cost: usd('0.0002'),
    unconfirmed: ZERO,
    violations: [],
    promptTokens: 600,
    completionTokens: 120,
    account: afterFirst,
  },
  { type: 'testing', attempt: 1, call: 1, model: 'cheap', code: 'def median(values): ...' },
  { type: 'verdict', attempt: 1, call: 1, model: 'cheap', verdict: verdict() },
  {
    type: 'reserved',
    ...second,
    promptTokens: 650,
    maxTokens: 160,
    completionBound: 160,
    account: { ...afterFirst, reserved: usd('0.0001') },
  },
  {
    type: 'settled',
    ...second,
    cost: usd('0.0001'),
    unconfirmed: usd('0.0001'),
    violations: [],
    promptTokens: 600,
    completionTokens: 120,
    problem: 'The connection broke.',
    account: result().account,
  },
  { type: 'testing', attempt: 2, call: 2, model: 'cheap', code: 'def median(values): ...' },
  { type: 'verdict', attempt: 2, call: 2, model: 'cheap', verdict: verdict({ passed: 2 }) },
  { type: 'finished', result: result() },
];

/** The record after the first so many events, or after all. */
export function recordAfter(count: number = events.length): RunRecord {
  return events.slice(0, count).reduce(recorded, openRecord(heading, BUDGET));
}
