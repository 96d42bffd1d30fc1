type Shade = (text: string) => string;

/** The colours of the command line. Each is the identity where colours are off. */
export interface Paint {
  readonly bold: Shade;
  readonly dim: Shade;
  readonly red: Shade;
  readonly green: Shade;
  readonly yellow: Shade;
  readonly cyan: Shade;
}

/** Sixteen-colour sequences only: they follow the theme of the terminal. */
export const COLOURS: Paint = {
  bold: shade(1),
  dim: shade(2),
  red: shade(31),
  green: shade(32),
  yellow: shade(33),
  cyan: shade(36),
};

export const NO_COLOURS: Paint = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
};

function shade(code: number): Shade {
  return (text) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`);
}

function same(text: string): string {
  return text;
}
