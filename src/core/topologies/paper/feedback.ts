import { auditedPrompt } from '../../agents/prompts';
import { asked, MOST_PAPER_ANSWERS, type PaperTopology } from './paperTopology';

/**
 * Feedback as published: a generate, critique, revise loop of a dedicated critic, the strongest model, and one or more
 * executors. The critic only audits; where it finds no issue the latest answer is final, "otherwise the critique is
 * routed back for revision until acceptance or a preset budget limit". The paper gives the executors no order; here they
 * take turns from the weakest up.
 */
export const feedback: PaperTopology = {
  name: 'feedback',
  mostCalls: () => 2 * MOST_PAPER_ANSWERS,
  async run(crew) {
    const [critic] = crew.cast('critic');
    const executors = crew.cast('executor').toReversed();
    let issues: string | undefined;
    for (let round = 0; round < MOST_PAPER_ANSWERS; round++) {
      const executor = executors[round % executors.length];
      if (executor === undefined) return 'failed';
      const said = issues === undefined ? undefined : auditedPrompt(issues);
      const written = await crew.write(executor, asked(crew.task, crew.code, said));
      if (written.kind === 'stop') return written.stop;
      if (critic === undefined) return undefined;
      if (crew.code === undefined) continue;
      const audited = await crew.audit(critic, crew.code);
      if (audited.kind === 'stop') return audited.stop;
      // A critic that is not there finds nothing.
      if (audited.value === undefined || audited.value.approved) return undefined;
      issues = audited.value.issues;
    }
    return undefined;
  },
};
