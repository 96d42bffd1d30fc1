/** How many tokens a text is. */
export type Encode = (text: string) => number;

/** Texts that are remembered: more than the messages of a conversation, and its answers. */
const MOST = 48;

/**
 * Counts a text once. A conversation is priced for all models and then counted for the one that is asked, its first
 * messages come again with every revision, and so the same texts are asked for several times a call.
 * @param most texts to remember, those that were asked for last
 */
export function remembering(encode: Encode, most: number = MOST): Encode {
  const counts = new Map<string, number>();
  return (text) => {
    const known = counts.get(text);
    const tokens = known ?? encode(text);
    counts.delete(text);
    counts.set(text, tokens);
    const [oldest] = counts.keys();
    if (counts.size > most && oldest !== undefined) counts.delete(oldest);
    return tokens;
  };
}
