/** A change of a document; offsets are those of the text it is made on. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What goes into the document, and which of its edits is the answer itself. Offsets and text are LF. */
export interface PlacedEdits {
  readonly answer: Edit;
  readonly others: readonly Edit[];
}

/** The text of an insertion on lines of its own: below a comment with a blank line, and apart from what follows. */
export function insertion(text: string, at: number, block: string): string {
  const atLineStart = at === 0 || text[at - 1] === '\n';
  const rest = text.slice(at, at + 2_000);
  if (atLineStart) return `${block}\n${/^\s*$/.test(rest) ? '' : '\n\n'}`;
  const after = rest === '' ? '\n' : /^\n[ \t]*(?:\n|$)/.test(rest) ? '' : '\n';
  return `\n\n${block}${after}`;
}
