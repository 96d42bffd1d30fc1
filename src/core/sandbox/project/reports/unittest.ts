import { DETAIL_LENGTH, failingReport, messageOf, type ReportedTest, type TestReport } from './testReport';

const SUMMARY = /^Ran (\d+) tests? in [\d.]+s\n\n(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/gm;
const HEADING = /^={70}\n(FAIL|ERROR): (.*)\n(?:(?!-{70}).*\n)*?-{70}\n/gm;
const RULE = /^(?:={70}|-{70})$/m;

/** Not among the tests that were run: their failure kept tests from being run. */
const FIXTURE = /(?:^|\.)(?:setUp|tearDown)(?:Class|Module)$/;
const SUITE = /_FailedTest\.|(?:^|\.)setUp(?:Class|Module)$/;

/** Reads what Python's unittest prints: the names of what failed, and counts. Undefined without its summary. */
export function readUnittest(text: string): TestReport | undefined {
  const summary = [...text.matchAll(SUMMARY)].at(-1);
  if (summary === undefined) return undefined;
  const [, ran, , rest = ''] = summary;
  const count = (word: string): number => Number(new RegExp(`\\b${word}=(\\d+)`).exec(rest)?.[1] ?? 0);
  const failing = new Map<string, ReportedTest>();
  for (const match of text.slice(0, summary.index).matchAll(HEADING)) {
    const [whole, , title = ''] = match;
    const name = nameOf(title);
    // Of subtests, and of a test whose end fails too, the first says what is wrong.
    if (failing.has(name)) continue;
    const start = match.index + whole.length;
    const [body = ''] = text.slice(start, start + DETAIL_LENGTH).split(RULE);
    const suite = SUITE.test(name) ? { suite: true as const } : {};
    failing.set(name, { name, status: 'failed', durationMs: 0, message: messageOf(lastFirst(body)), ...suite });
  }
  const unnamed = count('unexpected successes');
  const notCounted = [...failing.keys()].filter((name) => FIXTURE.test(name)).length;
  const failed = failing.size + unnamed;
  const skipped = count('skipped') + count('expected failures');
  const passed = Math.max(0, Number(ran) - (failed - notCounted) - skipped);
  return failingReport('unittest', [...failing.values()], { passed, failed, skipped });
}

/** `test_a (tests.test_x.TestX.test_a)`, which older versions end at the class, as `tests.test_x.TestX.test_a`. */
function nameOf(title: string): string {
  const [, test = '', where = ''] = /^(\S+) \(([\w.<>]+)\)/.exec(title) ?? [];
  if (test === '') return title;
  return where.endsWith(`.${test}`) ? where : `${where}.${test}`;
}

/** A traceback ends with what went wrong, below the last of its indented frames: that goes first. */
function lastFirst(traceback: string): string {
  const lines = traceback.trimEnd().split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('Traceback '));
  const start = last < 0 ? -1 : lines.findIndex((line, index) => index > last && /^\S/.test(line));
  return start <= 0 ? traceback : [...lines.slice(start), '', ...lines.slice(0, start)].join('\n');
}
