import { failingReport, fullReport, messageOf, type ReportedTest, type TestReport } from './testReport';

const LINE = /^( {2,})(?:([✔✓√]) (.*?)(?: \((\d+)ms\))?|(\d+)\) (.*)|- (.*))$/u;
const SUITE = /^( {2,})(\S.*)$/;
const SUMMARY = /^ {2}(\d+) passing \(/m;
const PENDING = /^ {2}(\d+) pending$/m;
const FAILING = /^ {2}(\d+) failing$/m;

/** Reads what mocha's usual reporter prints. Undefined without its summary, which comes last. */
export function readMocha(text: string): TestReport | undefined {
  const summary = SUMMARY.exec(text);
  if (summary === null) return undefined;
  const rest = text.slice(summary.index);
  const passed = Number(summary[1]);
  const failed = Number(FAILING.exec(rest)?.[1] ?? 0);
  const skipped = Number(PENDING.exec(rest)?.[1] ?? 0);
  const details = detailsOf(rest);
  const tests: ReportedTest[] = [];
  const path: { readonly indent: number; readonly title: string }[] = [];
  for (const line of text.slice(0, summary.index).split('\n')) {
    const [, indent, sign, title, ms, number, failing, pending] = LINE.exec(line) ?? [];
    const level = (indent ?? SUITE.exec(line)?.[1] ?? '').length;
    if (level === 0) continue;
    while ((path.at(-1)?.indent ?? 0) >= level) path.pop();
    const named = (name: string): string => [...path.map((one) => one.title), name].join(' > ');
    if (sign !== undefined) {
      tests.push({ name: named(title ?? ''), status: 'passed', durationMs: Number(ms ?? 0) });
    } else if (number !== undefined) {
      const message = details.get(number) ?? '';
      tests.push({ name: named(failing ?? ''), status: 'failed', durationMs: 0, message });
    } else if (pending !== undefined) tests.push({ name: named(pending), status: 'skipped', durationMs: 0 });
    else path.push({ indent: level, title: line.trim() });
  }
  const full = fullReport('mocha', tests);
  if (full.passed === passed && full.failed === failed) return full;
  const failing = tests.filter(({ status }) => status === 'failed');
  return failingReport('mocha', failing, { passed, failed, skipped });
}

/** What the summary says of each failure, by its number: the suites and the test, then the error. */
function detailsOf(rest: string): Map<string, string> {
  const parts = rest.split(/^ {2}(\d+)\) /m);
  const details = new Map<string, string>();
  for (let index = 1; index + 1 < parts.length; index += 2) {
    const body = (parts[index + 1] ?? '').split('\n');
    const end = body.findIndex((line) => line.trimEnd().endsWith(':'));
    details.set(
      parts[index] ?? '',
      messageOf(
        body
          .slice(end + 1)
          .join('\n')
          .replace(/^ {4,6}/gm, ''),
      ),
    );
  }
  return details;
}
