import type { CallSettled } from '../../core/budget/meterEvent';
import type { RunEvent } from '../../core/events';
import { formatUsd } from '../../core/money';
import type { RunResult } from '../../core/result';
import type { Verdict } from '../../core/sandbox/verdict';
import { comparedText, sameAsText } from '../../report/evidenceText';
import { raisedText, warningText } from '../../report/moneyText';
import { poolText } from '../../report/outcome';
import { counted, duration, oneLine } from '../../report/text';
import { clip, padEnd, padStart, widthOf } from './cells';
import { exactTo } from './money';
import type { Paint } from './paint';
import { headingLine } from './resultLines';
import { failureLine } from './said';
import type { Screen } from './screen';
import { tell } from './tell';
import { ticks } from './verdictLines';

/** Decimals that list prices per token come out even with, so that the amounts of a run stand below each other. */
const DECIMALS = 8;

const INDENT = '    ';

/** What belongs to the line of a call stands below its model. */
const BELOW = `${INDENT}   `;

/** Prints one run in a few lines: the plan, a line for each call with its test run, and how it ended. */
export class CompactRun {
  /** Calls that are still to be printed, in the order in which they ended. */
  readonly #calls = new Map<number, CallSettled>();

  /**
   * @param title stands above the plan, such as " 3  merge-intervals"
   * @param names the width that names of models take
   */
  constructor(
    private readonly screen: Screen,
    private readonly title: string,
    private readonly names: number,
  ) {}

  on(event: RunEvent): void {
    const { screen } = this;
    const { paint } = screen;
    switch (event.type) {
      case 'planned': {
        const { feasible, topology, pool, expectedCost, worstCost } = event.plan;
        const price = `≈ ${formatUsd(expectedCost)}, ≤ ${formatUsd(worstCost)}`;
        this.#print(paint.bold(this.title));
        if (feasible) this.#print(INDENT + paint.dim(`plan  ${topology}: ${poolText(pool)}; ${price}`));
        return;
      }
      case 'settled':
        this.#calls.set(event.call, event);
        return;
      case 'verdict':
        this.#printTested(event.call, event.verdict);
        return;
      case 'repeated':
        this.#printAnswered(event.call, this.screen.paint.dim(sameAsText(event.of)));
        return;
      case 'denied':
        this.#flush();
        this.#tell(`not admitted: ${oneLine(event.denial.message, 400)}`, paint.yellow);
        return;
      case 'waiting':
        this.#flush(isUntestable);
        this.#tell(`waiting ${duration(event.ms)}: ${oneLine(event.why, 400)}`, paint.yellow);
        return;
      case 'warning':
        this.#flush(isUntestable);
        this.#tell(warningText(event.warning), paint.yellow);
        return;
      case 'raised':
        this.#flush();
        this.#tell(raisedText(event.from, event.to), paint.cyan);
        return;
      case 'compared':
        this.#tell(oneLine(comparedText(event), 300), paint.dim, BELOW);
        return;
      case 'reserved':
      case 'exhausted':
      case 'finished':
        this.#flush();
        return;
      case 'arriving':
      case 'testing':
      case 'evidence':
        return;
    }
  }

  /** The last line, and the error where there is one. */
  end(result: RunResult): void {
    const { screen } = this;
    const { paint } = screen;
    const { account, error, seconds } = result;
    const cost = `${exactTo(account.spent, DECIMALS)} of ${formatUsd(account.budget)}`;
    const heading = INDENT + headingLine(result, paint);
    const came = paint.dim(`${cost}, ${counted(account.calls, 'call')}, ${duration(seconds * 1000)}`);
    const line = `${heading}  ${came}`;
    // What a run has cost is never what is cut off.
    if (screen.live && widthOf(line) >= screen.width()) {
      this.#print(heading);
      this.#print(`${INDENT}  ${came}`);
    } else this.#print(line);
    if (error !== undefined && result.status !== 'exhausted') this.#tell(oneLine(error, 400), paint.yellow);
    screen.line();
  }

  /** Prints the calls that are still to be printed, with nothing about their answers. */
  #flush(which: (call: CallSettled) => boolean = () => true): void {
    for (const call of [...this.#calls.values()].filter(which)) {
      this.#calls.delete(call.call);
      this.#print(INDENT + this.#callLine(call, this.screen.paint));
    }
  }

  /** Prints the call whose answer was tested, with its test run. */
  #printTested(number: number, verdict: Verdict): void {
    const { paint } = this.screen;
    const killed = verdict.killed === undefined ? '' : paint.red(` ended: ${verdict.killed}`);
    this.#printAnswered(number, `${ticks(verdict.tests, paint)}${killed}`);
    const failed = verdict.tests.find(({ ok }) => !ok);
    if (failed !== undefined) this.#tell(`✗ ${failureLine(failed)}`, paint.red, BELOW);
  }

  /** Prints a call with what became of its answer. */
  #printAnswered(number: number, became: string): void {
    const call = this.#calls.get(number);
    this.#calls.delete(number);
    this.#flush(isUntestable);
    if (call !== undefined) this.#print(`${INDENT}${this.#callLine(call, this.screen.paint)}  ${became}`);
  }

  #callLine(settled: CallSettled, paint: Paint): string {
    const { call, model, role, promptTokens, completionTokens, cost, unconfirmed, problem } = settled;
    const tokens = `${padStart(String(promptTokens), 5)} in ${padStart(String(completionTokens), 4)} out`;
    const amount = exactTo(cost, DECIMALS);
    const remark = problem === undefined ? '' : `  ${paint.yellow(oneLine(problem, 200))}`;
    return (
      `${paint.dim(`${call}`)}  ${padEnd(oneLine(model, 30), this.names)}  ${padEnd(role, 8)}${paint.dim(tokens)}  ` +
      `${unconfirmed === 0n ? amount : paint.yellow(`${amount}*`)}${remark}`
    );
  }

  #tell(text: string, shade: Paint['dim'], indent = INDENT): void {
    tell(this.screen, text, { shade, indent });
  }

  #print(line: string): void {
    this.screen.line(this.screen.live ? clip(line, this.screen.width() - 1) : line);
  }
}

/** Whether no test run can be waited for: the call brought no answer, or none that is code. */
function isUntestable({ role, problem }: CallSettled): boolean {
  return role !== 'executor' || problem !== undefined;
}
