import type { Range } from './extraction';

/** A test, and where in the text that was read it stands. */
export interface FoundTest {
  readonly code: string;
  /** Undefined where that cannot be told. */
  readonly place: Range | undefined;
}

/** Tests as two lists that go side by side. */
export interface TestLists {
  readonly tests: readonly string[];
  readonly testPlaces: readonly (Range | undefined)[];
}

/** Each test once, where it stands first, as lists. */
export function testLists(found: readonly FoundTest[]): TestLists {
  const places = new Map<string, Range | undefined>();
  for (const { code, place } of found) if (!places.has(code)) places.set(code, place);
  return { tests: [...places.keys()], testPlaces: [...places.values()] };
}

/** The range of a piece of a text, as a range of the whole text. */
export function shifted({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

/** The range without the white space at its end. */
export function withoutTail(text: string, { start, end }: Range): Range {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}
