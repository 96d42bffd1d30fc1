import type { Sandbox } from '../sandbox/sandbox';
import type { Task } from '../task/task';
import type { Agreement } from './agreement';
import type { Done, Dones, Known } from './done';
import { type Probe, probingOf } from './probes';

/** Seconds that one probe may take, so many that a busy machine does not use them up, and all of them with one answer. */
const PROBE_SECONDS = 2;
const ALL_SECONDS = 15;

/** What of the seconds of all may go by before the first of them begins. */
const START_SECONDS = 1;

/** Probes that may be the end of an answer; those after them are not run. */
const MOST_ENDS = 3;

/** One of the answers, and what to run it on. */
interface Answer {
  readonly task: Task;
  readonly probes: readonly Probe[];
  readonly code: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
}

/**
 * Runs two answers on inputs near those of the visible tests and compares what they do: evidence of agents agreeing, and
 * no verdict. Each runs by itself in the sandbox, where it cannot know of the other, and what it gives is written down by
 * the process of the tests. Each is run twice, the second time with the inputs in the opposite order: what does not come
 * out the same twice tells nothing. Undefined where there is nothing to probe with, or where the sandbox tells no outcomes.
 * @param signal ends the comparison, which then rejects with its reason
 * @param known what earlier comparisons of answers to the same task have learnt, to which this one adds: no answer is run
 *   for it again
 */
export async function compare(
  task: Task,
  one: string,
  other: string,
  sandbox: Sandbox,
  signal: AbortSignal,
  known: Known = new Map(),
): Promise<Agreement | undefined> {
  const { probes } = await probingOf(task);
  if (probes.length === 0) return undefined;
  const about = { task, probes, sandbox, signal };
  const a = await knownOf({ ...about, code: one }, known);
  const b = a && (await knownOf({ ...about, code: other }, known));
  return a && b && agreementOf(probes, a, b);
}

function agreementOf(probes: readonly Probe[], one: Dones, other: Dones): Agreement {
  let same = 0;
  let unclear = 0;
  const differing: string[] = [];
  for (const { args, call, atEdge } of probes) {
    const [a, b] = [one.get(args), other.get(args)];
    if (a === undefined || b === undefined) continue;
    if (isSame(a, b)) same++;
    else if (a.kind === 'value' && b.kind === 'value') {
      if (a.loose !== b.loose) differing.push(call);
    } else if (atEdge) unclear++;
    else differing.push(call);
  }
  return { probes: probes.length, same, unclear, untold: probes.length - same - unclear - differing.length, differing };
}

async function knownOf(answer: Answer, known: Known): Promise<Dones | undefined> {
  const { code } = answer;
  const dones = known.get(code) ?? (await doneTwice(answer));
  if (dones !== undefined) known.set(code, dones);
  return dones;
}

/** What an answer does, without what it does otherwise when it is asked again, and without what cannot be compared. */
async function doneTwice(answer: Answer): Promise<Dones | undefined> {
  const all = answer.probes.map(({ args }) => args);
  const done = await doneWith(answer, all);
  if (done === undefined) return undefined;
  const endless = all.filter((args) => isEndless(done.get(args)));
  // To wait for all of them again would take long: where the first has no end again, nor have the others.
  const [first, ...others] = endless;
  const asked = all.filter((args) => done.has(args) && !others.includes(args)).reverse();
  // After the last end that is known, the inputs before it are still to come.
  const again = await doneWith(answer, asked, MOST_ENDS + 1);
  if (again === undefined) return undefined;
  const unsure = new Set(asked.filter((args) => !isSame(done.get(args), again.get(args))));
  if (first !== undefined && unsure.has(first)) for (const args of others) unsure.add(args);
  return new Map([...done].filter(([args, { kind }]) => kind !== 'opaque' && !unsure.has(args)));
}

/**
 * Runs an answer on inputs, in their order. Where one of them is its end it is started anew for the next, a few times.
 * Undefined where the sandbox tells no outcomes.
 */
async function doneWith(answer: Answer, inputs: readonly string[], most = MOST_ENDS): Promise<Dones | undefined> {
  const { task, code, sandbox, signal } = answer;
  const { entryPoint = '' } = task;
  const done = new Map<string, Done>();
  let left = ALL_SECONDS;
  let rest = inputs;
  for (let ends = 0; rest.length > 0 && ends < most && left > PROBE_SECONDS; ends++) {
    const tests = rest.map((args) => `${entryPoint}(${args})`);
    const limits = { testSeconds: PROBE_SECONDS, runSeconds: left };
    const verdict = await sandbox.run({ task: { ...task, tests }, code, limits, outcomes: true }, signal);
    if (!verdict.ran || verdict.tests.some(({ ok, outcome }) => ok && outcome === undefined)) return undefined;
    // A run may have waited for a place to run in, which no answer is to blame for.
    left -= verdict.tests.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    const end = verdict.tests.findIndex(({ outcome }) => outcome === undefined);
    for (const [index, args] of rest.entries()) {
      const outcome = verdict.tests[index]?.outcome;
      if (outcome === undefined) break;
      done.set(args, outcome);
    }
    const last = rest[end];
    // Where the time of all is over, the one that is running is not to blame.
    if (last === undefined || left <= START_SECONDS) break;
    done.set(last, { kind: 'ended', by: verdict.killed === undefined ? 'itself' : 'limit' });
    rest = rest.slice(end + 1);
  }
  return done;
}

function isEndless(done: Done | undefined): boolean {
  return done?.kind === 'ended' && done.by === 'limit';
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
