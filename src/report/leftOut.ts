import { counted, oneLine } from './text';

/** A test that was left out, and why. */
interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** Tests that are named. */
const NAMED = 4;

/** "2 tests are left out: test_a (it takes the fixture capsys), test_b (…)"; undefined where there are none. */
export function leftOutText(tests: readonly LeftOut[]): string | undefined {
  if (tests.length === 0) return undefined;
  const named = tests.slice(0, NAMED).map(({ name, reason }) => `${oneLine(name, 60)} (${oneLine(reason, 300)})`);
  const more = tests.length > NAMED ? [`${tests.length - NAMED} more`] : [];
  return `${counted(tests.length, 'test')} ${tests.length === 1 ? 'is' : 'are'} left out: ${[...named, ...more].join(', ')}.`;
}
