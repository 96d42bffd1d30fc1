import { exactTokens, FILLER, tokensOf } from './bill';
import { type HostileCall, jsonUsd, piecesOf } from './hostileCall';
import type { Lie } from './hostileFaults';
import type { Reply } from './hostileHonest';

/** How many times its limit, and its prompt, a lie may come to. */
const MANY = 10;

/** Tokens of one chunk of an endless answer, and the most of them; by then every client has had enough. */
const ENDLESS_CHUNK = 16;
const ENDLESS_CHUNKS = 100_000;

/** Larger than any context, and still a number that can be counted with. */
const HUGE = 10 ** 15;

/** Python writes NaN as it is, which is no JSON. */
const IMPOSSIBLE = ['NaN', '"NaN"', '1e300'] as const;

/** What a lie says of its usage: from the tokens that were sent, and the honest report for as many as one likes. */
type Report = (sent: number, usage: HostileCall['usage']) => object | string;

/** The replies of a provider that does not keep its word. */
export const LYING: Readonly<Record<Lie, Reply>> = {
  'usage below answer': (call) => sending(call, call.asked.text, (sent, usage) => usage(Math.floor(sent / 3))),
  'one token over': (call) => sending(call, longer(call, call.asked.maxTokens + 1)),
  'ten times over': (call) => sending(call, longer(call, MANY * call.asked.maxTokens)),
  'over in secret': (call) =>
    sending(call, longer(call, 2 * call.asked.maxTokens), (_, usage) => usage(call.asked.maxTokens)),
  'never-ending': (call) => endless(call, (text) => call.say(text)),
  'never-ending thoughts': (call) => endless(call, (text) => call.think(text)),

  'usage above answer': (call) => claiming(call, call.asked.maxTokens),
  'usage above limit': (call) => claiming(call, 3 * call.asked.maxTokens),
  'prompt above bound': (call) => claiming(call, tokensOf(call.asked.text), MANY * call.asked.promptTokens),
  'cost above limit': (call) => {
    const amount = BigInt(MANY) * call.listPrice(call.asked.maxTokens);
    const cost = jsonUsd(amount);
    return sending(call, call.asked.text, (sent, usage) => ({ ...usage(sent), cost }), { amount });
  },

  'negative count': (call) => instead(call, '-5'),
  'impossible count': (call) => instead(call, IMPOSSIBLE[call.luck('count', IMPOSSIBLE.length)] ?? 'NaN'),
  'huge count': (call) => sending(call, call.asked.text, (_, usage) => usage(HUGE)),
  'negative cost': (call) =>
    call.luck('place', 2) === 0
      ? sending(call, call.asked.text, (sent, usage) => ({ ...usage(sent), cost: -1 }))
      : sending(call, call.asked.text, undefined, { headers: { 'x-litellm-response-cost': '-1' } }),
  'billed error': (call) => {
    call.charge(tokensOf(call.asked.text));
    call.refuse(500, 'The server had an error.');
    return Promise.resolve();
  },
};

async function endless(call: HostileCall, send: (text: string) => Promise<boolean>): Promise<void> {
  call.begin();
  const piece = FILLER.repeat(ENDLESS_CHUNK);
  let chunks = 0;
  while (chunks < ENDLESS_CHUNKS && (await send(piece))) chunks++;
  const sentTokens = chunks * ENDLESS_CHUNK;
  call.charge(sentTokens, { sentTokens });
  call.close();
}

function longer(call: HostileCall, tokens: number): string {
  return exactTokens(call.asked.text, tokens);
}

/** Sends a text and bills what was sent of it, whatever is reported. */
async function sending(
  call: HostileCall,
  text: string,
  report: Report = (sent, usage) => usage(sent),
  more: { readonly amount?: bigint; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  const { headers, ...charged } = more;
  call.begin(headers);
  await call.sayAll(piecesOf(text));
  const sent = tokensOf(call.sent);
  call.charge(sent, charged);
  await call.end(report(sent, (...counts) => call.usage(...counts)));
}

/** Sends the answer, and bills the tokens that it reports instead of the true ones. */
async function claiming(call: HostileCall, completionTokens: number, promptTokens?: number): Promise<void> {
  call.begin();
  await call.sayAll(piecesOf(call.asked.text));
  call.charge(completionTokens, promptTokens === undefined ? {} : { promptTokens });
  await call.end(call.usage(completionTokens, promptTokens));
}

/** Sends and bills the answer, and reports this JSON, or what is none, in place of the completion's tokens. */
function instead(call: HostileCall, count: string): Promise<void> {
  const usage = `{"prompt_tokens":${call.asked.promptTokens},"completion_tokens":${count}}`;
  return sending(call, call.asked.text, () => `{"choices":[],"usage":${usage}}`);
}
