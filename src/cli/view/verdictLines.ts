import type { TestOutcome, Verdict } from '../../core/sandbox/verdict';
import { counted, duration, harmless } from '../../report/text';
import { clip, padEnd, widthOf } from './cells';
import type { Paint } from './paint';
import { firstLine } from './said';
import { wrapped } from './wrap';

/** Lines of a test's message, and of each output, that are shown. */
const SHOWN_MESSAGE = 6;
const SHOWN_OUTPUT = 12;

/** Why a run was ended, by the limit that it struck. */
const KILLED: Readonly<Record<NonNullable<Verdict['killed']>, string>> = {
  time: 'it took too long',
  memory: 'it took too much memory',
  output: 'it printed too much',
  processes: 'it started too many processes',
};

/** A test run for people: the count, a line for each test with what failed, and what the code printed. */
export function verdictLines(verdict: Verdict, width: number, paint: Paint, indent = ''): string[] {
  const { tests, killed, stdout, stderr } = verdict;
  const inner = width - widthOf(indent);
  return [
    countLine(verdict, paint),
    ...tests.flatMap((test) => testLines(test, inner, paint)),
    ...(killed === undefined ? [] : [paint.red(`  Ended: ${KILLED[killed]}.`)]),
    ...outputLines('printed', stdout, inner, paint),
    ...outputLines('error output', stderr, inner, paint),
  ].map((line) => indent + line);
}

/** "✗ 2 of 3 tests passed". */
export function countLine(verdict: Pick<Verdict, 'passed' | 'total' | 'ran' | 'killed'>, paint: Paint): string {
  if (!verdict.ran) return paint.yellow('No tests were given, so there is nothing to run');
  const { passed, total, killed } = verdict;
  const text = `${passed} of ${counted(total, 'test')} passed`;
  return passed === total && killed === undefined ? paint.green(`✓ ${text}`) : paint.red(`✗ ${text}`);
}

/** "✓✓✗", for where there is room for nothing more; long rows are cut. */
export function ticks(tests: readonly TestOutcome[], paint: Paint, most = 12): string {
  const shown = tests.slice(0, most).map(({ ok }) => (ok ? paint.green('✓') : paint.red('✗')));
  return shown.join('') + (tests.length > most ? '…' : '');
}

function testLines({ name, ok, message, durationMs }: TestOutcome, width: number, paint: Paint): string[] {
  const time = duration(durationMs);
  const room = width - 5 - time.length;
  const text = clip(firstLine(name), room);
  const line = `  ${ok ? paint.green('✓') : paint.red('✗')} ${padEnd(text, room)} ${paint.dim(time)}`;
  if (ok || message === undefined) return [line];
  // Most messages begin with the assertion, which the line above says already where it has room for all of it.
  const said = text === name && message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  return [line, ...messageLines(said, width - 6).map((one) => `      ${paint.red(one)}`)];
}

/** What a test says of its failure is broken, and not cut: what came instead stands at its end. */
function messageLines(message: string, width: number): string[] {
  const lines = harmless(message).replaceAll('\t', '    ').trimEnd().split('\n');
  const broken = lines.flatMap((line) => wrapped(line, width)).map((line) => clip(line, width));
  const more = broken.length - SHOWN_MESSAGE;
  return more <= 0 ? broken : [...broken.slice(0, SHOWN_MESSAGE), `… ${counted(more, 'more line')}`];
}

function outputLines(title: string, output: string, width: number, paint: Paint): string[] {
  if (output.trim() === '') return [];
  const lines = someLines(output, SHOWN_OUTPUT, width - 4);
  return [paint.dim(`  ${title}:`), ...lines.map((line) => paint.dim(`  │ ${line}`))];
}

function someLines(text: string, most: number, width: number): string[] {
  const lines = harmless(text).replaceAll('\t', '    ').trimEnd().split('\n');
  const shown = lines.slice(0, most).map((line) => clip(line, width));
  return lines.length > most ? [...shown, `… ${counted(lines.length - most, 'more line')}`] : shown;
}
