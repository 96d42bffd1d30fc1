/** The name that was probably meant: the closest within two edits; undefined where none is that close. */
export function nearest<T extends string>(typed: string, names: readonly T[]): T | undefined {
  let best: T | undefined;
  let least = 3;
  for (const name of names) {
    const distance = edits(typed, name);
    if (distance < least && distance < name.length) [best, least] = [name, distance];
  }
  return best;
}

/** Levenshtein's distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
