import type { Model } from '../../src/core/catalogue/model';
import { perToken } from '../../src/core/money';
import { OpenAiProvider } from '../../src/core/providers/openai';
import type { Fates } from '../servers/hostileFaults';
import { BILLING_HEADERS, type HostileServer, startHostileServer } from '../servers/hostileServer';

/** A model whose tokenizer is known: $1 and $2 per million tokens. */
export const KNOWN: Model = {
  id: 'known',
  tier: 1,
  price: { input: perToken(1), output: perToken(2) },
  contextWindow: 128_000,
  maxOutputTokens: 16_000,
  tokenizer: 'o200k_base',
  exactTokenizer: true,
};

/** The same, with a tokenizer that nobody knows. */
export const UNKNOWN: Model = { ...KNOWN, id: 'unknown', tokenizer: 'bytes', exactTokenizer: false };

const MODELS = JSON.stringify({
  models: [KNOWN, UNKNOWN].map(({ id }) => ({ id, inputUsdPerMTok: 1, outputUsdPerMTok: 2 })),
});

/** What both models answer to everything: some 200 tokens, some of them of more than a byte a character. */
export const ANSWER = `\`\`\`python
from functools import cache


@cache
def length(n: int) -> int:
    """Café, 数, 😀: how many steps lead from n down to 1."""
    if n < 1:
        raise ValueError(f"{n} has no steps: it must be 1 or more")
    if n == 1:
        return 0
    return 1 + length(n // 2 if n % 2 == 0 else 3 * n + 1)


def collatz(n: int) -> list[int]:
    """The steps from n down to 1, both among them."""
    if n < 1:
        raise ValueError(f"{n} has no steps: it must be 1 or more")
    steps = [n]
    while steps[-1] != 1:
        last = steps[-1]
        steps.append(last // 2 if last % 2 == 0 else 3 * last + 1)
    assert len(steps) == length(n) + 1
    return steps
\`\`\`
`;

/** Runs `work` against a server of these models. */
export async function withHostile<T>(fates: Fates, work: (server: HostileServer) => Promise<T>): Promise<T> {
  const server = await startHostileServer({ answers: () => ANSWER, models: MODELS, fates });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** No answer here takes so long, in ms: a call that is still there holds up its test, and not the whole run of them. */
const PATIENCE_MS = 15_000;

/** The real client of a server, with tags for its bill. */
export function clientOf({ baseUrl }: HostileServer): OpenAiProvider {
  const key = (): Promise<undefined> => Promise.resolve(undefined);
  return new OpenAiProvider({ baseUrl, key, headers: BILLING_HEADERS, wholeMs: PATIENCE_MS });
}
