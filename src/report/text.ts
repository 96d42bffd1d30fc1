/** Sequences that drive a terminal: CSI, OSC and other string sequences up to their end, and two-character escapes. */
const ESCAPES =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;

/** Control characters other than tab and line feed, and marks that reorder text on the screen. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g;

/**
 * Text of unknown origin (a model's answer, a test's message) without anything that a terminal or an editor would act
 * upon. Lines end in LF.
 */
export function harmless(text: string): string {
  return text.replace(ESCAPES, '').replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

/** {@link harmless} text on one line, cut to `length` characters with an ellipsis. */
export function oneLine(text: string, length = 200): string {
  // The thin space within a number is no place to break it.
  const line = harmless(text)
    .replace(/[^\S\u202f]+/g, ' ')
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** Text of unknown origin as plain words of a Markdown paragraph or table cell: no links, images, icons or formulas. */
export function markdownText(text: string, length = 300): string {
  return oneLine(text, length).replace(/[\\`*_{}[\]()#+\-.!|<>~$&:@"'=^]/g, '\\$&');
}

/** Text of unknown origin as Markdown code on one line. Safe in a table cell. */
export function markdownCode(text: string, length = 120): string {
  const line = oneLine(text, length);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padded = line === '' || line.startsWith('`') || line.endsWith('`') ? ` ${line} ` : line;
  return `${fence}${padded.replaceAll('|', '\\|')}${fence}`;
}

/** Text of unknown origin as a Markdown code block. */
export function markdownBlock(text: string, language = ''): string {
  const clean = harmless(text).replace(/\n+$/, '');
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${clean}\n${fence}`;
}

/** "1 test", "2 tests". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A number with thin groups of three digits: "12 345". */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** "8 ms", "1.2 s", "75 s". */
export function duration(ms: number): string {
  if (ms > 0 && ms < 0.5) return '<1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
