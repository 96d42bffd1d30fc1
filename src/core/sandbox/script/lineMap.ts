const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** For each line of generated code, counted from 0, the line of the source that it starts from: a source map's mappings. */
export function lineMap(mappings: string): number[] {
  const lines: number[] = [];
  let source = 0;
  for (const line of mappings.split(';')) {
    let first: number | undefined;
    for (const segment of line === '' ? [] : line.split(',')) {
      const [, , step] = numbersOf(segment);
      if (step === undefined) continue;
      source += step;
      first ??= source;
    }
    lines.push(first ?? source);
  }
  return lines;
}

/** The numbers of a segment, each in base-64 digits of five bits, lowest first, its sign in the lowest bit. */
function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = shift = 0;
  }
  return numbers;
}
