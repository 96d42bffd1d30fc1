import { definitions } from './current';
import { type Extracted, type Range, refuse, type Refusal } from './extraction';
import { extractWith } from './extract';
import { type Grammar, loadGrammar } from './grammar';
import { documentRange, readSource } from './source';
import type { Language } from './task';

/** What is to be written, told by its name and the file that it stands in. */
export interface Named {
  /** The text of the file. */
  readonly text: string;
  /** Names the task; only the last part of a path is used. */
  readonly fileName: string;
  /** A function, class or method, such as `slugify` or `Account.transfer`. */
  readonly name: string;
}

const EXTENSIONS: readonly (readonly [RegExp, Language])[] = [
  [/\.py$/i, 'python'],
  [/\.[cm]?jsx?$/i, 'javascript'],
  [/\.[cm]?tsx?$/i, 'typescript'],
];

/** The language of a file, by its name; undefined where it is none that tasks are in. */
export function languageOfFile(fileName: string): Language | undefined {
  return EXTENSIONS.find(([pattern]) => pattern.test(fileName))?.[1];
}

/** The task of writing what a file defines by a name, and where it goes, as the editor takes it with the cursor there. */
export async function taskNamed(named: Named, language: Language): Promise<Extracted | Refusal> {
  const grammar = await loadGrammar(language);
  const { text, fileName, name } = named;
  const found = placesOf(grammar, text, name);
  const [first] = found;
  if (first === undefined) return refuse('not-defined', `${fileName} defines no ${name}.`);
  if (found.length > 1) {
    const how = name.includes('.') ? 'Leave one of them.' : 'Name it with its class, as in Class.method.';
    return refuse('nothing-here', `${fileName} defines ${name} ${found.length} times. ${how}`);
  }
  const cursor = { start: first.start, end: first.start };
  const extracted = extractWith(grammar, { text, selection: cursor, languageId: language, fileName });
  if (extracted.ok && extracted.target.name !== name.split('.').at(-1)) {
    return refuse('nothing-here', `${name} cannot be told from what is around it in ${fileName}.`);
  }
  return extracted;
}

/** Ranges of the document in which a name is defined, where it is dotted within what its first parts name. */
function placesOf(grammar: Grammar, document: string, name: string): Range[] {
  const source = readSource(document);
  const [outer = '', ...inner] = name.split('.');
  const within = (ranges: readonly Range[], part: string): Range[] =>
    definitions(grammar, source.text, part).filter(({ start, end }) =>
      ranges.some((around) => around.start < start && end <= around.end),
    );
  return inner.reduce(within, definitions(grammar, source.text, outer)).map((range) => documentRange(source, range));
}
