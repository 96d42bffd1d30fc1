import { failingReport, fullReport, messageOf, MOST_TESTS, type ReportedTest, type TestReport } from './testReport';

const LINE = /^( *)([✔✖﹣⚠]) (.*?)(?: \((\d+(?:\.\d+)?)ms\))?(?: # (SKIP|TODO)\b.*)?$/u;
const OPENING = /^( *)▶ (.*?)(?: \(\d+(?:\.\d+)?ms\))?$/u;
const COUNT = /^ℹ (tests|pass|fail|skipped|todo|cancelled) (\d+)$/gmu;
/** Where the list of what failed begins: all of it was said before. */
const AGAIN = /^✖ failing tests:$/mu;
/** Spaces of one level. */
const LEVEL = 2;

/** Reads what Node's test runner prints for people. Undefined without its summary, which comes last. */
export function readNodeSpec(text: string): TestReport | undefined {
  const counts = new Map([...text.matchAll(COUNT)].map(([, name = '', count]) => [name, Number(count)]));
  const total = counts.get('tests');
  if (total === undefined) return undefined;
  const count = (name: string): number => counts.get(name) ?? 0;
  const again = AGAIN.exec(text)?.index;
  const lines = text.slice(0, again).split('\n');
  if (total > MOST_TESTS) return undefined;
  const tests: ReportedTest[] = [];
  const path: string[] = [];
  lines.forEach((line, index) => {
    const opening = OPENING.exec(line);
    if (opening !== null) {
      const level = (opening[1] ?? '').length / LEVEL;
      // Older versions close a suite as they open it.
      if (path.length === level + 1 && path[level] === opening[2]) path.length = level;
      else {
        path.length = level;
        path.push(opening[2] ?? '');
      }
      return;
    }
    const found = LINE.exec(line);
    if (found === null) return;
    const [, indent = '', sign, title = '', ms, directive] = found;
    const level = indent.length / LEVEL;
    if (path.length > level && path[level] === title) {
      path.length = level;
      return;
    }
    const status = sign === '﹣' || directive !== undefined ? 'skipped' : sign === '✖' ? 'failed' : 'passed';
    tests.push({
      name: [...path.slice(0, level), title].join(' > '),
      status,
      durationMs: Number(ms ?? 0),
      ...(status === 'failed'
        ? { message: tests.length < MOST_TESTS ? detailsAfter(lines, index + 1, indent.length + LEVEL) : '' }
        : {}),
      ...(status === 'failed' && /^[^\s]*\/[^\s]*\.[cm]?[jt]sx?$/.test(title) ? { suite: true as const } : {}),
    });
  });
  const passed = count('pass');
  const failed = count('fail') + count('cancelled');
  const skipped = count('skipped') + count('todo');
  const full = fullReport('node', tests);
  // What the code prints goes between: where the lines do not add up to the summary, they are not all there is.
  if (full.passed === passed && full.failed === failed && passed + failed + skipped === total) return full;
  const failing = tests.filter(({ status }) => status === 'failed');
  return failingReport('node', failing, { passed, failed, skipped });
}

/** The lines below a test that are indented deeper than it. */
function detailsAfter(lines: readonly string[], from: number, indent: number): string {
  const details: string[] = [];
  for (let index = from; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.trim() !== '' && (line.slice(0, indent).trim() !== '' || LINE.test(line))) break;
    details.push(line.slice(indent));
  }
  return messageOf(details.join('\n'));
}
