import type { RunEvent } from '../core/events';
import { formatUsd, subtract, toDecimal } from '../core/money';
import type { Plan } from '../core/plan';
import type { RunResult } from '../core/result';
import type { TestOutcome, Verdict } from '../core/sandbox/verdict';
import { headline, planReasons, poolText, priceText } from './outcome';
import type { RunHeading } from './record';
import { counted, duration, grouped, harmless, oneLine } from './text';

/** Lines of a test's message, and of each output, that are shown. */
const SHOWN_MESSAGE = 12;
const SHOWN_OUTPUT = 20;

const paint =
  (...codes: readonly number[]) =>
  (text: string): string =>
    `\u001b[${codes.join(';')}m${text}\u001b[0m`;
const bold = paint(1);
const dim = paint(2);
const red = paint(31);
const green = paint(32);
const yellow = paint(33);
const cyan = paint(36);

/** The lines that open a run in the terminal. */
export function headingLines({ task, language, tests, sandbox }: RunHeading): string[] {
  return [
    '',
    `${paint(1, 36)('▌')} ${bold(oneLine(task, 80))} ${dim(`${language} · ${oneLine(tests)}`)}`,
    `${cyan('▌')} ${dim(`Sandbox: ${oneLine(sandbox)}`)}`,
  ];
}

/** The lines that one event adds to the terminal. Everything that a model or a test has written is made harmless. */
export function eventLines(event: RunEvent, heading: RunHeading): string[] {
  switch (event.type) {
    case 'planned':
      return planLines(event.plan);
    case 'reserved': {
      const bounds = dim(`at most ${grouped(event.promptTokens)} tokens in, ${grouped(event.maxTokens)} out`);
      return [
        '',
        `${cyan('→')} Call ${event.call}: ${bold(oneLine(event.model))} as ${event.role}, reserved ${formatUsd(event.reserved)} ${bounds}`,
      ];
    }
    case 'arriving':
      return [];
    case 'settled': {
      const state = event.confirmed ? '' : yellow(' unconfirmed, booked at its worst case');
      const tokens = dim(`${grouped(event.promptTokens)} tokens in, ${grouped(event.completionTokens)} out`);
      const lines = [`${cyan('←')} Call ${event.call}: billed ${bold(`$${toDecimal(event.cost)}`)}${state} ${tokens}`];
      if (event.overReserved !== undefined) {
        lines.push(red(`  The provider billed ${formatUsd(event.overReserved)} more than was reserved.`));
      }
      if (event.problem !== undefined) lines.push(yellow(`  ${oneLine(event.problem, 500)}`));
      return lines;
    }
    case 'denied':
      return ['', yellow(`■ Not admitted: ${oneLine(event.denial.message, 500)}`)];
    case 'waiting':
      return [dim(`  Waiting ${duration(event.ms)}: ${oneLine(event.why, 500)}`)];
    case 'testing':
      return ['', `${cyan('▶')} Answer ${event.attempt}, by ${oneLine(event.model)}, in the sandbox`];
    case 'verdict':
      return verdictLines(event.verdict, heading);
    case 'finished':
      return resultLines(event.result);
  }
}

function planLines(plan: Plan): string[] {
  return [
    `${cyan('▌')} Plan: ${bold(oneLine(poolText(plan.pool)) || 'no models')} · ${plan.topology} · ${priceText(plan)} of ${formatUsd(plan.budget)}`,
    ...planReasons(plan).map((line) => `${cyan('▌')} ${dim(oneLine(line, 500))}`),
  ];
}

function verdictLines(verdict: Verdict, { sandbox }: RunHeading): string[] {
  const { seconds, memoryMb } = verdict.limits;
  const all = verdict.passed === verdict.total && verdict.ran && verdict.killed === undefined;
  const passed = `${verdict.passed} of ${counted(verdict.total, 'test')} passed`;
  const lines = verdict.tests.flatMap(testLines);
  if (verdict.killed !== undefined) lines.push(red(`  Ended: the code struck the ${verdict.killed} limit.`));
  lines.push(...outputLines('printed', verdict.stdout), ...outputLines('error output', verdict.stderr));
  const limits = dim(`limits: ${seconds} s, ${memoryMb} MiB, no network · ${oneLine(sandbox)}`);
  lines.push(`  ${verdict.ran ? (all ? green(passed) : red(passed)) : yellow('No tests to run')} ${limits}`);
  return lines;
}

function testLines({ name, ok, message, durationMs }: TestOutcome): string[] {
  const line = `  ${ok ? green('✓') : red('✗')} ${oneLine(name, 120)} ${dim(duration(durationMs))}`;
  if (ok || message === undefined) return [line];
  return [line, ...someLines(message, SHOWN_MESSAGE).map((text) => `      ${red(text)}`)];
}

function outputLines(title: string, output: string): string[] {
  if (output.trim() === '') return [];
  return [dim(`  ${title}:`), ...someLines(output, SHOWN_OUTPUT).map((text) => dim(`  │ ${text}`))];
}

function resultLines(result: RunResult): string[] {
  const { account } = result;
  const shade = result.status === 'solved' ? paint(1, 32) : result.status === 'error' ? paint(1, 31) : paint(1, 33);
  const unconfirmed =
    account.unconfirmed === 0n ? '' : `, ${yellow(`$${toDecimal(account.unconfirmed)} of it unconfirmed`)}`;
  const left = formatUsd(subtract(account.budget, account.spent));
  const lines = ['', shade(headline(result))];
  if (result.error !== undefined) lines.push(...someLines(result.error, SHOWN_MESSAGE).map((text) => yellow(text)));
  lines.push(
    `Spent ${bold(`$${toDecimal(account.spent)}`)} of ${formatUsd(account.budget)}${unconfirmed}: ` +
      `${counted(account.calls, 'call')}, ${grouped(account.promptTokens)} tokens in, ` +
      `${grouped(account.completionTokens)} out, ${duration(result.seconds * 1000)}. ${left} left.`,
    dim('Receipt: run "Solvent: Show Receipt", or click the meter in the status bar.'),
  );
  return lines;
}

function someLines(text: string, most: number): string[] {
  const lines = harmless(text).replace(/\n+$/, '').split('\n');
  const shown = lines.slice(0, most).map((line) => (line.length > 300 ? `${line.slice(0, 299)}…` : line));
  return lines.length > most ? [...shown, `… ${counted(lines.length - most, 'more line')}`] : shown;
}
