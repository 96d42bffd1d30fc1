import { fullReport, messageOf, type ReportedTest, type TestReport } from './testReport';

/** One tag of a report, or the text up to the next. */
const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<[?!][^>]*>|<(\/?)([\w:-]+)((?:\s+[\w:-]+\s*=\s*"[^"]*")*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w:-]+)\s*=\s*"([^"]*)"/g;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

type Attributes = ReadonlyMap<string, string>;

interface Open {
  readonly attributes: Attributes;
  status: ReportedTest['status'];
  reason: string;
  details: string;
  suite: boolean;
}

/**
 * Reads the JUnit XML that pytest writes at the end of a run. Undefined for a report that is not complete or not well
 * formed. The text is not trusted: entities other than the usual five and character references stay as they are.
 */
export function readPytestXml(text: string): TestReport | undefined {
  const tests: ReportedTest[] = [];
  const stack: string[] = [];
  let test: Open | undefined;
  let closed = false;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, cdata, slash, name, rawAttributes = '', selfClosing, plain] = match;
    if (name === undefined) {
      const inner = cdata ?? (plain === undefined ? '' : decode(plain));
      if (test !== undefined && isOutcome(stack.at(-1))) test.details += inner;
      continue;
    }
    if (slash === '/') {
      if (stack.pop() !== name) return undefined;
      if (name === 'testcase' && test !== undefined) {
        tests.push(reported(test));
        test = undefined;
      }
      closed = stack.length === 0;
      continue;
    }
    const attributes = attributesOf(rawAttributes);
    if (name === 'testcase') test = { attributes, status: 'passed', reason: '', details: '', suite: false };
    else if (test !== undefined && isOutcome(name)) note(test, name, attributes);
    if (selfClosing !== '/') stack.push(name);
    else if (name === 'testcase' && test !== undefined) {
      tests.push(reported(test));
      test = undefined;
    }
  }
  return closed ? fullReport('pytest', merged(tests)) : undefined;
}

/** A test whose end fails too is written twice. */
function merged(tests: readonly ReportedTest[]): ReportedTest[] {
  const byName = new Map<string, ReportedTest>();
  for (const test of tests) if (byName.get(test.name)?.status !== 'failed') byName.set(test.name, test);
  return [...byName.values()];
}

function isOutcome(name: string | undefined): boolean {
  return name === 'failure' || name === 'error' || name === 'skipped';
}

function note(test: Open, kind: string, attributes: Attributes): void {
  const message = attributes.get('message') ?? '';
  if (kind !== 'skipped') test.status = 'failed';
  else if (test.status === 'passed') test.status = 'skipped';
  test.suite ||= kind === 'error' && /^collection (?:failure|skipped)/.test(message);
  test.reason = test.reason === '' ? message : `${test.reason}; ${message}`;
}

function reported({ attributes, status, reason, details, suite }: Open): ReportedTest {
  const durationMs = Math.round(Number(attributes.get('time') ?? 0) * 1000) || 0;
  const base = { name: nameOf(attributes, suite), status, durationMs };
  if (status !== 'failed') return base;
  const message = messageOf(suite ? lastLines(details) : `${reason}\n${details}`);
  return { ...base, message, ...(suite ? { suite: true as const } : {}) };
}

/** `tests/test_a.py::TestB::test_c`, as pytest itself writes it. */
function nameOf(attributes: Attributes, suite: boolean): string {
  const name = attributes.get('name') ?? '';
  const className = attributes.get('classname') ?? '';
  const file = attributes.get('file');
  if (suite) return file ?? `${(className === '' ? name : `${className}.${name}`).replaceAll('.', '/')}.py`;
  if (file === undefined) return className === '' ? name : `${className}::${name}`;
  const module = file.replace(/\.py$/, '').replaceAll('/', '.');
  const inner =
    className === module ? '' : className.startsWith(`${module}.`) ? className.slice(module.length + 1) : '';
  return [file, ...inner.split('.').filter(Boolean), name].join('::');
}

/** Of an error while loading, the last lines say most. */
function lastLines(details: string): string {
  const lines = details.trimEnd().split('\n');
  const errors = lines.filter((line) => line.startsWith('E ')).map((line) => line.slice(1).trim());
  return errors.length > 0 ? errors.join('\n') : lines.slice(-8).join('\n');
}

function attributesOf(text: string): Attributes {
  return new Map([...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, decode(value)]));
}

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w{1,8});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES.get(name) ?? whole;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
