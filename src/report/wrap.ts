/** What a line of the terminal may start with before its text. */
const LEAD = /^\s*(?:[▌→←▶■▲≡✓✗│]\s)?/u;
// eslint-disable-next-line no-control-regex -- colours of the terminal are control sequences
const COLOUR = /\u001b\[[0-9;]*m/g;

/**
 * Breaks a coloured line between words so that none is wider than `columns`; what follows hangs below the text of the
 * first. A word that is wider than that stays whole.
 */
export function wrapLine(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const hang = ' '.repeat(LEAD.exec(line.replace(COLOUR, ''))?.[0].length ?? 0);
  const start = /^ */.exec(line)?.[0] ?? '';
  const [first = '', ...words] = line.slice(start.length).split(' ');
  const lines: string[] = [];
  let current = start + first;
  for (const word of words) {
    const longer = `${current} ${word}`;
    if (widthOf(longer) <= columns) current = longer;
    else {
      lines.push(current);
      current = hang + word;
    }
  }
  return [...lines, current];
}

function widthOf(line: string): number {
  return line.replace(COLOUR, '').length;
}
