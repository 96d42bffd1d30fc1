import { type Ledger, readHistory } from '../../src/core/budget/ledger';
import { NO_CAPS } from '../../src/core/budget/caps';
import { type Answer, Meter } from '../../src/core/budget/meter';
import type { MeterEvent } from '../../src/core/budget/meterEvent';
import { TokenCounter } from '../../src/core/budget/tokens';
import type { Violation } from '../../src/core/budget/violation';
import type { Model } from '../../src/core/catalogue/model';
import type { Money } from '../../src/core/money';
import { receiptMarkdown } from '../../src/report/receipt';
import { openRecord, recorded, type RunHeading, type RunRecord } from '../../src/report/record';
import type { HostileServer } from '../servers/hostileServer';
import { openLedger } from '../support/ledger';
import { clientOf } from './asking';

/** The id of every task here, by which the server bills. */
export const TASK = 'collatz/1';

const PROMPT = `Write the function collatz(n) in Python. It returns the steps from n down to 1, n and 1 among them, as a
list of integers. For an even number the next step is its half, for an odd one three times it plus one. Write the code
only, in one block, without any explanation of it, and do not repeat what was asked.`;

const HEADING: RunHeading = {
  run: '1',
  task: TASK,
  language: 'python',
  tests: 'none',
  sandbox: 'none',
  startedAt: 0,
};

/** A run with everything real but its task: the meter, the ledger, the client, and a server that lies. */
export interface HostileRun {
  readonly meter: Meter;
  readonly ledger: Ledger;
  readonly events: readonly MeterEvent[];
  readonly ask: (model: Model, maxTokens: number) => Promise<Answer>;
  /** The receipt as it stands. */
  readonly receipt: () => string;
  /** The violations on the ledger, call by call. */
  readonly onLedger: () => Promise<readonly (readonly Violation[])[]>;
}

export async function hostileRun(folder: string, server: HostileServer, budget: Money): Promise<HostileRun> {
  const ledger = await openLedger(folder);
  const events: MeterEvent[] = [];
  let record: RunRecord = openRecord(HEADING, budget);
  const meter = new Meter({
    ledger,
    provider: clientOf(server),
    tokens: new TokenCounter((model) => ledger.learned(model)),
    caps: NO_CAPS,
    budget,
    limit: budget,
    run: 'run-1',
    task: TASK,
    workspace: '',
    signal: new AbortController().signal,
    emit: (event) => {
      events.push(event);
      record = recorded(record, event);
    },
  });
  return {
    meter,
    ledger,
    events,
    ask: (model, maxTokens) =>
      meter.metered(model).ask({
        role: 'executor',
        messages: [{ role: 'user', content: PROMPT }],
        maxTokens,
        temperature: 0,
      }),
    receipt: () => receiptMarkdown(record),
    onLedger: async () => {
      const found: (readonly Violation[])[] = [];
      for await (const line of readHistory(folder)) if (line.type === 'call') found.push(line.entry.violations);
      return found;
    },
  };
}
