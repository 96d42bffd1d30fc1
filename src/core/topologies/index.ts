import type { TopologyName } from '../plan';
import { feedback } from './feedback';
import { linear } from './linear';
import type { Topology } from './topology';

/** The topologies of this version, by name. */
export const topologies: Readonly<Partial<Record<TopologyName, Topology>>> = { linear, feedback };
