import { readCargo } from './cargo';
import { readGo } from './go';
import { readJest } from './jest';
import { readPytestXml } from './junit';
import { readMocha } from './mocha';
import { readNodeSpec } from './nodeSpec';
import { readPytestText } from './pytestText';
import { readTap } from './tap';
import { type Printed, type Runner, type TestReport, withoutColours } from './testReport';
import { readUnittest } from './unittest';
import { readVitest } from './vitest';

type Reader = (stdout: string, stderr: string) => TestReport | undefined;

/** Readers of what is printed, those with the most telling marks first. */
const READERS: readonly (readonly [Runner, Reader])[] = [
  ['node', (stdout) => (/^TAP version 1[34]$/m.test(stdout) ? readTap(stdout) : undefined)],
  ['node', either(readNodeSpec)],
  ['pytest', either(readPytestText)],
  ['unittest', either(readUnittest)],
  ['jest', either(readJest)],
  // What failed goes to one output, the summary to the other.
  ['vitest', (stdout, stderr) => readVitest(`${stderr}\n${stdout}`)],
  ['mocha', either(readMocha)],
  ['cargo', either(readCargo)],
  ['go', either(readGo)],
];

function either(read: (text: string) => TestReport | undefined): Reader {
  return (stdout, stderr) => read(stdout) ?? read(stderr);
}

/** Finds out which runner printed this, and reads its report. Undefined where none that is known came to its end. */
export function readPrinted({ stdout, stderr }: Printed, runner?: Runner): TestReport | undefined {
  const [out, errors] = [withoutColours(stdout), withoutColours(stderr)];
  for (const [name, read] of READERS) {
    const report = runner === undefined || runner === name ? read(out, errors) : undefined;
    if (report !== undefined) return report;
  }
  return undefined;
}

/** Reads the file that a runner was told to write. */
export function readFileReport(kind: 'junit' | 'tap', text: string): TestReport | undefined {
  return kind === 'junit' ? readPytestXml(text) : readTap(text);
}
