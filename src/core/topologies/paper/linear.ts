import { REVIEW_PROMPT } from '../../agents/prompts';
import { asked, type PaperTopology } from './paperTopology';

/**
 * Linear as published: "each agent builds upon the output of the previous one", all agents are executors, invoked one
 * after the other. The paper gives no order; here it is from the weakest up, so that the strongest has the last word.
 */
export const linear: PaperTopology = {
  name: 'linear',
  mostCalls: (agents) => agents,
  async run(crew) {
    for (const model of crew.cast('executor').toReversed()) {
      const { code } = crew;
      const step = await crew.write(model, asked(crew.task, code, code === undefined ? undefined : REVIEW_PROMPT));
      if (step.kind === 'stop') return step.stop;
    }
    return undefined;
  },
};
