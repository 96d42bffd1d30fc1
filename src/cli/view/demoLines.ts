import type { Catalogue } from '../../core/catalogue/model';
import { add, formatUsd, largest, type Money, times, ZERO } from '../../core/money';
import type { Mode } from '../../core/plan';
import type { RunResult } from '../../core/result';
import { headline } from '../../report/outcome';
import { counted, duration } from '../../report/text';
import { exact } from './money';
import type { Paint } from './paint';
import { labelled } from './planLines';
import { wrapped } from './wrap';

/** What the demo says of itself before anything is done. */
export interface DemoHeading {
  /** Whether the answers are scripted, or those of a real provider for real money. */
  readonly scripted: boolean;
  readonly sandbox: string;
  readonly catalogue: Catalogue;
  readonly budget: Money;
  readonly tasks: number;
  readonly mode: Mode;
  /** Where the calls are booked. */
  readonly ledger: string;
}

const SCRIPTED = [
  'The answers below are scripted: two made-up models, at made-up prices, served on this machine.',
  'Planning, reservations, the sandbox and its verdicts are real. Nothing is sent anywhere, and no real money is spent.',
];

/** What is bought once an answer passes its tests: without it nobody knows what the calls after that are for. */
const MODE_TEXT: Readonly<Record<Mode, string>> = {
  frugal: 'the first answer that passes its tests is the result',
  balanced: 'once an answer passes its tests, a cheap model answers independently, and the two are compared',
  thorough: 'once an answer passes its tests, more are asked for, and the one that most behave like is the result',
};

/** The first lines of the demo. They say plainly what is real and what is not. */
export function demoHeading(heading: DemoHeading, width: number, paint: Paint): string[] {
  const { scripted, sandbox, catalogue, budget, tasks, mode } = heading;
  const most = times(budget, tasks);
  const said = scripted
    ? SCRIPTED
    : [
        `The sample tasks of the demo, solved by a real provider for real money: at most ${formatUsd(most)} in all, booked ` +
          `on your ledger in ${heading.ledger}. For the scripted demo add --scripted.`,
      ];
  return [
    paint.bold(scripted ? 'Solvent demo' : 'Solvent'),
    ...said.flatMap((line) => wrapped(line, width)).map((line) => (scripted ? paint.yellow(line) : line)),
    '',
    ...labelled('Tasks', `${tasks}, each for at most ${formatUsd(budget)}`, width, paint),
    ...labelled('Models', scripted ? priceList(catalogue) : modelList(catalogue), width, paint),
    ...labelled('Mode', `${mode}: ${MODE_TEXT[mode]}`, width, paint),
    ...labelled('Sandbox', sandbox, width, paint),
    '',
  ];
}

/** What the demo came to. */
export function demoSummary(results: readonly RunResult[], scripted: boolean, width: number, paint: Paint): string[] {
  const solved = results.filter(({ status }) => status === 'solved');
  const sum = (of: (result: RunResult) => Money): Money =>
    results.reduce((total, result) => add(total, of(result)), ZERO);
  const spent = sum(({ account }) => account.spent);
  const unconfirmed = sum(({ account }) => account.unconfirmed);
  const budget = sum(({ account }) => account.budget);
  const stake = largest(ZERO, ...results.map(({ account }) => account.worstReserved));
  const calls = results.reduce((total, { account }) => total + account.calls, 0);
  const seconds = results.reduce((total, result) => total + result.seconds, 0);
  const tally = `${solved.length} of ${counted(results.length, 'task')} solved`;
  const open = results.filter(({ status }) => status !== 'solved');
  return [
    `${paint.bold(solved.length === results.length ? paint.green(tally) : tally)}, each by its tests in the sandbox`,
    ...labelled('Spent', spentText(spent, unconfirmed, budget, scripted), width, paint),
    ...labelled('Calls', `${calls} in ${duration(seconds * 1000)}`, width, paint),
    ...labelled('At stake', `never more than ${exact(stake)} for one task, reservations included`, width, paint),
    ...open.flatMap((result) =>
      labelled('Unsolved', `${result.id}. ${headline(result)}; the best answer so far is kept`, width, paint),
    ),
    '',
    ...(scripted
      ? wrapped(
          'With your own models: set OPENAI_API_KEY, or name a local server with --base-url and --models, and run this again; or run solvent solve --help.',
          width,
        ).map(paint.dim)
      : []),
  ];
}

function spentText(spent: Money, unconfirmed: Money, budget: Money, scripted: boolean): string {
  const unsure = unconfirmed === 0n ? 'nothing unconfirmed' : `${exact(unconfirmed)} of it unconfirmed`;
  return `${exact(spent)}${scripted ? ' of play money' : ''}, of budgets of ${formatUsd(budget)} in all; ${unsure}`;
}

function priceList({ models }: Catalogue): string {
  return models
    .map(({ id, price }) => `${id} ${million(price.input)} in, ${million(price.output)} out`)
    .join('; ')
    .concat(' per million tokens');
}

function modelList({ models, asOf, source }: Catalogue): string {
  return `${models.map(({ id }) => id).join(', ')} (prices of ${asOf}, ${source})`;
}

function million(price: Money): string {
  return exact(times(price, 1_000_000));
}
