import { readHistory } from '../../core/budget/ledger';
import { pastReceiptSheet } from '../../report/pastReceipt';
import { type PastRun, pastRuns, sumsOf } from '../../report/pastRun';
import { shortIds } from '../../report/shortId';
import { isoTime } from '../../report/when';
import { CommandError } from '../exitCode';
import { makeFolder } from '../folders';
import { toJson } from '../json';
import type { LedgerAction } from '../ledgerAction';
import { screenOn } from '../view/screen';
import { sheetLines } from '../view/sheetLines';
import type { World } from '../world';

/** Ids that are named where a beginning fits several. */
const NAMED = 5;

/** Shows the receipt of one past run. @throws CommandError where no run or several begin so */
export async function showRun(
  folder: string,
  { run: prefix, json }: LedgerAction & { readonly kind: 'run' },
  world: World,
): Promise<void> {
  await makeFolder(folder);
  const run = only(await pastRuns(readHistory(folder), prefix), prefix);
  if (json) {
    world.stdout.write(`${toJson(runObject(run))}\n`);
    return;
  }
  const screen = screenOn(world.stdout, world.env);
  const sheet = pastReceiptSheet(run);
  screen.line(screen.paint.bold(sheet.title));
  for (const line of sheetLines(sheet, screen)) screen.line(line);
}

function only(found: readonly PastRun[], prefix: string): PastRun {
  const exact = found.find(({ run }) => run === prefix);
  const [first, second] = found;
  if (exact !== undefined) return exact;
  if (first === undefined) {
    throw new CommandError(
      `No run on the ledger has an id that begins with '${prefix}'. See solvent ledger for the last ones; of calls older than 400 days only the sums of their days are kept.`,
    );
  }
  if (second === undefined) return first;
  throw new CommandError(severalText('run', prefix, [...shortIds(found.map(({ run }) => run)).values()]));
}

/** "3 calls begin with 'ab': abc, abd, abe. Write more of the id." */
export function severalText(noun: string, prefix: string, ids: readonly string[]): string {
  const named = ids.slice(0, NAMED).join(', ') + (ids.length > NAMED ? ', …' : '');
  return `The ids of ${ids.length} ${noun}s begin with '${prefix}': ${named}. Write more of the one that you mean.`;
}

/** What `ledger --run ID --json` prints. */
function runObject({
  run,
  task,
  workspace,
  beganAt,
  endedAt,
  status,
  budgets,
  expected,
  worst,
  calls,
}: PastRun): object {
  const { promptTokens, completionTokens, reserved, cost, unconfirmed } = sumsOf(calls);
  return {
    ...{ run, task, workspace, beganAt: isoTime(beganAt) },
    ...(endedAt === undefined ? {} : { endedAt: isoTime(endedAt) }),
    ...{ status, budgetUsd: budgets.at(-1), budgetsUsd: budgets, expectedUsd: expected, worstUsd: worst },
    total: {
      ...{ calls: calls.length, promptTokens, completionTokens },
      ...{ reservedUsd: reserved, costUsd: cost, unconfirmedUsd: unconfirmed },
    },
    calls: calls.map((call) => ({
      ...{ id: call.id, at: isoTime(call.at), role: call.role, model: call.model, state: call.state },
      ...{ promptTokens: call.promptTokens, completionTokens: call.completionTokens, reported: call.reported },
      ...{ bound: call.bound, reservedUsd: call.reserved, costUsd: call.cost, unconfirmedUsd: call.unconfirmed },
      violations: call.violations,
    })),
  };
}
