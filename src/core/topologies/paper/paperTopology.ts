import type { PaperCrew } from '../../agents/paperCrew';
import { taskPrompt } from '../../agents/prompts';
import type { TopologyName } from '../../plan';
import type { ChatMessage } from '../../providers/message';
import type { StopReason } from '../../result';
import type { Task } from '../../task/task';

/**
 * A topology as published (BAMAS, "Agent Collaboration Topology Selection" and "Agent Instantiation"). What the paper
 * leaves open is said at each.
 */
export interface PaperTopology {
  readonly name: TopologyName;
  /** Calls of a run at most, with so many agents. */
  readonly mostCalls: (agents: number) => number;
  /** Runs to its end, or resolves with why it stopped before. Tests nothing. */
  run(crew: PaperCrew): Promise<StopReason | undefined>;
}

/** Answers of one run at most. The paper names the budget alone; with a critic that is never content this ends it. */
export const MOST_PAPER_ANSWERS = 8;

/** The conversation about a task, with an answer and what is said to it where there is one. */
export function asked(task: Task, code?: string, said?: string): ChatMessage[] {
  const first: ChatMessage = { role: 'user', content: taskPrompt(task) };
  if (said === undefined) return [first];
  if (code === undefined) return [{ role: 'user', content: `${first.content}\n\n${said}` }];
  return [first, { role: 'assistant', content: `\`\`\`\n${code.trim()}\n\`\`\`` }, { role: 'user', content: said }];
}
