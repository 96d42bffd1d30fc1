import type { Profile, TopologyName } from '../plan';
import type { Role } from '../providers/message';
import type { Provision } from './provision';

/** So many instances of a model in one role. */
export interface Assignment extends Provision {
  readonly role: Role;
}

/** What the strongest agents of a topology do, the strongest first; all others execute. */
interface Cast {
  readonly leads: readonly Role[];
  /** Executors that there must be at least. */
  readonly executors: number;
}

const CASTS: Readonly<Record<TopologyName, Cast>> = {
  linear: { leads: [], executors: 1 },
  star: { leads: ['judge'], executors: 2 },
  feedback: { leads: ['critic'], executors: 1 },
  planner: { leads: ['planner', 'critic'], executors: 1 },
};

/**
 * Gives the agents of a pool their roles in a topology (BAMAS, "Agent Instantiation"): in Linear all execute; in Feedback
 * the strongest is the critic; in Planner-Driven the strongest plans and the next strongest is the critic. In Star the
 * strongest is the judge that merges the branches; in the paper profile all agents of Star execute, as published.
 *
 * Where the pool has a model for every role, all instances of a model play the same, as in the paper, which speaks of
 * the models of the highest weight. Where it has not, single instances lead and the rest execute. Where there are not
 * even agents enough, the roles are filled from the most important on, and executors are never missing.
 * @param pool strongest first
 * @returns the same instances, strongest first; a model that plays several roles has an entry for each
 */
export function assignRoles(
  topology: TopologyName,
  pool: readonly Provision[],
  profile: Profile = 'verified',
): readonly Assignment[] {
  const { leads, executors } = profile === 'paper' && topology === 'star' ? CASTS.linear : CASTS[topology];
  const agents = pool.reduce((sum, { count }) => sum + count, 0);
  const led = leads.slice(0, Math.max(0, agents - executors));
  const others = pool.slice(led.length).reduce((sum, { count }) => sum + count, 0);
  if (others >= executors) return pool.map((provision, index) => ({ ...provision, role: led[index] ?? 'executor' }));
  return oneByOne(pool, led);
}

/** The strongest that plays a role; undefined where none does. */
export function playing(role: Role, assignments: readonly Assignment[]): Assignment | undefined {
  return assignments.find((assignment) => assignment.role === role);
}

/** A single instance for each of the leading roles, the strongest first; all other instances execute. */
function oneByOne(pool: readonly Provision[], leads: readonly Role[]): Assignment[] {
  const left = [...leads];
  return pool.flatMap((provision) => {
    const leading = left.splice(0, provision.count).map((role) => ({ ...provision, count: 1, role }));
    const count = provision.count - leading.length;
    return count === 0 ? leading : [...leading, { ...provision, count, role: 'executor' as const }];
  });
}
