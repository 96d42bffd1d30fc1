import { mergePrompt } from '../../agents/prompts';
import { asked, type PaperTopology } from './paperTopology';

/**
 * Star as published: "parallel hypothesis generation and evaluation", all agents are executors, and a template-based
 * scheduler invokes them one after the other. How hypotheses are merged is not in the paper's text; here the strongest
 * executor sees those of all others and writes the final answer.
 */
export const star: PaperTopology = {
  name: 'star',
  mostCalls: (agents) => agents,
  async run(crew) {
    const [strongest, ...others] = crew.cast('executor');
    if (strongest === undefined) return 'failed';
    const codes: string[] = [];
    for (const model of others) {
      const step = await crew.write(model, asked(crew.task));
      if (step.kind === 'stop') return step.stop;
      if (step.value?.code !== undefined) codes.push(step.value.code);
    }
    const messages = asked(crew.task, undefined, codes.length === 0 ? undefined : mergePrompt(codes));
    const step = await crew.write(strongest, messages);
    return step.kind === 'stop' ? step.stop : undefined;
  },
};
