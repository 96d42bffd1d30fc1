import { LANGUAGES, type Task } from '../../task/task';
import type { Sandbox, TestRun } from '../sandbox';
import type { Verdict } from '../verdict';
import type { Placed } from './answer';
import type { Baseline } from './baseline';
import { cutOutput } from './capture';
import { judge, outcomeNames } from './judge';
import { limitStruck, type ProjectLimits } from './limits';
import type { Project } from './project';

/** What plans and receipts say of a proof by the project's own tests. */
export const WEAKER_PROOF =
  "Proven by the project's own tests, which run in one process with the answer: weaker than isolated tests, since code " +
  'that was written to deceive could deceive them.';

/**
 * Judges answers by the tests of the project that they belong to, as a sandbox that `solve()` can use. The verdict's
 * tests are those of the baseline, in its order and number, whatever a run reports; those of the task are to be the ones
 * of `projectTask`, and of any other task there is no verdict: its tests are no part of the project. Limits are the
 * project's own.
 */
export class ProjectSandbox implements Sandbox {
  readonly kind = 'os';
  readonly languages = LANGUAGES;
  readonly description: string;

  constructor(
    private readonly project: Project,
    private readonly baseline: Baseline,
    private readonly placed: Placed,
    private readonly limits: ProjectLimits,
  ) {
    this.description = project.description;
  }

  /** @throws SandboxError where the sandbox is broken; the signal's reason on abort */
  async run({ task, code }: TestRun, signal?: AbortSignal): Promise<Verdict> {
    signal?.throwIfAborted();
    if (!this.#isOwn(task)) return this.#noVerdict(task);
    const text = await this.placed.textWith(code);
    const run = await this.project.run([{ path: this.placed.path, text }], this.baseline, signal);
    const tests = judge(this.baseline, run, this.limits, this.limits.runSeconds);
    const { struck, stdout, stderr } = run.ending;
    const shown = (said: string): string => said.replaceAll(`${this.project.selection.root}/`, '');
    return {
      passed: tests.filter(({ ok }) => ok).length,
      total: tests.length,
      ran: true,
      sandbox: 'os',
      tests: tests.map((test) => (test.message === undefined ? test : { ...test, message: shown(test.message) })),
      limits: this.#shownLimits(),
      ...(struck === undefined ? {} : { killed: limitStruck(struck) }),
      stdout: cutOutput(shown(stdout)),
      stderr: cutOutput(shown(stderr)),
    };
  }

  #isOwn({ tests }: Task): boolean {
    const names = outcomeNames(this.baseline);
    return tests.every((test, index) => test === names[index]);
  }

  #noVerdict({ tests }: Task): Verdict {
    const nothing = { passed: 0, total: tests.length, ran: false, tests: [], stdout: '', stderr: '' };
    return { ...nothing, sandbox: 'os', limits: this.#shownLimits() };
  }

  #shownLimits(): Verdict['limits'] {
    return { seconds: this.limits.runSeconds, memoryMb: this.limits.memoryMb };
  }
}
