/** The longest quotation of a server's own words in a message for people, in characters. */
const QUOTED = 200;

/** Shorter secrets are words that may stand anywhere. */
const SHORTEST_SECRET = 6;

/** So many characters in a row give a secret away that is at least twice as long: errors quote a key in part. */
const PART = 8;

/** What is looked through for a quotation, in characters: a server may answer without end. */
const READ = 16 * 1024;

/**
 * A server's own words, fit for a message: without the caller's secrets, without markup, on one line, and short. Servers
 * quote the rejected key in their errors, and proxies answer whole pages.
 */
export function quoted(text: string, secrets: readonly string[]): string {
  // Before anything is cut off, so that no secret is cut in two.
  const clean = withoutSecrets(text, secrets).slice(0, READ);
  const plain = withoutMarkup(withoutKeys(withoutParts(clean, secrets)))
    .replace(/\s+/g, ' ')
    .trim();
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
  // The longest first: one may be a part of another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length < SHORTEST_SECRET) break;
    for (const form of [secret, percentEncoded(secret), JSON.stringify(secret).slice(1, -1)]) {
      clean = clean.replaceAll(form, '[key]');
    }
  }
  return clean;
}

/** Parsers quote a few characters around what they do not understand. */
function withoutParts(text: string, secrets: readonly string[]): string {
  const parts = new Set<string>();
  for (const secret of secrets.filter(({ length }) => length >= 2 * PART)) {
    for (let at = 0; at + PART <= secret.length; at++) parts.add(secret.slice(at, at + PART));
  }
  if (parts.size === 0) return text;
  let clean = '';
  let from = 0;
  for (let at = 0; at + PART <= text.length; at++) {
    let end = at + PART;
    if (!parts.has(text.slice(at, end))) continue;
    while (end < text.length && parts.has(text.slice(end + 1 - PART, end + 1))) end++;
    clean += `${text.slice(from, at)}[key]`;
    from = end;
    at = end - 1;
  }
  return clean + text.slice(from);
}

/** Keys that are shown in part, "sk-ab****yz", and any other that looks like one. */
function withoutKeys(text: string): string {
  return text
    .replace(/\bsk-[\w*.-]{4,}|(?<![\w.-])[\w.-]*\*{3,}[\w.-]*/g, '[key]')
    .replace(/\bBearer\s+\S+/gi, 'Bearer [key]');
}

function withoutMarkup(text: string): string {
  if (!/<\/?[a-z!][^>]*>/i.test(text)) return text;
  return text
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/gi, ' ');
}
