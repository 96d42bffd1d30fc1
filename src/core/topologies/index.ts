import type { TopologyName } from '../plan';
import { feedback } from './feedback';
import { linear } from './linear';
import { planner } from './planner';
import { star } from './star';
import type { Topology } from './topology';

/** The topologies, by name. */
export const topologies: Readonly<Record<TopologyName, Topology>> = { linear, star, feedback, planner };
