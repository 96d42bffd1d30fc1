import { type Line, type Section, type Sheet, type Table, tableTexts } from './sheet';
import { markdownText } from './text';

/** Characters of a sentence that are shown. */
const LONGEST = 1000;

/** A sheet as a Markdown document. Nothing in it can act: texts are escaped. */
export function sheetMarkdown({ title, sections }: Sheet): string {
  return `${[`# ${markdownText(title)}`, ...sections.map(sectionMarkdown)].join('\n\n')}\n`;
}

/** One part, with its heading; a part without a title continues the one before. */
export function sectionMarkdown({ title, table, lines = [] }: Section): string {
  const parts = title === '' ? [] : [`## ${markdownText(title)}`];
  if (table !== undefined) parts.push(tableMarkdown(table));
  const listed = lines.length > 1 && lines.every(({ tone }) => tone !== 'problem');
  if (lines.length > 0) parts.push(lines.map((line) => lineMarkdown(line, listed)).join(listed ? '\n' : '\n\n'));
  return parts.join('\n\n');
}

/** A table, its amounts and counts aligned to the right and its total in bold. */
export function tableMarkdown(table: Table): string {
  const texts = tableTexts([table]);
  const [shown] = texts.tables;
  if (shown === undefined) return '';
  const { columns } = texts;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cells = (row: readonly string[]): string[] =>
    row.map((text, index) => cellMarkdown(text, columns[index]?.kind === 'text'));
  const bold = (text: string): string => (text === '' ? '' : `**${text}**`);
  return [
    line(shown.head.map((title) => markdownText(capital(title)))),
    line(columns.map(({ kind }) => (kind === 'text' ? '---' : '---:'))),
    ...shown.rows.map((row) => line(cells(row))),
    ...(shown.total === undefined
      ? []
      : [line(cells(shown.total).map((text, index) => bold(index === 0 ? capital(text) : text)))]),
  ].join('\n');
}

function cellMarkdown(text: string, isText: boolean): string {
  return isText ? markdownText(text) : text.replace('$', '\\$');
}

function lineMarkdown({ text, tone }: Line, listed: boolean): string {
  const words = markdownText(text, LONGEST);
  if (tone === 'problem') return `> **${words}**`;
  const said = tone === 'aside' ? `_${words}_` : words;
  return listed ? `- ${said}` : said;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
