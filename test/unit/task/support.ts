import assert from 'node:assert/strict';
import { extractWith } from '../../../src/core/task/extract';
import type { Extracted, Extraction, Refusal } from '../../../src/core/task/extraction';
import { loadGrammar, type Grammar } from '../../../src/core/task/grammar';
import type { Language } from '../../../src/core/task/task';

export type Grammars = Record<Language, Grammar>;

export async function grammars(): Promise<Grammars> {
  const [python, javascript, typescript] = await Promise.all([
    loadGrammar('python'),
    loadGrammar('javascript'),
    loadGrammar('typescript'),
  ]);
  return { python, javascript, typescript };
}

/**
 * Extracts from a document with marks: `‹` and `›` around the selection, or `¦` for the cursor;
 * without a mark everything is selected.
 */
export function extractMarked(grammar: Grammar, marked: string): Extraction & { readonly document: string } {
  const text = marked.replace(/[‹›¦]/g, '');
  const cursor = marked.indexOf('¦');
  const open = marked.indexOf('‹');
  const selection =
    cursor >= 0
      ? { start: cursor, end: cursor }
      : open >= 0
        ? { start: open, end: marked.indexOf('›') - 1 }
        : { start: 0, end: text.length };
  const result = extractWith(grammar, { text, selection, languageId: grammar.language, fileName: '/somewhere/code.x' });
  return { ...result, document: text };
}

export function extracted(grammar: Grammar, marked: string): Extracted & { readonly document: string } {
  const result = extractMarked(grammar, marked);
  assert.ok(result.ok, result.ok ? '' : result.message);
  return result;
}

export function refused(grammar: Grammar, marked: string): Refusal {
  const result = extractMarked(grammar, marked);
  assert.ok(!result.ok, 'expected a refusal');
  return result;
}

/** What the answer would replace. */
export function targetText(result: Extracted & { readonly document: string }): string {
  return result.document.slice(result.target.start, result.target.end);
}
