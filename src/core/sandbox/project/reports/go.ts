import { fullReport, messageOf, type ReportedTest, type TestReport } from './testReport';

interface Event {
  readonly Action: string;
  readonly Package: string;
  readonly Test?: string;
  readonly Elapsed?: number;
  readonly Output?: string;
}

/**
 * Reads the events of `go test -json`. A test that has subtests counts only where it failed and they did not. Undefined
 * where a package that was started did not come to its end.
 */
export function readGo(text: string): TestReport | undefined {
  const events = text.split('\n').flatMap(eventOf);
  const started = new Set(events.map((event) => event.Package));
  const outputs = new Map<string, string>();
  const tests: ReportedTest[] = [];
  const ends = new Map<string, Event>();
  for (const event of events) {
    const key = `${event.Package}.${event.Test ?? ''}`;
    if (event.Action === 'output') outputs.set(key, (outputs.get(key) ?? '') + (event.Output ?? ''));
    if (!/^(?:pass|fail|skip)$/.test(event.Action)) continue;
    if (event.Test === undefined) ends.set(event.Package, event);
    else tests.push(reported(event, outputs.get(key)));
  }
  if (started.size === 0 || [...started].some((name) => !ends.has(name))) return undefined;
  const holding = new Set(tests.flatMap(({ name }) => above(name)));
  const failing = new Set(tests.flatMap(({ name, status }) => (status === 'failed' ? above(name) : [])));
  const counted = tests.filter(({ name, status }) => !holding.has(name) || (status === 'failed' && !failing.has(name)));
  for (const [name, end] of ends) {
    const own = counted.some((test) => test.name.startsWith(`${name}.`) && test.status === 'failed');
    if (end.Action === 'fail' && !own) {
      counted.push({ ...reported({ ...end, Test: '' }, outputs.get(`${name}.`)), name, suite: true });
    }
  }
  return fullReport('go', counted);
}

/** The tests that a subtest is part of. A package's path comes before the first dot after its last slash. */
function above(name: string): string[] {
  const [test = ''] = /\.[^./]+(?:\/.*)?$/s.exec(name) ?? [];
  const parts = test.split('/');
  const prefix = name.slice(0, name.length - test.length);
  return parts.slice(1).map((_, index) => prefix + parts.slice(0, index + 1).join('/'));
}

function reported({ Action, Package, Test = '', Elapsed = 0 }: Event, output = ''): ReportedTest {
  const base = { name: `${Package}.${Test}`, durationMs: Math.round(Elapsed * 1000) };
  if (Action !== 'fail') return { ...base, status: Action === 'pass' ? 'passed' : 'skipped' };
  const said = output.replace(/^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)|--- FAIL:).*\n/gm, '');
  return { ...base, status: 'failed', message: messageOf(said) };
}

function eventOf(line: string): Event[] {
  if (!line.startsWith('{')) return [];
  try {
    const value = JSON.parse(line) as Partial<Record<keyof Event, unknown>> | null;
    if (typeof value?.Action !== 'string' || typeof value.Package !== 'string') return [];
    const { Action, Package, Test, Elapsed, Output } = value;
    return [
      {
        Action,
        Package,
        ...(typeof Test === 'string' ? { Test } : {}),
        ...(typeof Elapsed === 'number' ? { Elapsed } : {}),
        ...(typeof Output === 'string' ? { Output } : {}),
      },
    ];
  } catch {
    return [];
  }
}
