import { failingReport, messageOf, type ReportedTest, type TestReport } from './testReport';

const TOTALS = /^\s+Tests\s+((?:\d+ \w+(?: \| )?)+|no tests)(?: \((\d+)\))?\s*$/m;
const HEADING = /^\s*FAIL\s+(\S.*)$/gm;

/** Reads what vitest prints: the names of what failed, and counts. Undefined without its summary, which comes last. */
export function readVitest(text: string): TestReport | undefined {
  const totals = TOTALS.exec(text);
  if (totals?.[1] === undefined) return undefined;
  const [, line] = totals;
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  const headings = [...text.slice(0, totals.index).matchAll(HEADING)];
  const failing = new Map<string, ReportedTest>();
  headings.forEach(({ 0: whole, 1: title = '', index }, at) => {
    const file = /^(\S+) \[ .* \]$/.exec(title)?.[1];
    const name = file ?? title;
    const end = headings[at + 1]?.index ?? totals.index;
    // Failures for the same reason share what follows the last of their headings.
    const message = messageOf(text.slice(index + whole.length, end).split(/^⎯+/m)[0] ?? '');
    const suite = file === undefined ? {} : { suite: true as const };
    failing.set(name, { name, status: 'failed', durationMs: 0, message, ...suite });
  });
  const suites = [...failing.values()].filter(({ suite }) => suite === true).length;
  return failingReport('vitest', [...failing.values()], {
    passed: count('passed'),
    failed: count('failed') + suites,
    skipped: count('skipped') + count('todo'),
  });
}
