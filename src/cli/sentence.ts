/** An error as one sentence for people. */
export function sentenceOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const line = said.replace(/\s+/g, ' ').trim();
  if (line === '') return 'Something went wrong, and it did not say what.';
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
