import { DETAIL_LENGTH, DETAILED, failingReport, messageOf, type ReportedTest, type TestReport } from './testReport';

const SUMMARY =
  /^=*\s*((?:\d+ (?:failed|passed|skipped|errors?|xfailed|xpassed|deselected|warnings?|rerun|subtests passed)(?:, )?)+|no tests ran) in [\d.]+s\b.*$/gm;
const FAILED = /^(FAILED|SUBFAILED(?:\(.*?\)|\[.*?\])*|ERROR) (\S+?(?:::.*?)?)(?: - (.*))?$/gm;

/** Reads what pytest prints: the names of what failed, and counts. Undefined without its summary, which comes last. */
export function readPytestText(text: string): TestReport | undefined {
  const summary = [...text.matchAll(SUMMARY)].at(-1)?.[1];
  if (summary === undefined) return undefined;
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  const failing = [...text.matchAll(FAILED)].map(([, kind, name = '', reason = ''], index): ReportedTest => {
    const suite = kind === 'ERROR' && !name.includes('::') ? { suite: true as const } : {};
    const message = messageOf(index < DETAILED ? `${reason}\n${detailsOf(text, name)}` : reason);
    return { name, status: 'failed', durationMs: 0, message, ...suite };
  });
  return failingReport('pytest', failing, {
    passed: count('passed') + count('xpassed'),
    failed: count('failed') + count('error'),
    skipped: count('skipped') + count('xfailed'),
  });
}

/** The lines below the heading of a test that pytest marks with E, which say what went wrong. */
function detailsOf(text: string, name: string): string {
  const title = name.split('::').slice(1).join('.');
  if (title === '') return '';
  const start = text.search(new RegExp(`^_+ ${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} _+$`, 'm'));
  if (start < 0) return '';
  const [, body = ''] = text.slice(start, start + DETAIL_LENGTH).split(/^_{3,}.*_{3,}$/m);
  return body
    .split('\n')
    .filter((line) => line.startsWith('E '))
    .map((line) => line.slice(1).trim())
    .join('\n');
}
