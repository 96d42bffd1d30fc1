import type { Language, Task } from '../../task/task';
import { MOST_TOLD } from './countdown';
import { auditMessages, critiqueMessages } from './critic';
import { revisionPrompt, taskPrompt } from './executor';
import { judgeMessages } from './judge';
import { auditedPrompt } from './paper';
import { planMessages } from './planner';

/** The prompts of a run with nothing in them: what is paid for with every such call beyond tasks, tests and answers. */
export interface FixedWords {
  /** Of a first answer. */
  readonly answer: string;
  /** Of a revision, with the first answer's, as both are in its conversation. */
  readonly revision: string;
  readonly critic: string;
  readonly planner: string;
  readonly judge: string;
}

/** A task of which nothing is said but that it has a test. */
function nothing(language: Language): Task {
  return { id: '', language, prompt: '', entryPoint: undefined, tests: ['?'], setup: '' };
}

/** The fixed words of the verified profile, each with its countdown where it has one. */
export function fixedWords(language: Language): FixedWords {
  const task = nothing(language);
  const answer = taskPrompt(task);
  return {
    answer,
    revision: `${answer}\n\`\`\`\n\`\`\`\n${revisionPrompt('', '')}`,
    critic: textOf(critiqueMessages(task, '', '', MOST_TOLD)),
    planner: textOf(planMessages(task, '', '', MOST_TOLD)),
    judge: textOf(judgeMessages(task, ['', ''])),
  };
}

/** The fixed words of the paper's profile, whose agents know nothing of what is left. */
export function paperWords(language: Language): FixedWords {
  const task = nothing(language);
  const answer = taskPrompt(task);
  return {
    answer,
    revision: `${answer}\n\`\`\`\n\`\`\`\n${auditedPrompt('')}`,
    critic: textOf(auditMessages(task, '')),
    planner: textOf(planMessages(task, '', '')),
    judge: '',
  };
}

function textOf(messages: readonly { readonly content: string }[]): string {
  return messages.map(({ content }) => content).join('\n');
}
