import path from 'node:path';
import type { LedgerOptions } from '../args';
import { EXIT, type ExitCode } from '../exitCode';
import { ledgerFolder, openLedger } from '../folders';
import { toJson } from '../json';
import { ledgerReport, type Total } from '../totals';
import { exactColumn } from '../view/money';
import { type Screen, screenOn } from '../view/screen';
import { tableLines } from '../view/table';
import { oneLine } from '../../report/text';
import type { World } from '../world';

/** Runs that the table shows; the JSON has them all. */
const SHOWN_RUNS = 20;

/** Shows what was spent, by day, model and run. */
export async function ledgerCommand(options: LedgerOptions, world: World): Promise<ExitCode> {
  const folder = ledgerFolder(options.ledger, world);
  const report = ledgerReport(await (await openLedger(folder)).entries());
  if (options.json) {
    world.stdout.write(`${toJson(report)}\n`);
    return EXIT.ok;
  }
  const screen = screenOn(world.stdout, world.env);
  screen.line(screen.paint.dim(`Ledger: ${path.join(folder, 'ledger.jsonl')}`));
  if (report.total.calls === 0) {
    screen.line('Nothing was spent yet.');
    return EXIT.ok;
  }
  const { days, models, runs } = report;
  const recent = runs.slice(-SHOWN_RUNS);
  print(screen, 'day', days, ({ day }) => day);
  print(screen, 'model', models, ({ model }) => oneLine(model, 40));
  const title = recent.length < runs.length ? `run (the last ${recent.length} of ${runs.length})` : 'run';
  print(screen, title, recent, ({ day, task }) => `${day}  ${oneLine(task, 40)}`);
  print(screen, 'total', [report.total], () => '');
  return EXIT.ok;
}

function print<T extends Total>(screen: Screen, title: string, groups: readonly T[], name: (group: T) => string): void {
  const cost = exactColumn(groups.map(({ costUsd }) => costUsd));
  const unconfirmed = exactColumn(groups.map(({ unconfirmedUsd }) => unconfirmedUsd));
  const rows = groups.map((group, index) => [
    name(group),
    String(group.calls),
    String(group.promptTokens),
    String(group.completionTokens),
    cost[index] ?? '',
    group.unconfirmedUsd === 0n ? '' : (unconfirmed[index] ?? ''),
  ]);
  const [head = '', ...lines] = tableLines(
    [[title, 'calls', 'tokens in', 'tokens out', 'booked', 'of it unconfirmed'], ...rows],
    [1, 2, 3, 4, 5],
  );
  screen.line();
  screen.line(screen.paint.bold(head));
  for (const line of lines) screen.line(line);
}
