import type { Target } from './extraction';
import { loadGrammar, type Grammar } from './grammar';
import { pythonEdits } from './python/place';
import { scriptEdits } from './script/place';
import { dedent, dominantEol, readSource } from './source';
import type { Language } from './task';

/** A document with an answer in it. */
export interface Placement {
  /** The whole new document. */
  readonly text: string;
  /** Where the answer now stands, moved imports aside. */
  readonly start: number;
  readonly end: number;
}

/**
 * Puts an answer where its task came from. The document keeps its line ends, indentation and every character outside
 * the target; imports that the answer brings go to the document's own.
 * @param document the text that `target` was extracted from
 */
export async function placeAnswer(
  document: string,
  target: Target,
  code: string,
  language: Language,
): Promise<Placement> {
  return placeWith(await loadGrammar(language), document, target, code);
}

/** {@link placeAnswer} with a grammar that is loaded already. */
export function placeWith(grammar: Grammar, document: string, target: Target, code: string): Placement {
  const source = readSource(document);
  const answer = dedent(
    readSource(code)
      .text.replace(/^(?:[ \t]*\n)+/, '')
      .trimEnd(),
  );
  const local = { ...target, start: source.fromDocument(target.start), end: source.fromDocument(target.end) };
  const edits =
    grammar.language === 'python'
      ? pythonEdits(grammar, source.text, local, answer)
      : scriptEdits(grammar, source.text, local, answer);
  const eol = dominantEol(document);
  const all = [edits.answer, ...edits.others].sort((a, b) => a.start - b.start || a.end - b.end);
  let text = '';
  let at = 0;
  let start = 0;
  let end = 0;
  for (const edit of all) {
    const from = source.toDocument(edit.start);
    text += document.slice(at, from);
    const inserted = eol === '\n' ? edit.text : edit.text.replaceAll('\n', eol);
    if (edit === edits.answer) {
      start = text.length + (inserted.length - inserted.trimStart().length);
      end = text.length + inserted.trimEnd().length;
    }
    text += inserted;
    at = source.toDocument(edit.end);
  }
  return { text: text + document.slice(at), start, end: Math.max(start, end) };
}
