import type { Range, Target } from './extraction';
import { loadGrammar, type Grammar } from './grammar';
import { extractPython } from './python/extract';
import { innerItems, Outline, type Item } from './python/outline';
import { definitionsIn } from './script/definitions';
import { extractScript } from './script/extract';
import { readSource } from './source';
import type { Language } from './task';

/** What an answer was asked for, in a document that may have changed since. */
export interface Sought {
  /** The document's text when the task was taken from it. */
  readonly snapshot: string;
  readonly target: Target;
  /** What the tests call. */
  readonly entryPoint: string | undefined;
}

/**
 * The code that now stands where an answer was asked for: the definition as it is in `text`, with the imports and short
 * helpers that it needs from there. Undefined where it is not there, or cannot be told from another of its name.
 */
export async function currentCode(text: string, sought: Sought, language: Language): Promise<string | undefined> {
  return currentWith(await loadGrammar(language), text, sought);
}

/** {@link currentCode} with a grammar that is loaded already. */
export function currentWith(grammar: Grammar, document: string, sought: Sought): string | undefined {
  const name = sought.target.name ?? sought.entryPoint;
  if (name === undefined) return undefined;
  const { text } = readSource(document);
  const range = sameOne(definitions(grammar, text, name), before(grammar, sought, name));
  if (range === undefined) return undefined;
  const extract = grammar.language === 'python' ? extractPython : extractScript;
  const draft = extract(grammar, text, range.start, range.end);
  return 'ok' in draft || draft.target.name !== name ? undefined : draft.prompt;
}

/** The definitions of a name that there were, and which of them is the target. */
interface Before {
  readonly count: number;
  readonly index: number;
}

function before(grammar: Grammar, { snapshot, target }: Sought, name: string): Before {
  const source = readSource(snapshot);
  const start = source.fromDocument(target.start);
  const found = definitions(grammar, source.text, name);
  return { count: found.length, index: found.findIndex((definition) => definition.start === start) };
}

function sameOne(now: readonly Range[], { count, index }: Before): Range | undefined {
  if (now.length === 1 && count <= 1) return now[0];
  return now.length === count ? now[index] : undefined;
}

/** Where a name is defined, at any level; ranges without `export`, in order. Offsets are those of LF text. */
export function definitions(grammar: Grammar, text: string, name: string): Range[] {
  if (grammar.language !== 'python') {
    return definitionsIn(grammar.parse(text), text)
      .filter((definition) => definition.name === name)
      .map(({ from, to }) => ({ start: from, end: to }));
  }
  const outline = new Outline(grammar, text);
  return outline.blocks
    .filter((block) => !block.comment && text.slice(block.from, block.to).includes(name))
    .flatMap((block) => outline.items(block))
    .flatMap((item) => definitionsAt(item, name));
}

function definitionsAt(item: Item, name: string): Range[] {
  if (item.name === name) return [{ start: item.from, end: item.to }];
  return innerItems(item).flatMap((inner) => definitionsAt(inner, name));
}
