/** The longest quotation of a server's own words in a message for people, in characters. */
const QUOTED = 200;

/** Shorter secrets are words that may stand anywhere. */
const SHORTEST_SECRET = 6;

/**
 * A server's own words, fit for a message: without the caller's secrets, without markup, on one line, and short. Servers
 * quote the rejected key in their errors, and proxies answer whole pages.
 */
export function quoted(text: string, secrets: readonly string[]): string {
  const plain = withoutMarkup(withoutSecrets(text, secrets)).replace(/\s+/g, ' ').trim();
  return plain.length > QUOTED ? `${wellFormed(plain.slice(0, QUOTED - 1))}…` : plain;
}

/** Percent-encodes any text, also one with half a surrogate pair, which becomes U+FFFD. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(wellFormed(text));
}

function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets.filter(({ length }) => length >= SHORTEST_SECRET)) {
    for (const form of [secret, percentEncoded(secret), JSON.stringify(secret).slice(1, -1)]) {
      clean = clean.replaceAll(form, '[key]');
    }
  }
  // Keys that are shown in part, "sk-ab****yz", and any other that looks like one.
  return clean.replace(/\bsk-[\w*.-]{4,}|[\w.-]*\*{3,}[\w.-]*/g, '[key]').replace(/\bBearer\s+\S+/gi, 'Bearer [key]');
}

function withoutMarkup(text: string): string {
  if (!/<\/?[a-z!][^>]*>/i.test(text)) return text;
  return text
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/gi, ' ');
}
