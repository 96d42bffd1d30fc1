import type { Sandbox } from '../sandbox/sandbox';
import type { Task } from '../task/task';
import { type Probe, probesOf } from './probes';

/** How alike two answers behave. */
export interface Agreement {
  /** Inputs on which both were run. */
  readonly probes: number;
  /** Inputs on which they gave the same result, or failed in the same way. */
  readonly same: number;
  /** Inputs at the edge on which only one of them gave a result: the task may not speak of them, so they tell nothing. */
  readonly unclear: number;
  /** Calls that they answered otherwise, such as "f([1, 2])". */
  readonly differing: readonly string[];
}

/** Whether two answers gave no different results, and the same on at least half of the inputs. */
export function isAgreed({ probes, same, differing }: Agreement): boolean {
  return differing.length === 0 && 2 * same >= probes;
}

/** Seconds that one probe may take with each answer, and all of them together. */
const PROBE_SECONDS = 0.5;
const ALL_SECONDS = 15;

/**
 * Runs two answers on inputs near those of the visible tests and compares what they do. Undefined where there is
 * nothing to probe with. Both run in one process, so this is evidence of agents agreeing, and no verdict.
 */
export async function compare(
  task: Task,
  one: string,
  other: string,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Agreement | undefined> {
  const probes = await probesOf(task);
  if (probes.length === 0 || task.entryPoint === undefined) return undefined;
  const comparison: Task = {
    ...{ id: task.id, language: task.language, setup: '' },
    prompt: '',
    entryPoint: 'differ',
    tests: probes.flatMap(testsOf),
  };
  const code = pythonComparison(task, one, other);
  const verdict = await sandbox.run({ task: comparison, code, limits: { runSeconds: ALL_SECONDS } }, signal);
  // What was ended half way would look like a difference.
  if (!verdict.ran || verdict.killed !== undefined) return undefined;
  const holds = (test: number): boolean => verdict.tests[test]?.ok === true;
  const same = probes.filter((_, index) => holds(2 * index)).length;
  const differing = probes.filter((_, index) => !holds(2 * index + 1)).map(({ call }) => call);
  return { probes: probes.length, same, unclear: probes.length - same - differing.length, differing };
}

/** Whether the answers did the same, and whether they did otherwise in a way that tells something. */
function testsOf({ call, atEdge }: Probe): readonly string[] {
  const differ = atEdge ? 'differ_in_value' : 'differ';
  return [`assert not differ(${quoted(call)})`, `assert not ${differ}(${quoted(call)})`];
}

function pythonComparison({ prompt, entryPoint = '' }: Task, one: string, other: string): string {
  return `
import contextlib, io, signal, types

class TooLong(BaseException):
    pass

def too_long(*_):
    raise TooLong()

def solution(*sources):
    module = types.ModuleType('solution')
    for source in sources:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(source, module.__dict__)
        except Exception:
            pass
    return getattr(module, ${quoted(entryPoint)}, None)

one = solution(${quoted(prompt)}, ${quoted(one)})
other = solution(${quoted(prompt)}, ${quoted(other)})

slow = {}
seen = {}
# Where the system has no such timer, the sandbox ends what takes too long.
try:
    signal.setitimer(signal.ITIMER_REAL, 0)
    timed = True
except Exception:
    timed = False

def outcome(f, probe):
    # What did not come to an end three times is not waited for again.
    if slow.get(f, 0) == 3:
        return 'too long', ''
    if timed:
        signal.signal(signal.SIGALRM, too_long)
        signal.setitimer(signal.ITIMER_REAL, ${PROBE_SECONDS})
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            value = eval(probe, {'f': f})
            return 'value', repr(value)
    except TooLong:
        slow[f] = slow.get(f, 0) + 1
        return 'too long', ''
    except Exception as error:
        return 'error', type(error).__name__
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)

def outcomes(probe):
    if probe not in seen:
        seen[probe] = outcome(one, probe), outcome(other, probe)
    return seen[probe]

def differ(probe):
    a, b = outcomes(probe)
    return a != b

def differ_in_value(probe):
    a, b = outcomes(probe)
    return a[0] == b[0] == 'value' and a != b
`;
}

/** A text as a literal of Python, which reads JSON's as its own. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
