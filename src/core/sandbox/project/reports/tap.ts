import { DETAILED, fullReport, MOST_TESTS, messageOf, type ReportedTest, type TestReport } from './testReport';

const POINT = /^( *)(not )?ok \d+(?: - (.*?))?(?: # (SKIP|TODO)\b.*)?$/i;
const SUBTEST = /^( *)# Subtest: (.*)$/;
const PLAN = /^1\.\.\d+/;
/** Spaces of one level. */
const LEVEL = 4;
/** Lines of a block that are read, and those that tell what kind of failure it is. */
const BLOCK = 200;
const HEAD = 6;

/**
 * Reads the TAP that Node's test runner writes. Subtests count one by one, and what holds them only where it failed by
 * itself. Undefined without a plan at the top level, which comes last.
 */
export function readTap(text: string): TestReport | undefined {
  const lines = text.split('\n');
  const tests: ReportedTest[] = [];
  const path: string[] = [];
  /** Whether a subtest was seen, by level of what holds it. */
  const holding: boolean[] = [];
  let planned = false;
  let detailed = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    planned ||= PLAN.test(line);
    const subtest = SUBTEST.exec(line);
    if (subtest !== null) {
      path.length = (subtest[1] ?? '').length / LEVEL;
      path.push(subtest[2] ?? '');
      continue;
    }
    const point = POINT.exec(line);
    if (point === null) continue;
    const [, indent = '', not, title = '', directive] = point;
    const level = indent.length / LEVEL;
    if (tests.length === MOST_TESTS) return undefined;
    const details = detailsAfter(lines, index + 1, indent, not !== undefined && detailed++ < DETAILED ? BLOCK : HEAD);
    const held = holding[level + 1] === true;
    holding.length = level + 1;
    holding[level] = true;
    const failed = not !== undefined && directive?.toUpperCase() !== 'TODO';
    if (held && (!failed || details.subtestsFailed)) continue;
    const name = [...path.slice(0, level), title].map(unescaped).join(' > ');
    tests.push({
      name,
      status: directive !== undefined ? 'skipped' : failed ? 'failed' : 'passed',
      durationMs: details.durationMs,
      ...(failed ? { message: messageOf(details.message), ...(details.ofFile ? { suite: true as const } : {}) } : {}),
    });
  }
  return planned ? fullReport('node', tests) : undefined;
}

interface Details {
  readonly message: string;
  readonly durationMs: number;
  readonly subtestsFailed: boolean;
  /** A test file that ended by itself instead of by its tests. */
  readonly ofFile: boolean;
}

/** The block of YAML after a test point, read as far as it is needed. */
function detailsAfter(lines: readonly string[], from: number, indent: string, most: number): Details {
  if (lines[from] !== `${indent}  ---`) return { message: '', durationMs: 0, subtestsFailed: false, ofFile: false };
  const block: string[] = [];
  const last = Math.min(lines.length, from + most);
  for (let index = from + 1; index < last && lines[index] !== `${indent}  ...`; index++) {
    block.push((lines[index] ?? '').slice(indent.length + 2));
  }
  const field = (name: string): string => {
    const start = block.findIndex((line) => line.startsWith(`${name}:`));
    if (start < 0) return '';
    const first = (block[start] ?? '').slice(name.length + 1).trim();
    if (!/^\|-?$/.test(first)) return first.replace(/^'(.*)'$/s, '$1').replaceAll("''", "'");
    const end = block.findIndex((line, index) => index > start && !line.startsWith('  '));
    return block
      .slice(start + 1, end < 0 ? undefined : end)
      .map((line) => line.slice(2))
      .join('\n');
  };
  const [error, stack] = [field('error'), field('stack')];
  const values = ['expected', 'actual'].map((name) => [name, field(name)] as const).filter(([, value]) => value !== '');
  return {
    message: [error, ...values.map(([name, value]) => `${name}: ${value}`), stack].filter(Boolean).join('\n'),
    durationMs: Number(field('duration_ms')) || 0,
    subtestsFailed: field('failureType') === 'subtestsFailed',
    ofFile: field('failureType') === 'testCodeFailure' && field('exitCode') !== '',
  };
}

function unescaped(text: string): string {
  return text.replace(/\\([\\#])/g, '$1');
}
