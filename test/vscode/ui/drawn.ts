import { type Locator } from 'playwright-core';

/** As much of an element as is used here: this project is compiled without the types of a browser. */
interface DrawnElement {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): { readonly top: number };
}

/**
 * The texts of drawn lines, from top to bottom. Editors and terminals reuse the elements of their lines, so the order
 * of these in the page says nothing. The spaces at the end of a line are left out.
 */
export async function linesOf(lines: Locator): Promise<string[]> {
  const drawn = await lines.evaluateAll((elements: DrawnElement[]) =>
    elements.map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent })),
  );
  // Editors draw spaces as no-break spaces.
  return drawn.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' ').trimEnd());
}

/** What screen readers are told of each element; an empty text where there is nothing. */
export async function labelsOf(items: Locator): Promise<string[]> {
  return items.evaluateAll((elements: DrawnElement[]) =>
    elements.map((element) => element.getAttribute('aria-label') ?? ''),
  );
}
