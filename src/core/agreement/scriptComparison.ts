import type { LimitStruck, Outcome } from '../sandbox/verdict';
import type { Agreement } from './agreement';
import type { Comparison } from './comparison';
import type { Probe } from './probes';

/** Seconds that one probe may take, so many that a busy machine does not use them up, and all of them with one answer. */
const PROBE_SECONDS = 2;
const ALL_SECONDS = 15;

/** Probes that may be the end of an answer; those after them are not run. */
const MOST_ENDS = 3;

/** What an answer did with a probe: an outcome, or the limit that ended it; `itself` where it ended its own process. */
type Done = Outcome | { readonly kind: 'ended'; readonly by: LimitStruck | 'itself' };
type Dones = ReadonlyMap<Probe, Done>;

/** One of the answers. */
type Answer = Omit<Comparison, 'one' | 'other'> & { readonly code: string };

/**
 * Compares two answers in JavaScript or TypeScript. Each runs by itself in the sandbox, where it cannot know of the other,
 * and what it gives is written down by the process of the tests. Each is run twice, the second time with the inputs in the
 * opposite order: what does not come out the same twice tells nothing. Undefined where the sandbox tells no outcomes.
 */
export async function compareScripts(comparison: Comparison): Promise<Agreement | undefined> {
  const { probes } = comparison;
  const one = { ...comparison, code: comparison.one };
  const other = { ...comparison, code: comparison.other };
  const a = await doneWith(one, probes);
  const b = a && (await doneWith(other, probes));
  if (a === undefined || b === undefined) return undefined;
  // To wait once more for what neither of them came to an end with would take long, and tell nothing new.
  const doubtful = probes.filter((probe) => a.get(probe)?.kind !== 'ended' || !isSame(a.get(probe), b.get(probe)));
  const sureOfA = await confirmed(one, a, doubtful);
  const sureOfB = sureOfA && (await confirmed(other, b, doubtful));
  return sureOfB && agreementOf(probes, sureOfA, sureOfB);
}

function agreementOf(probes: readonly Probe[], one: Dones, other: Dones): Agreement {
  let same = 0;
  let unclear = 0;
  const differing: string[] = [];
  for (const probe of probes) {
    const [a, b] = [one.get(probe), other.get(probe)];
    if (a === undefined || b === undefined) continue;
    if (isSame(a, b)) same++;
    else if (a.kind === 'value' && b.kind === 'value') {
      if (a.loose !== b.loose) differing.push(probe.call);
    } else if (probe.atEdge) unclear++;
    else differing.push(probe.call);
  }
  return { probes: probes.length, same, unclear, untold: probes.length - same - unclear - differing.length, differing };
}

/** What an answer did, without what it does otherwise when it is asked again, and what cannot be compared. */
async function confirmed(answer: Answer, done: Dones, doubtful: readonly Probe[]): Promise<Dones | undefined> {
  const asked = doubtful.filter((probe) => done.has(probe)).reverse();
  // The last of its ends comes first now, and what was asked before the first of them is still to come.
  const again = await doneWith(answer, asked, MOST_ENDS + 1);
  if (again === undefined) return undefined;
  const unsure = new Set(asked.filter((probe) => !isSame(done.get(probe), again.get(probe))));
  return new Map([...done].filter(([probe, { kind }]) => kind !== 'opaque' && !unsure.has(probe)));
}

/**
 * Runs an answer on probes, in their order. Where one of them is its end it is started anew for the next, a few times.
 * Undefined where the sandbox tells no outcomes.
 */
async function doneWith(answer: Answer, probes: readonly Probe[], most = MOST_ENDS): Promise<Dones | undefined> {
  const { task, code, sandbox, signal } = answer;
  const { entryPoint = '' } = task;
  const done = new Map<Probe, Done>();
  const until = performance.now() + ALL_SECONDS * 1000;
  let rest = probes;
  for (let ends = 0; rest.length > 0 && ends < most; ends++) {
    const left = (until - performance.now()) / 1000;
    if (left <= PROBE_SECONDS) break;
    const tests = rest.map(({ args }) => `${entryPoint}(${args})`);
    const limits = { testSeconds: PROBE_SECONDS, runSeconds: left };
    const verdict = await sandbox.run({ task: { ...task, tests }, code, limits, outcomes: true }, signal);
    if (!verdict.ran || verdict.tests.some(({ ok, outcome }) => ok && outcome === undefined)) return undefined;
    const end = verdict.tests.findIndex(({ outcome }) => outcome === undefined);
    for (const [index, probe] of rest.entries()) {
      const outcome = verdict.tests[index]?.outcome;
      if (outcome === undefined) break;
      done.set(probe, outcome);
    }
    const last = rest[end];
    // Where the time of all is over, the one that is running is not to blame.
    if (last === undefined || performance.now() >= until) break;
    done.set(last, { kind: 'ended', by: verdict.killed ?? 'itself' });
    rest = rest.slice(end + 1);
  }
  return done;
}

function isSame(a: Done | undefined, b: Done | undefined): boolean {
  switch (a?.kind) {
    case 'value':
      return b?.kind === 'value' && a.exact === b.exact;
    case 'error':
      return b?.kind === 'error' && a.name === b.name;
    case 'ended':
      return b?.kind === 'ended' && a.by === b.by;
    default:
      return false;
  }
}
