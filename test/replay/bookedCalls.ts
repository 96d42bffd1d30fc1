import { existsSync } from 'node:fs';
import { readHistory } from '../../src/core/budget/ledger';
import { attoUsd } from '../servers/bill';

/** A call as it stands on the ledger. Amounts are in atto-dollars. */
export interface BookedCall {
  /** The task's id. */
  readonly task: string;
  readonly model: string;
  readonly role: string;
  readonly reserved: bigint;
  /** Upper bound of the prompt, and what the completion was limited to, in tokens. */
  readonly promptBound: number;
  readonly maxTokens: number;
  readonly settled: boolean;
  readonly cost: bigint;
  readonly unconfirmed: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Whether the tokens are the provider's own report. */
  readonly reported: boolean;
  readonly violations: readonly string[];
}

/** Every call on the ledger of a folder, in the order in which they were settled; none where there is no ledger. */
export async function bookedCalls(folder: string): Promise<readonly BookedCall[]> {
  const calls: BookedCall[] = [];
  if (!existsSync(folder)) return calls;
  for await (const record of readHistory(folder)) {
    if (record.type === 'damaged') throw new Error(`Line ${record.number} of ${record.file} cannot be read.`);
    if (record.type !== 'call') continue;
    const { task, model, role, state, bound, promptTokens, completionTokens, reported, violations } = record.entry;
    const { promptBound, maxTokens } = bound;
    const amounts = {
      reserved: attoUsd(record.entry.reserved),
      cost: attoUsd(record.entry.cost),
      unconfirmed: attoUsd(record.entry.unconfirmed),
    };
    const settled = state === 'settled';
    const tokens = { promptBound, maxTokens, promptTokens, completionTokens };
    calls.push({ task, model, role, settled, reported, violations, ...tokens, ...amounts });
  }
  return calls;
}
