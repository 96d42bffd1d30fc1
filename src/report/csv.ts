/** A value of a CSV file: numbers and exact decimals stand as they are, texts of any origin are quoted and defused. */
export type CsvValue = number | string | { readonly decimal: string } | undefined;

/** What makes a spreadsheet read a text as a formula, also after spaces; and the mark that this writer defuses it with. */
const FORMULA = /^\s*['=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** A line of a CSV file (RFC 4180), with its CRLF. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/** A text that a spreadsheet shows as it is: what would be a formula has an apostrophe before it. */
export function defused(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function csvCell(value: CsvValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return value.decimal;
  const text = defused(value);
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
