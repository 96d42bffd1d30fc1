/** Texts that are tried: an answer of brackets alone must not keep anybody busy. */
const MOST_TRIES = 500;

/**
 * The first JSON value of a kind in a model's answer, whatever prose or fences stand around it. Undefined where there
 * is none.
 * @param open how such a value begins and ends
 */
export function jsonIn(text: string, [open, close]: readonly ['{', '}'] | readonly ['[', ']']): unknown {
  let tries = 0;
  for (let from = text.indexOf(open); from !== -1; from = text.indexOf(open, from + 1)) {
    for (let to = text.lastIndexOf(close); to > from; to = text.lastIndexOf(close, to - 1)) {
      if (++tries > MOST_TRIES) return undefined;
      const value = parsed(text.slice(from, to + 1));
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
