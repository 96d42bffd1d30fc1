import type { CallSettled } from '../core/budget/meterEvent';
import type { RunEvent } from '../core/events';
import { formatUsd, subtract } from '../core/money';
import type { Plan } from '../core/plan';
import type { RunResult } from '../core/result';
import type { TestOutcome, Verdict } from '../core/sandbox/verdict';
import { comparedText, evidenceEndText, repeatedText } from './evidenceText';
import { raisedText, violationTexts, warningText } from './moneyText';
import { isCounted } from './estimated';
import { exact } from './exactMoney';
import { headline, planReasons, poolText, priceText, whatMayHelp } from './outcome';
import { judgeOf, type RunHeading } from './record';
import { counted, duration, grouped, harmless, oneLine } from './text';

/** Lines of a test's message, and of each output, that are shown. */
const SHOWN_MESSAGE = 12;
const SHOWN_OUTPUT = 20;
/** Failing tests that are named before anything is spent. */
const SHOWN_FAILING = 8;

const paint =
  (...codes: readonly number[]) =>
  (text: string): string =>
    `\u001b[${codes.join(';')}m${text}\u001b[0m`;
const bold = paint(1);
// Faint text is hard to read on a light background; the editor gives this grey enough contrast on every one.
const grey = paint(90);
const underlined = paint(4);
const red = paint(31);
const green = paint(32);
const yellow = paint(33);
const cyan = paint(36);

/** The lines that open a run in the terminal. */
export function headingLines({ task, language, tests, sandbox, proof }: RunHeading): string[] {
  return [
    '',
    `${paint(1, 36)('▌')} ${bold(oneLine(task, 80))} ${grey(`${language} · ${oneLine(tests)}`)}`,
    `${cyan('▌')} ${grey(sandboxText(sandbox))}`,
    ...(proof === undefined ? [] : [`${cyan('▌')} ${yellow(oneLine(proof.caveat, 500))}`]),
  ];
}

/** "Sandbox: bubblewrap 0.8.0, Python 3.11.2, because it is the strongest that works here": once for all of its runs. */
export function sandboxText(sandbox: string): string {
  return `Sandbox: ${oneLine(sandbox)}`;
}

/** The run of a project's tests on the workspace as it is, before anything is spent. */
export interface BaselineFacts {
  /** The test command. */
  readonly command: string;
  /** "36 tests: 34 pass, 2 fail". */
  readonly summary: string;
  /** Names of the tests that fail. */
  readonly failing: readonly string[];
  /** All that was printed. */
  readonly output: string;
  readonly durationMs: number;
  /** Why these tests prove nothing; undefined where they do. */
  readonly problem: string | undefined;
}

/** The lines that this run adds to the terminal. */
export function baselineLines({ command, summary, failing, output, durationMs, problem }: BaselineFacts): string[] {
  const named = failing.slice(0, SHOWN_FAILING).map((name) => `  ${red('✗')} ${oneLine(name, 120)}`);
  const more = failing.length > SHOWN_FAILING ? [grey(`  … and ${failing.length - SHOWN_FAILING} more`)] : [];
  return [
    '',
    `${cyan('▶')} Before anything is spent: ${bold(oneLine(command))}`,
    ...outputLines('printed', lastLines(output)),
    ...named,
    ...more,
    `  ${oneLine(summary)} ${grey(duration(durationMs))}`,
    ...(problem === undefined ? [] : [yellow(`■ ${oneLine(problem, 500)}`)]),
  ];
}

/** The end of an output, which is where test runners say what is wrong. */
/** The end of an output of unknown origin, and how many lines were before it. */
export function lastLines(output: string): string {
  const lines = harmless(output).trim().split('\n');
  const left = lines.length - SHOWN_OUTPUT + 1;
  return left <= 1 ? lines.join('\n') : [`… ${counted(left, 'line')} before`, ...lines.slice(left)].join('\n');
}

/** The lines that one event adds to the terminal. Everything that a model or a test has written is made harmless. */
export function eventLines(event: RunEvent, heading: RunHeading): string[] {
  switch (event.type) {
    case 'planned':
      return planLines(event.plan);
    case 'reserved': {
      const bounds = grey(`at most ${grouped(event.promptTokens)} tokens in, ${grouped(event.maxTokens)} out`);
      return [
        '',
        `${cyan('→')} Call ${event.call}: ${bold(oneLine(event.model))} as ${event.role}, reserved ${formatUsd(event.reserved)} ${bounds}`,
      ];
    }
    case 'arriving':
      return [];
    case 'settled': {
      const state = event.unconfirmed === 0n ? '' : yellow(unconfirmedText(event));
      const tokens = grey(`${grouped(event.promptTokens)} tokens in, ${grouped(event.completionTokens)} out`);
      const lines = [`${cyan('←')} Call ${event.call}: billed ${bold(exact(event.cost))}${state} ${tokens}`];
      lines.push(...violationTexts(event, undefined).map((text) => red(`  ${oneLine(text, 500)}`)));
      if (event.problem !== undefined) lines.push(yellow(`  ${oneLine(event.problem, 500)}`));
      return lines;
    }
    case 'denied':
      return ['', yellow(`■ Not admitted: ${oneLine(event.denial.message, 500)}`)];
    case 'waiting':
      return [grey(`  Waiting ${duration(event.ms)}: ${oneLine(event.why, 500)}`)];
    case 'warning':
      return [yellow(`▲ ${warningText(event.warning)}`)];
    case 'exhausted':
      return [yellow('■ The budget does not admit another call: raise it, or stop with the best answer so far.')];
    case 'raised':
      return ['', `${cyan('▲')} ${raisedText(event.from, event.to)}`];
    case 'testing':
      return ['', `${cyan('▶')} Answer ${event.attempt}, by ${oneLine(event.model)}, in the sandbox`];
    case 'verdict':
      return verdictLines(event.verdict, heading).map(({ text }) => text);
    case 'repeated':
      return [`${cyan('≡')} ${grey(repeatedText(event))}`];
    case 'compared':
      return ['', `${cyan('≡')} ${oneLine(comparedText(event), 300)}`];
    case 'evidence':
      return [`${cyan('≡')} ${grey(evidenceEndText(event.end))}`];
    case 'finished':
      return resultLines(event.result, heading);
  }
}

/** How much of what a call is booked at is not the provider's own word. */
function unconfirmedText(settled: CallSettled): string {
  const { cost, unconfirmed } = settled;
  if (isCounted(settled)) return ' estimated';
  if (unconfirmed === cost) return ' unconfirmed, booked at its worst case';
  return `, ${exact(unconfirmed)} of it unconfirmed`;
}

function planLines(plan: Plan): string[] {
  return [
    `${cyan('▌')} Plan: ${bold(oneLine(poolText(plan.pool)) || 'no models')} · ${plan.topology} · ${priceText(plan)} of ${formatUsd(plan.budget)}`,
    ...planReasons(plan).map((line) => `${cyan('▌')} ${grey(oneLine(line, 500))}`),
  ];
}

/** A line of the terminal; `test` tells which test's failure it is, by its index. */
export interface VerdictLine {
  readonly text: string;
  readonly test?: number;
}

/** Says where a test stands, by its index: "roman.py:7". Undefined where that is not known. */
export type PlaceOf = (test: number) => string | undefined;

/** The lines that a verdict adds to the terminal, with the places of the tests that failed. */
export function verdictLines(
  verdict: Verdict,
  { proof }: RunHeading,
  placeOf: PlaceOf = () => undefined,
): VerdictLine[] {
  const { seconds, memoryMb } = verdict.limits;
  const all = verdict.passed === verdict.total && verdict.ran && verdict.killed === undefined;
  const passed = `${verdict.passed} of ${counted(verdict.total, proof === undefined ? 'test' : 'check')} passed`;
  const rest: string[] = [];
  if (verdict.killed !== undefined) rest.push(red(`  Ended: the code struck the ${verdict.killed} limit.`));
  rest.push(...outputLines('printed', verdict.stdout), ...outputLines('error output', verdict.stderr));
  const limits = grey(`limits: ${seconds} s, ${memoryMb} MiB, no network`);
  rest.push(`  ${verdict.ran ? (all ? green(passed) : red(passed)) : yellow('No tests to run')} ${limits}`);
  const ofTests = verdict.tests.flatMap((outcome, test) => testLines(outcome, test, placeOf));
  return [...ofTests, ...rest.map((text) => ({ text }))];
}

function testLines({ name, ok, message, durationMs }: TestOutcome, test: number, placeOf: PlaceOf): VerdictLine[] {
  const text = `  ${ok ? green('✓') : red('✗')} ${oneLine(name, 120)} ${grey(duration(durationMs))}`;
  if (ok) return [{ text }];
  const place = placeOf(test);
  const told = { text: place === undefined ? text : `${text} ${underlined(oneLine(place))}`, test };
  // Most messages begin with the assertion, which the line above says already.
  const said = message?.startsWith(`${name}: `) === true ? message.slice(name.length + 2) : message;
  const why = said === undefined ? [] : someLines(said, SHOWN_MESSAGE);
  return [told, ...why.map((line) => ({ text: `      ${red(line)}` }))];
}

function outputLines(title: string, output: string): string[] {
  if (output.trim() === '') return [];
  return [grey(`  ${title}:`), ...someLines(output, SHOWN_OUTPUT).map((text) => grey(`  │ ${text}`))];
}

function resultLines(result: RunResult, heading: RunHeading): string[] {
  const { account } = result;
  const shade = result.status === 'solved' ? paint(1, 32) : result.status === 'error' ? paint(1, 31) : paint(1, 33);
  const unconfirmed =
    account.unconfirmed === 0n ? '' : `, ${yellow(`${exact(account.unconfirmed)} of it unconfirmed`)}`;
  const left = formatUsd(subtract(account.budget, account.spent));
  const lines = ['', shade(headline(result, judgeOf(heading)))];
  if (result.error !== undefined) lines.push(...someLines(result.error, SHOWN_MESSAGE).map((text) => yellow(text)));
  const help = whatMayHelp(result);
  if (help !== undefined) lines.push(help);
  lines.push(
    `Spent ${bold(exact(account.spent))} of ${formatUsd(account.budget)}${unconfirmed}: ` +
      `${counted(account.calls, 'call')}, ${grouped(account.promptTokens)} tokens in, ` +
      `${grouped(account.completionTokens)} out, ${duration(result.seconds * 1000)}. ${left} left.`,
    grey('Receipt: run "Solvent: Show Receipt", or click the meter in the status bar.'),
  );
  return lines;
}

function someLines(text: string, most: number): string[] {
  const lines = harmless(text).replace(/\n+$/, '').split('\n');
  const shown = lines.slice(0, most).map((line) => (line.length > 300 ? `${line.slice(0, 299)}…` : line));
  return lines.length > most ? [...shown, `… ${counted(lines.length - most, 'more line')}`] : shown;
}
