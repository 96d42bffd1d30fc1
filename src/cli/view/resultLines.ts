import type { RunResult } from '../../core/result';
import { headline, whatMayHelp } from '../../report/outcome';
import { harmless, oneLine } from '../../report/text';
import type { Paint } from './paint';
import { wrapped } from './wrap';

/** How a run ended and its best answer, whole. */
export function resultLines(result: RunResult, width: number, paint: Paint): string[] {
  const lines = [headingLine(result, paint)];
  if (result.error !== undefined) {
    lines.push(...wrapped(oneLine(result.error, 2000), width).map((line) => paint.yellow(line)));
  }
  const help = whatMayHelp(result);
  if (help !== undefined) lines.push(...wrapped(help, width));
  if (result.code !== '') lines.push('', ...harmless(result.code).trimEnd().split('\n'));
  return lines;
}

/** "✓ Solved: 3 of 3 tests pass". */
export function headingLine(result: RunResult, paint: Paint): string {
  const text = headline(result);
  if (result.status === 'solved') return paint.green(`✓ ${text}`);
  return result.status === 'error' || result.status === 'infeasible'
    ? paint.red(`✗ ${text}`)
    : paint.yellow(`✗ ${text}`);
}
