import { type Attempt, Crew, type CrewParts } from './agents/crew';
import { PaperCrew } from './agents/paperCrew';
import type { Plan } from './plan';
import type { StopReason } from './result';
import { topologies } from './topologies';
import { confirm } from './topologies/evidence';
import { paperTopologies } from './topologies/paper';

/** The agents of a run, and what the plan has them do. */
export interface Team {
  /** The best answer so far. */
  readonly best: Attempt | undefined;
  /** Why the last call was denied or failed, in a sentence. */
  readonly problem: string | undefined;
  /** Where the paper would have spent more than the budget, in a sentence; only in its profile. */
  readonly overspend: string | undefined;
  /** Runs until there is a reason to stop. Rejects only where the sandbox or the ledger is broken, or on abort. */
  run(): Promise<StopReason>;
}

/** Brings together the agents that the plan's profile asks for. */
export function teamOf(plan: Plan, parts: CrewParts): Team {
  return plan.profile === 'paper' ? paperTeam(plan, parts) : verifiedTeam(plan, parts);
}

function verifiedTeam({ topology, mode, order }: Plan, parts: CrewParts): Team {
  const crew = new Crew(order === undefined ? parts : { ...parts, order });
  return {
    get best() {
      return crew.best;
    },
    get problem() {
      return crew.problem;
    },
    overspend: undefined,
    async run() {
      const ended = await topologies[topology].run(crew);
      return ended === 'solved' ? confirm(crew, mode) : ended;
    },
  };
}

/** Its budget is as fixed as its pool, so nobody is asked to raise it. */
function paperTeam({ topology, pool }: Plan, parts: CrewParts): Team {
  const crew = new PaperCrew({ ...parts, pool });
  return {
    get best() {
      return crew.best;
    },
    get problem() {
      return crew.problem;
    },
    get overspend() {
      return crew.overspend;
    },
    run: async () => crew.submit(await paperTopologies[topology].run(crew)),
  };
}
