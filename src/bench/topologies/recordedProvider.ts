import { decode, encode } from 'gpt-tokenizer/encoding/o200k_base';
import type { ChatOutcome, ChatProvider, ChatRequest, OnText } from '../../core/providers/chat';
import type { Recordings } from './recordings';

const PLAIN = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** What an agent says of whom nothing was recorded; it knows nothing of the task. */
const PLAN = '["write", "critique", "revise", "critique", "revise"]';
const JUDGEMENT = '{"best": 1, "why": "nothing is known of either"}';

/**
 * Executors answer with what was recorded, and bill by the count of o200k_base. There are no recorded critics, planners
 * or judges: the critic repeats what failed, and where nothing was run it approves; the planner has one plan for
 * everything; the judge takes the first answer.
 */
export class RecordedProvider implements ChatProvider {
  constructor(private readonly recordings: Recordings) {}

  complete(request: ChatRequest, onText: OnText, signal: AbortSignal): Promise<ChatOutcome> {
    if (signal.aborted) return Promise.resolve({ kind: 'unsent', message: 'cancelled', retryable: false });
    const whole = this.#answer(request);
    if (whole === undefined) {
      return Promise.resolve({ kind: 'refused', status: 400, message: 'Nothing was recorded.', retryable: false });
    }
    const tokens = encode(whole, PLAIN);
    const truncated = tokens.length > request.maxTokens;
    const text = truncated ? decode(tokens.slice(0, request.maxTokens)) : whole;
    onText(text);
    return Promise.resolve({
      kind: 'complete',
      text,
      truncated,
      usage: {
        promptTokens: request.messages.reduce((sum, { content }) => sum + 3 + encode(content, PLAIN).length, 3),
        completionTokens: Math.min(tokens.length, request.maxTokens),
        ...{ cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
      },
    });
  }

  #answer({ role, model, messages, seed }: ChatRequest): string | undefined {
    switch (role) {
      case 'executor':
        return this.recordings.answer(model.id, messages, seed ?? null);
      case 'planner':
        return PLAN;
      case 'judge':
        return JUDGEMENT;
      case 'critic':
        return critiqueOf(messages.map(({ content }) => content).join('\n'));
    }
  }
}

function critiqueOf(prompt: string): string {
  const [, failing] = prompt.split('\nFailing:\n');
  if (failing === undefined) return '{"approved": true, "issues": ""}';
  return JSON.stringify({
    issues: `This fails: ${withoutCountdown(failing).slice(0, 200)} Correct the step where it goes wrong.`,
  });
}

/** A critic says nothing of what is left. */
function withoutCountdown(failing: string): string {
  return failing.replace(/\n\nCalls left after this: \d\.$/, '').trim();
}
