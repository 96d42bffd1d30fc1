import type { ChatMessage } from '../core/providers/message';
import { DEMO_MODELS, type DemoModel, type Draft, type Sample, type Script } from './sample';

/** What a demo model says, or why it says nothing. */
export type Reply = { readonly text: string } | { readonly refusal: string };

/**
 * Chooses the scripted answer to a prompt from nothing but the prompt: which task is in it, which draft it shows last,
 * and whether it asks for code or for a critique. Nothing here knows whether an answer is right, or asks.
 */
export function answerTo(model: string, messages: readonly ChatMessage[], samples: readonly Sample[]): Reply {
  const speaker = DEMO_MODELS.find((name) => name === model);
  if (speaker === undefined) {
    return { refusal: `There is no model '${model}' here: the demo has ${DEMO_MODELS.join(' and ')}.` };
  }
  const conversation = squeeze(messages.map(({ content }) => content).join('\n'));
  const sample = samples.find(({ task }) => conversation.includes(squeeze(task.prompt)));
  if (sample === undefined) {
    return { refusal: 'The demo has scripted answers for its own sample tasks only, and this is none of them.' };
  }
  const shown = lastShown(conversation, sample.script);
  if (!asksForCritique(messages)) return { text: inFences(nextDraft(speaker, sample.script, shown).code) };
  return shown === undefined
    ? { refusal: 'The demo has no critique of code that is not its own.' }
    : { text: shown.critique };
}

function nextDraft(speaker: DemoModel, { first, drafts }: Script, shown: Draft | undefined): Draft {
  const name = (shown?.revised ?? first)[speaker];
  const draft = drafts[name];
  if (draft === undefined) throw new Error(`The script names the draft '${name}', which it does not have.`);
  return draft;
}

/** The draft that the conversation shows last; undefined where it shows none. */
function lastShown(conversation: string, { drafts }: Script): Draft | undefined {
  let last: Draft | undefined;
  let at = -1;
  for (const draft of Object.values(drafts)) {
    const found = conversation.lastIndexOf(squeeze(draft.code));
    if (found > at) [last, at] = [draft, found];
  }
  return last;
}

function asksForCritique(messages: readonly ChatMessage[]): boolean {
  return /\bsay what is wrong\b/i.test(messages.at(-1)?.content ?? '');
}

function inFences(code: string): string {
  return `\`\`\`python\n${code}\`\`\``;
}

/** Prompts may break lines and indent in their own way. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
