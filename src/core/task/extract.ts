import { refuse, type Draft, type Extraction, type ExtractionInput, type Refusal } from './extraction';
import { loadGrammar, type Grammar } from './grammar';
import { extractPython } from './python/extract';
import { extractScript } from './script/extract';
import { documentRange, readSource } from './source';
import type { Language } from './task';

/** Longest selection that is taken, in characters: every one of them is paid for with each call. */
export const LONGEST_SELECTION = 200_000;

const LANGUAGE_IDS: Readonly<Record<string, Language>> = {
  python: 'python',
  javascript: 'javascript',
  javascriptreact: 'javascript',
  typescript: 'typescript',
  typescriptreact: 'typescript',
};

/** The language of tasks for an editor's language id; undefined where there is none. */
export function languageOf(languageId: string): Language | undefined {
  return Object.hasOwn(LANGUAGE_IDS, languageId) ? LANGUAGE_IDS[languageId] : undefined;
}

/** Makes a task of what the user selected. Refusals are results, not exceptions. */
export async function extractTask(input: ExtractionInput): Promise<Extraction> {
  const language = languageOf(input.languageId);
  if (language === undefined) return extractWith(undefined, input);
  return extractWith(await loadGrammar(language), input);
}

/**
 * {@link extractTask} with a grammar that is loaded already.
 * @param grammar undefined means that the language is not supported
 */
export function extractWith(grammar: Grammar | undefined, input: ExtractionInput): Extraction {
  if (grammar === undefined) {
    const names = 'Python, JavaScript or TypeScript';
    return refuse(
      'language',
      `Solvent solves tasks in ${names}, not in "${input.languageId}". Open a file in one of these.`,
    );
  }
  const source = readSource(input.text);
  const { text } = source;
  const a = source.fromDocument(input.selection.start);
  const b = source.fromDocument(input.selection.end);
  let from = Math.min(a, b);
  let to = Math.max(a, b);
  if (to - from > LONGEST_SELECTION) {
    const most = LONGEST_SELECTION.toLocaleString('en-US');
    const size = (to - from).toLocaleString('en-US');
    return refuse(
      'too-large',
      `Select less: ${size} characters are selected, and at most ${most} are sent to a model.`,
    );
  }
  if (from < to) {
    while (from < to && text.charCodeAt(from) <= 32) from++;
    while (to > from && text.charCodeAt(to - 1) <= 32) to--;
    if (from === to) {
      return refuse(
        'blank',
        'Only white space is selected. Select a function stub or a comment that says what to write.',
      );
    }
  }
  const draft: Draft | Refusal =
    grammar.language === 'python'
      ? extractPython(grammar, text, from, to, input.pytest)
      : extractScript(grammar, text, from, to);
  if ('ok' in draft) return draft;
  const { prompt, entryPoint, tests, setup, testOrigin } = draft;
  const testPlaces = draft.testPlaces.map((place) => place && documentRange(source, place));
  const file = input.fileName.split(/[\\/]/).at(-1) ?? '';
  const id = [file, entryPoint].filter((part) => part !== undefined && part !== '').join(':') || 'selection';
  const target = { ...draft.target, ...documentRange(source, draft.target) };
  const task = { id, language: grammar.language, prompt, entryPoint, tests, setup };
  return { ok: true, task, target, testOrigin, testPlaces };
}
