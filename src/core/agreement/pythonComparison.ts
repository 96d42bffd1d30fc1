import type { Task } from '../task/task';
import type { Agreement } from './agreement';
import type { Comparison } from './comparison';
import type { Probe } from './probes';

/** Seconds that one probe may take with each answer, and all of them together. */
const PROBE_SECONDS = 0.5;
const ALL_SECONDS = 15;

/** Compares two answers in Python, in one process. Undefined where that was ended half way. */
export async function comparePython(comparison: Comparison): Promise<Agreement | undefined> {
  const { task, probes, one, other, sandbox, signal } = comparison;
  const asked: Task = {
    ...{ id: task.id, language: task.language, setup: '' },
    prompt: '',
    entryPoint: 'differ',
    tests: probes.flatMap(testsOf),
  };
  const code = pythonComparison(task, one, other);
  const verdict = await sandbox.run({ task: asked, code, limits: { runSeconds: ALL_SECONDS } }, signal);
  // What was ended half way would look like a difference.
  if (!verdict.ran || verdict.killed !== undefined) return undefined;
  const holds = (test: number): boolean => verdict.tests[test]?.ok === true;
  const same = probes.filter((_, index) => holds(2 * index)).length;
  const differing = probes.filter((_, index) => !holds(2 * index + 1)).map(({ call }) => call);
  const unclear = probes.length - same - differing.length;
  return { probes: probes.length, same, unclear, untold: 0, differing };
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
