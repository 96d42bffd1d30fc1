import { posix } from 'node:path';
import type { TestCommand } from './command';
import { REPORT_FOLDER } from './confine';

/** A test command with what was added to it so that it reports test by test. */
export interface Instrumented {
  readonly argv: readonly string[];
  /** What was added, to be shown where the command is confirmed; empty where the command runs as it was written. */
  readonly added: readonly string[];
  /** The file that the runner is told to write; undefined where its output is read instead. */
  readonly report: { readonly kind: 'junit' | 'tap'; readonly file: string } | undefined;
}

const PYTHON = /^(?:python|pypy)(?:\d+(?:\.\d+)?)?$/;

/**
 * Adds an option for a report where the command is plainly one of pytest, Node's test runner or `go test`, and has no
 * such option of its own. Any other command stays as it was written; its output is read instead.
 */
export function instrument({ argv, shell }: TestCommand): Instrumented {
  const plain: Instrumented = { argv, added: [], report: undefined };
  if (shell) return plain;
  const [first = '', second = ''] = argv;
  const program = posix.basename(first);
  const pytest = pytestAt(program, argv);
  if (pytest !== undefined) {
    if (argv.some((word) => /^--junit-?xml\b|^no:junitxml$|^-pno:junitxml$/.test(word))) return plain;
    const added = [`--junitxml=${REPORT_FOLDER}/report.xml`, '-o', 'junit_family=xunit1'];
    return { argv: argv.toSpliced(pytest + 1, 0, ...added), added, report: { kind: 'junit', file: 'report.xml' } };
  }
  const test = program === 'node' ? argv.indexOf('--test') : -1;
  if (test > 0 && argv.slice(1, test).every((word) => word.startsWith('-'))) {
    if (argv.some((word) => word.startsWith('--test-reporter'))) return plain;
    const added = [
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=tap', `--test-reporter-destination=${REPORT_FOLDER}/report.tap`],
    ];
    return { argv: argv.toSpliced(test + 1, 0, ...added), added, report: { kind: 'tap', file: 'report.tap' } };
  }
  if (program === 'go' && second === 'test' && !argv.includes('-json')) {
    // -C has to stay the first flag.
    const at = argv[2] === '-C' ? 4 : 2;
    return { argv: argv.toSpliced(at, 0, '-json'), added: ['-json'], report: undefined };
  }
  return plain;
}

/** Where the word is that makes it a run of pytest. */
function pytestAt(program: string, argv: readonly string[]): number | undefined {
  if (program === 'pytest' || program === 'py.test') return 0;
  if (!PYTHON.test(program)) return undefined;
  const at = argv.findIndex((word, index) => word === 'pytest' && argv[index - 1] === '-m');
  return at > 0 && argv.slice(1, at - 1).every((word) => /^-[A-Za-z]+$/.test(word)) ? at : undefined;
}
