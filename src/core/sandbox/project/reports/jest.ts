import { failingReport, messageOf, type ReportedTest, type TestReport } from './testReport';

const TOTALS = /^Tests:\s+(.*\d+ total)$/gm;
const HEADING = /^(?:FAIL\s+(\S+).*|\s+● (?!Console$)(.*))$/gm;
/** Below it a longer run says all of it again. */
const AGAIN = /^Summary of all failing tests$/m;
const NOT_RUN = 'Test suite failed to run';

/** Reads what jest prints: the names of what failed, and counts. Undefined without its summary, which comes last. */
export function readJest(text: string): TestReport | undefined {
  const totals = [...text.matchAll(TOTALS)].at(-1);
  if (totals?.[1] === undefined) return undefined;
  const [, line] = totals;
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  const said = text.slice(0, AGAIN.exec(text)?.index ?? totals.index);
  const headings = [...said.matchAll(HEADING)];
  const failing = new Map<string, ReportedTest>();
  let file = '';
  headings.forEach(({ 0: whole, 1: failed, 2: title, index }, at) => {
    file = failed ?? file;
    if (title === undefined) return;
    const suite = title === NOT_RUN;
    const name = suite ? file : `${file} › ${title}`;
    const end = headings[at + 1]?.index ?? said.length;
    const message = messageOf(said.slice(index + whole.length, end).replace(/^ {4}/gm, ''));
    failing.set(name, { name, status: 'failed', durationMs: 0, message, ...(suite ? { suite: true as const } : {}) });
  });
  const suites = [...failing.values()].filter(({ suite }) => suite === true).length;
  return failingReport('jest', [...failing.values()], {
    passed: count('passed'),
    failed: count('failed') + suites,
    skipped: count('skipped') + count('todo'),
  });
}
