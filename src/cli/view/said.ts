import type { TestOutcome } from '../../core/sandbox/verdict';
import { harmless } from '../../report/text';

/** Longer texts of unknown origin are not for the screen, however wide. */
const LONGEST = 500;

/** The first line of a text of unknown origin, harmless and with its spaces kept: in a test they may be the point. */
export function firstLine(text: string): string {
  const [line = ''] = harmless(text).replaceAll('\t', '    ').trim().split('\n');
  return line.slice(0, LONGEST);
}

/** Why a test failed, on one line. The test's own text comes first where the message does not begin with it. */
export function failureLine({ name, message = 'failed' }: Pick<TestOutcome, 'name' | 'message'>): string {
  const said = firstLine(message);
  return said.startsWith('assert ') || said.startsWith(name) ? said : `${firstLine(name)}: ${said}`;
}
