import { decimalUsd, tokensOf } from './bill';
import { type HostileCall, jsonUsd, pause, piecesOf } from './hostileCall';
import type { HonestFault } from './hostileFaults';

/** How a call is answered, and what is billed for it. */
export type Reply = (call: HostileCall) => Promise<void>;

const DRIP_MS = 15;

/** What servers were seen to send in place of a chunk. */
const NO_CHUNKS = [
  'data: {"choices": [{"delta": {"con\n\n',
  'data: 42\n\n',
  'data: {"choices": {"0": "no list"}}\n\n',
  'data: <html><body>502 Bad Gateway</body></html>\n\n',
  'data: {"choices": [{"index": 0, "delta": {"content": {"text": "no text"}}}]}\n\n',
] as const;

/** Prices below the list's, as parts of it: an amount in whole femto-dollars stays one. */
const DISCOUNTS = [
  [7n, 8n],
  [1n, 2n],
  [1n, 1n],
] as const;

/** How a whole answer is sent, where it is not sent in the usual way. */
interface Manner {
  readonly headers?: Readonly<Record<string, string>>;
  /** Characters of a piece. */
  readonly size?: number;
  /** Before each piece. */
  readonly pauseMs?: number;
  /** Usage comes with every piece, for all so far. */
  readonly growing?: boolean;
  /** What is told of the usage at the end; it, once, where absent. */
  readonly told?: (usage: object) => readonly object[];
  /** The price, where it is not the list's, in atto-dollars. */
  readonly price?: (completionTokens: number) => bigint;
}

const once = (usage: object): readonly object[] => [usage];

/** Sends a whole answer and bills what was sent: whoever leaves early pays for no more. */
async function answer(call: HostileCall, manner: Manner = {}): Promise<void> {
  const { headers, size, pauseMs = 0, growing = false, told = once, price } = manner;
  call.begin(headers);
  for (const piece of piecesOf(call.asked.text, size)) {
    if (pauseMs > 0) await pause(pauseMs);
    const usage = growing ? call.usage(tokensOf(call.sent + piece)) : undefined;
    if (!(await call.say(piece, usage))) break;
  }
  const completionTokens = tokensOf(call.sent);
  call.charge(completionTokens, price === undefined ? {} : { amount: price(completionTokens) });
  await call.end(...told(call.usage(completionTokens)));
}

/** An answer without any fault. */
export const faultless: Reply = (call) => answer(call);

/** The replies of a provider that keeps its word. */
export const HONEST: Readonly<Record<HonestFault, Reply>> = {
  'rate limit': (call) => refused(call, 429, 'Rate limit reached.', { 'retry-after': '1' }),
  'rate limit without a time': (call) => refused(call, 429, 'Too many requests.'),
  'server error': (call) => refused(call, 500, 'The server had an error.'),
  'rejected key': (call) => refused(call, 401, 'Incorrect API key provided.'),
  'gateway error': async (call) => {
    await pause(DRIP_MS);
    call.charge(tokensOf(call.asked.text));
    call.refuse([502, 504][call.luck('status', 2)] ?? 502, 'The server behind this gateway gave no answer.');
  },

  reset: async (call) => {
    // Some break off before there is anything to read, even a status.
    if (call.luck('before', 4) > 0) {
      call.begin();
      await call.sayAll(someOf(call).before);
    }
    call.charge(tokensOf(call.sent));
    await call.reset();
  },
  'early end': async (call) => {
    call.begin();
    await call.sayAll(someOf(call).before);
    call.charge(tokensOf(call.sent));
    call.close();
  },
  'malformed chunk': async (call) => {
    const { before, after } = someOf(call);
    call.begin();
    await call.sayAll(before);
    await call.put(NO_CHUNKS[call.luck('chunk', NO_CHUNKS.length)] ?? NO_CHUNKS[0]);
    await call.sayAll(after);
    // It was written, and is billed, to its end, whether anybody read on or not.
    const completionTokens = tokensOf(call.asked.text);
    call.charge(completionTokens);
    await call.end(call.usage(completionTokens));
  },
  'malformed answer': (call) => {
    call.chargeWhole();
    call.whole({}, (json) => json.slice(0, call.luck('length', json.length)));
    return Promise.resolve();
  },

  'no usage': (call) => answer(call, { told: () => [] }),
  'repeated usage': (call) => answer(call, { told: (usage) => [usage, usage] }),
  'growing usage': (call) => answer(call, { growing: true }),
  'slow drip': (call) => answer(call, { pauseMs: DRIP_MS }),
  'single characters': (call) => answer(call, { size: 1 }),

  'cost in headers': async (call) => {
    const amount = discounted(call, tokensOf(call.asked.text));
    const headers = { 'x-litellm-response-cost': decimalUsd(amount) };
    if (call.luck('streamed', 2) === 0) await answer(call, { headers, price: () => amount });
    else {
      call.chargeWhole(amount);
      call.whole(headers);
    }
  },
  'empty cost in headers': (call) => answer(call, { headers: { 'x-litellm-response-cost': '0.0' } }),
  'cost in usage': (call) => {
    const price = (completionTokens: number): bigint => discounted(call, completionTokens);
    const told = (usage: object): readonly object[] => [{ ...usage, cost: jsonUsd(price(tokensOf(call.sent))) }];
    return answer(call, { told, price });
  },
};

/** The pieces of an answer, parted anywhere. */
function someOf(call: HostileCall): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const pieces = piecesOf(call.asked.text);
  const at = call.luck('pieces', pieces.length + 1);
  return { before: pieces.slice(0, at), after: pieces.slice(at) };
}

function refused(
  call: HostileCall,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  call.chargeNothing();
  call.refuse(status, message, headers);
  return Promise.resolve();
}

function discounted(call: HostileCall, completionTokens: number): bigint {
  const [part, of] = DISCOUNTS[call.luck('discount', DISCOUNTS.length)] ?? DISCOUNTS[0];
  return (call.listPrice(completionTokens) * part) / of;
}
