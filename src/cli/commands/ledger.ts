import { CapsFileError, readCapsFile } from '../../core/budget/capsFile';
import type { Entry } from '../../core/budget/entry';
import { Ledger, LedgerDamage, LedgerError } from '../../core/budget/ledger';
import { damagedFacts, type SpendingFacts, spendingFacts } from '../../report/spendingFacts';
import { type Hints, spendingSheet } from '../../report/spendingView';
import { isoTime } from '../../report/when';
import type { LedgerOptions } from '../args';
import { CommandError, EXIT, type ExitCode } from '../exitCode';
import { ledgerFolder, repairHint } from '../folders';
import { toJson } from '../json';
import { screenOn } from '../view/screen';
import { sheetLines } from '../view/sheetLines';
import type { World } from '../world';
import { clearCall, forgetModel, repairDamage } from './ledgerChanges';
import { exportLedger } from './ledgerExport';
import { showRun } from './ledgerRun';

/** Shows what was spent, and does what the user decides about entries. Calls no model. */
export async function ledgerCommand({ ledger, action }: LedgerOptions, world: World): Promise<ExitCode> {
  const folder = ledgerFolder(ledger, world);
  try {
    switch (action.kind) {
      case 'report':
        await showSpending(folder, action.json, world);
        break;
      case 'run':
        await showRun(folder, action, world);
        break;
      case 'export':
        await exportLedger(folder, action, world);
        break;
      case 'clear':
        await clearCall(folder, action, world);
        break;
      case 'forget':
        await forgetModel(folder, action.model, world);
        break;
      case 'repair':
        await repairDamage(folder, action.assume, world);
        break;
    }
  } catch (error) {
    if (error instanceof LedgerError) throw new CommandError(error.message);
    throw error;
  }
  return EXIT.ok;
}

/** A damaged ledger is shown as far as it can be read. */
async function showSpending(folder: string, json: boolean, world: World): Promise<void> {
  const facts = await read(folder);
  if (json) {
    world.stdout.write(`${toJson(spendingObject(facts))}\n`);
    return;
  }
  const screen = screenOn(world.stdout, world.env);
  screen.line(screen.paint.dim(`Ledger: ${folder}`));
  screen.line();
  for (const line of sheetLines(spendingSheet(facts, hints(folder)), screen)) screen.line(line);
}

async function read(folder: string): Promise<SpendingFacts> {
  try {
    const ledger = await Ledger.open(folder);
    try {
      return { ...(await spendingFacts(ledger)), ...(await caps(folder)) };
    } finally {
      await ledger.close();
    }
  } catch (error) {
    if (error instanceof LedgerDamage) return damagedFacts(folder, error.message);
    throw error;
  }
}

async function caps(folder: string): Promise<Pick<SpendingFacts, 'caps' | 'capsProblem'>> {
  try {
    return { caps: await readCapsFile(folder) };
  } catch (error) {
    if (error instanceof CapsFileError) return { capsProblem: error.message };
    throw error;
  }
}

function hints(folder: string): Hints {
  return {
    clear: 'Clear one with what the provider billed: solvent ledger --clear ID --billed USD',
    forget: 'Forget what was learned of one: solvent ledger --forget MODEL',
    receipt: 'The receipt of one: solvent ledger --run ID',
    repair: repairHint(folder),
  };
}

/** What `ledger --json` prints. Outside checks rely on `total`, `days`, `models` and `runs`. */
function spendingObject({ report, live, damage, caps: { day, month } = {} }: SpendingFacts): object {
  return {
    ...report,
    today: live && { costUsd: live.totals.day, capUsd: day },
    thisMonth: live && { costUsd: live.totals.month, capUsd: month },
    runs: report.runs.map(({ at, ...run }) => ({ ...run, at: isoTime(at) })),
    learned: live === undefined ? undefined : [...live.learned].map(([model, learned]) => ({ model, ...learned })),
    unconfirmed: live?.clearable.map(callObject),
    underWay: live?.awaited.map(callObject),
    damage,
  };
}

function callObject({ id, at, run, task, workspace, role, model, reserved, cost, unconfirmed }: Entry): object {
  return {
    ...{ id, at: isoTime(at), run, task, workspace, role, model },
    ...{ reservedUsd: reserved, costUsd: cost, unconfirmedUsd: unconfirmed },
  };
}
