/** How much of an id is shown at least: the first group of a UUID. */
const LEAST = 8;

/** The shortest beginnings, by id, of eight characters and more, that tell all of these ids from each other. */
export function shortIds(ids: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...new Set(ids)].sort();
  const shared = (one: string, other: string | undefined): number => {
    if (other === undefined) return 0;
    let length = 0;
    while (length < one.length && one[length] === other[length]) length += 1;
    return length;
  };
  return new Map(
    sorted.map((id, index) => {
      const most = Math.max(shared(id, sorted[index - 1]), shared(id, sorted[index + 1]));
      return [id, id.slice(0, Math.max(LEAST, most + 1))];
    }),
  );
}
