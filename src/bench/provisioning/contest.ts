import { provision, type ProvisionRequest } from '../../core/provisioning/provision';
import { type Spread, spreadOf } from '../micro/stats';
import { type Asked, solveWithCbc } from './cbc';
import { inFloats } from './floats';
import { loadHighs } from './highs';
import { instanceOf, type Random, randomOf, wideInstanceOf } from './instances';
import { lpSolver } from './lpSolver';
import { type Counts, programOf } from './program';

/** How one solver did on all programs: ms to build and solve each, and how many it answered with the optimum. */
export interface Standing {
  readonly solver: string;
  readonly time: Spread;
  readonly right: number;
}

/** What a contest came to; `missing` says why PuLP and CBC took no part. */
export interface Contest {
  readonly programs: number;
  readonly standings: readonly Standing[];
  readonly missing: string | undefined;
}

const SEED = 1;
const PROGRAMS = 200;
const WARM = 20;

/** Programs of 2 to 12 models in 2 to 8 tiers, at prices as catalogues have them. */
export function likeCatalogues(random: Random): ProvisionRequest {
  const models = 2 + Math.floor(11 * random());
  return instanceOf(random, models, Math.min(models, 2 + Math.floor(7 * random())));
}

/** Programs of 2 to 8 models at prices that differ by up to twelve orders of magnitude. */
export function farApart(random: Random): ProvisionRequest {
  return wideInstanceOf(random, 2 + Math.floor(7 * random()));
}

/** All solvers on the same programs, of which only those are taken whose numbers are exact in floating point. */
export async function contest(make: (random: Random) => ProvisionRequest): Promise<Contest> {
  const asked = programs(make);
  const [highs, lp] = [await loadHighs(), await lpSolver()];
  const optima = asked.map(({ request, program }) => {
    const optimum = highs.byTier(program);
    if (JSON.stringify(optimum) !== JSON.stringify(solved(request))) throw new Error('The optimum is in doubt.');
    return JSON.stringify(optimum);
  });
  const standing = (solver: string, answers: readonly { readonly ms: number; readonly counts: Counts | null }[]) => ({
    solver,
    time: spreadOf(answers.map(({ ms }) => ms)),
    right: answers.filter(({ counts }, index) => JSON.stringify(counts ?? undefined) === optima[index]).length,
  });
  const standings = [
    standing(
      'Solvent',
      timedAll(asked, ({ request }) => solved(request)),
    ),
    standing(
      'HiGHS in WebAssembly',
      timedAll(asked, ({ request }) => withFloats(request, highs.weighted)),
    ),
    standing(
      'javascript-lp-solver',
      timedAll(asked, ({ request }) => withFloats(request, lp)),
    ),
  ];
  const cbc = await solveWithCbc(asked);
  if ('why' in cbc) return { programs: asked.length, standings, missing: cbc.why };
  return { programs: asked.length, standings: [...standings, standing('PuLP with CBC', cbc)], missing: undefined };
}

/** How long 500 models in 20 tiers take, in ms, over several budgets; a few of the answers are checked by HiGHS. */
export async function large(): Promise<{ readonly time: Spread; readonly slowest: number; readonly checked: number }> {
  const random = randomOf(SEED);
  const requests = Array.from({ length: 60 }, () => instanceOf(random, 500, 20));
  const answers = timedAll(requests, solved);
  const highs = await loadHighs();
  const checked = 2;
  for (const [index, request] of requests.slice(0, checked).entries()) {
    const same = JSON.stringify(highs.byTier(programOf(request))) === JSON.stringify(answers[index]?.counts);
    if (!same) throw new Error('HiGHS finds another pool of 500 models.');
  }
  const times = answers.map(({ ms }) => ms);
  return { time: spreadOf(times), slowest: Math.max(...times), checked };
}

type Entry = Asked & { readonly request: ProvisionRequest };

function programs(make: (random: Random) => ProvisionRequest): readonly Entry[] {
  const random = randomOf(SEED);
  const entries: Entry[] = [];
  while (entries.length < PROGRAMS) {
    const request = make(random);
    const program = programOf(request);
    const floats = inFloats(program);
    if (floats !== undefined) entries.push({ request, program, floats });
  }
  return entries;
}

/** Instances by tier, as Solvent provisions them. */
function solved(request: ProvisionRequest): Counts {
  const answer = provision(request);
  if (!answer.feasible) return undefined;
  const levels = [...new Set(request.models.map(({ model }) => model.tier))].sort((a, b) => a - b);
  const counts = levels.map(() => 0);
  for (const { model, count } of answer.pool) {
    const tier = levels.indexOf(model.tier);
    counts[tier] = (counts[tier] ?? 0) + count;
  }
  return counts;
}

/** Builds the program anew, as those who solve it have to. */
function withFloats(
  request: ProvisionRequest,
  solve: (program: Asked['program'], floats: Asked['floats']) => Counts,
): Counts {
  const program = programOf(request);
  const floats = inFloats(program);
  return floats === undefined ? undefined : solve(program, floats);
}

function timedAll<T>(all: readonly T[], solve: (one: T) => Counts): { readonly ms: number; readonly counts: Counts }[] {
  for (const one of all.slice(0, WARM)) solve(one);
  return all.map((one) => {
    const started = performance.now();
    const counts = solve(one);
    return { ms: performance.now() - started, counts };
  });
}
