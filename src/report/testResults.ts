import type { TestOutcome, Verdict } from '../core/sandbox/verdict';
import type { Range } from '../core/task/extraction';
import { type Comparison, compared } from './comparison';
import type { Judge } from './outcome';
import { harmless, oneLine } from './text';

/** Characters of a test's text that its label keeps. */
const LABEL_LENGTH = 100;

/**
 * What became of a test: `failed` means that what it asserts does not hold, `errored` that the code raised something or
 * was ended, `skipped` that it was not run.
 */
export type TestState = 'passed' | 'failed' | 'errored' | 'skipped';

/** One test's part of a verdict. */
export interface TestResult {
  readonly state: TestState;
  readonly durationMs: number;
  /** Why it did not pass; harmless text. Empty where it did. */
  readonly message: string;
  /** What was compared, where the message tells it. */
  readonly comparison: Comparison | undefined;
}

/** The results of so many tests, in their order. A test that the verdict does not know was not run. */
export function testResults({ tests }: Pick<Verdict, 'tests'>, count: number, judge: Judge = 'task'): TestResult[] {
  return Array.from({ length: count }, (_, index) => resultOf(tests[index], judge));
}

/** A test's own text on one line, shortened. */
export function testLabel(test: string): string {
  return oneLine(test, LABEL_LENGTH);
}

/**
 * The part of a test's range that its message is about: the assertion that failed among several. The whole range where
 * the message does not tell, or tells of more than one place.
 */
export function failingPart(text: string, range: Range, message: string): Range {
  const source = text.slice(range.start, range.end);
  const quoted = quotedIn(message);
  if (quoted === undefined || !source.trim().includes('\n')) return range;
  const words = quoted.split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const found = [...source.matchAll(new RegExp(words.join('\\s+'), 'g'))];
  const [only] = found;
  if (only === undefined || found.length > 1) return range;
  return { start: range.start + only.index, end: range.start + only.index + only[0].length };
}

function resultOf(outcome: TestOutcome | undefined, judge: Judge): TestResult {
  if (outcome === undefined) return { state: 'skipped', durationMs: 0, message: 'not run', comparison: undefined };
  const { ok, durationMs } = outcome;
  if (ok) return { state: 'passed', durationMs, message: '', comparison: undefined };
  const message = harmless(outcome.message ?? 'failed').trim();
  return { state: stateOf(message, judge), durationMs, message, comparison: compared(message) };
}

/** What the sandbox says of a run that was ended, and of an exception: its name, perhaps with what it says. */
const ENDED =
  /^(?:the code |the test itself |the run |the report |the tests' own |setup: |took longer |outside of any )/;
const EXCEPTION = /^(?!AssertionError$)[A-Z]\w*(?:$|: |, at `)/;

function stateOf(message: string, judge: Judge): TestState {
  if (/^not run\b/.test(message)) return 'skipped';
  // The test runners of projects begin what an assertion says with its name.
  if (judge === 'project' && /^AssertionError\b/.test(message)) return 'failed';
  return ENDED.test(message) || EXCEPTION.test(message) ? 'errored' : 'failed';
}

/** The source that a message quotes: the assertion that it begins with, or the line that it ends with. */
function quotedIn(message: string): string | undefined {
  const quoted = /, at `([^]+)`$/.exec(message)?.[1] ?? /^([^]+?): (?:got|left is) /.exec(message)?.[1];
  // A long one was cut, and says so.
  return quoted?.replace(/\.\.\. \(\d+ characters\)$/, '').trim();
}
