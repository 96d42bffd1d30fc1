/** Widths on a terminal: colours take no cell, most characters one, East Asian ones and emoji two. */

// eslint-disable-next-line no-control-regex -- colour sequences begin with a control character
const PIECES = /\u001b\[[0-9;]*m|[^\u001b]|\u001b/gsu;

/** Marks that are drawn onto the character before them. */
const NO_CELL = /^(?:\p{Mn}|\p{Me}|\p{Cf}|[\ufe00-\ufe0f])$/u;

const TWO_CELLS =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** How many cells a text takes. */
export function widthOf(text: string): number {
  return pieces(text).reduce((sum, piece) => sum + cellsOf(piece), 0);
}

/** The text cut to a width, with an ellipsis where something is missing; colours are closed again. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  let used = 0;
  let kept = '';
  let coloured = false;
  for (const piece of pieces(text)) {
    if (isColour(piece)) {
      coloured = piece !== RESET;
      kept += piece;
      continue;
    }
    used += cellsOf(piece);
    if (used > width - 1) break;
    kept += piece;
  }
  return `${kept}…${coloured ? RESET : ''}`;
}

/** The text with spaces after it, up to a width. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The text with spaces before it, up to a width. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

const RESET = '\u001b[0m';

function pieces(text: string): readonly string[] {
  return text.match(PIECES) ?? [];
}

function isColour(piece: string): boolean {
  return piece.length > 1 && piece.startsWith('\u001b');
}

function cellsOf(piece: string): number {
  if (isColour(piece) || NO_CELL.test(piece)) return 0;
  return TWO_CELLS.test(piece) ? 2 : 1;
}
