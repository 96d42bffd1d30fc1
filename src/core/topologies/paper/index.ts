import type { TopologyName } from '../../plan';
import { feedback } from './feedback';
import { linear } from './linear';
import type { PaperTopology } from './paperTopology';
import { planner } from './planner';
import { star } from './star';

/** The topologies as published, by name. */
export const paperTopologies: Readonly<Record<TopologyName, PaperTopology>> = { linear, star, feedback, planner };
