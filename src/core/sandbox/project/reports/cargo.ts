import { DETAIL_LENGTH, DETAILED, fullReport, messageOf, type ReportedTest, type TestReport } from './testReport';

const RUNNING = /^running \d+ tests?$/gm;
const RESULT = /^test result: /gm;
const TEST = /^test (.+?) \.\.\. (ok|FAILED|ignored)(?:, .*)?$/gm;

/** Reads what `cargo test` prints. Undefined where a test binary did not come to its result, or none was built. */
export function readCargo(text: string): TestReport | undefined {
  const running = text.match(RUNNING)?.length ?? 0;
  if (running === 0 || running !== text.match(RESULT)?.length) return undefined;
  let detailed = 0;
  const tests = [...text.matchAll(TEST)].map(([, name = '', outcome]): ReportedTest => {
    // A doc test is named by its line, which moves with the code.
    const stable = name.replace(/ \(line \d+\)/, '');
    if (outcome === 'ok') return { name: stable, status: 'passed', durationMs: 0 };
    if (outcome === 'ignored') return { name: stable, status: 'skipped', durationMs: 0 };
    return {
      name: stable,
      status: 'failed',
      durationMs: 0,
      message: ++detailed > DETAILED ? '' : detailsOf(text, name),
    };
  });
  return fullReport('cargo', tests);
}

function detailsOf(text: string, name: string): string {
  const heading = `---- ${name} stdout ----\n`;
  const start = text.indexOf(heading);
  if (start < 0) return '';
  const [body = ''] = text.slice(start + heading.length, start + DETAIL_LENGTH).split(/^(?:---- .* ----|failures:)$/m);
  return messageOf(body.replace(/^note: run with `RUST_BACKTRACE.*$/m, ''));
}
