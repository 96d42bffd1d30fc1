import { COUNTDOWN, type FixedWords, fixedWords, paperWords, PROMPT_VERSION } from '../agents/prompts';
import type { TokenCounter } from '../budget/tokens';
import { dearestInput, type Model } from '../catalogue/model';
import { formatUsd, times } from '../money';
import type { Profile, TopologyName } from '../plan';
import type { Provision } from '../provisioning/provision';
import { assignRoles, playing } from '../provisioning/roles';
import { cheaperFirst, type PricedModel } from '../provisioning/tier';
import type { Language } from '../task/task';

/** Who is told how many calls are left: those who ask others for work, and can ask for more or less of it. */
const TOLD: Readonly<Partial<Record<TopologyName, string>>> = {
  feedback: 'The critic is',
  planner: 'The planner and the critic are',
};

/** What is explained. */
export interface Prompted {
  readonly language: Language;
  readonly topology: TopologyName;
  readonly profile: Profile;
  readonly pool: readonly Provision[];
  readonly models: readonly PricedModel[];
}

/**
 * What the prompts' own words come to, as a sentence of the plan: beyond the task, its tests and what was written, in
 * the tokens of the model that is told them first and at its price. They are part of what every call is priced with.
 */
export async function explainPrompts(
  { language, topology, profile, pool, models }: Prompted,
  tokens: TokenCounter,
): Promise<string> {
  const isPaper = profile === 'paper';
  const words = isPaper ? paperWords(language) : fixedWords(language);
  const cast = assignRoles(topology, pool, profile);
  const writer = isPaper ? playing('executor', cast) : [...models].sort(cheaperFirst)[0];
  const agents = [
    ...(['answer', 'revision'] as const).map((part) => ({ part, model: writer?.model })),
    ...(['critic', 'planner', 'judge'] as const).map((part) => ({ part, model: playing(part, cast)?.model })),
  ];
  const parts: string[] = [];
  for (const { part, model } of agents) if (model !== undefined) parts.push(await priced(part, words, model, tokens));
  const said = `Prompts, version ${PROMPT_VERSION}: their own words are ${parts.join(', ')}.`;
  const told = TOLD[topology];
  const [lead] = cast;
  if (isPaper || told === undefined || lead === undefined) return said;
  const { tokens: count } = await tokens.text(lead.model, COUNTDOWN);
  return `${said} ${told} told how many calls are left, which is ${count} tokens of these.`;
}

const NAMES: Readonly<Record<keyof FixedWords, string>> = {
  answer: 'of a first answer',
  revision: 'of a revision',
  critic: 'of a critique',
  planner: 'of a plan',
  judge: 'of a judgement',
};

async function priced(part: keyof FixedWords, words: FixedWords, model: Model, tokens: TokenCounter): Promise<string> {
  const { tokens: count } = await tokens.text(model, words[part]);
  return `${count} tokens ${NAMES[part]} (${formatUsd(times(dearestInput(model.price), count))} with ${model.id})`;
}
