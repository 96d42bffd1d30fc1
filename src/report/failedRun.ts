import type { RunResult } from '../core/result';
import type { RunRecord } from './record';

/** The result of a run that ended in an error of its own, with all that was spent until then. */
export function failedRun({ heading, plan, account, attempts }: RunRecord, error: unknown): RunResult {
  const total = Math.max(0, ...attempts.map(({ verdict }) => verdict?.total ?? 0));
  return {
    id: heading.task,
    status: 'error',
    stop: 'failed',
    code: '',
    verdict: { passed: 0, total, ran: false },
    strategy: 'bamas',
    topology: plan?.topology ?? 'linear',
    profile: plan?.profile ?? 'verified',
    pool: plan?.pool ?? [],
    account,
    seconds: (Date.now() - heading.startedAt) / 1000,
    error: error instanceof Error ? error.message : String(error),
  };
}
