import type { SyntaxNode } from '@lezer/common';
import type { Language } from './task';

/** A loaded parser. Parsing never throws: broken code gives a tree with error nodes. */
export interface Grammar {
  readonly language: Language;
  /** The root node of the syntax tree of `text`. */
  parse(text: string): SyntaxNode;
}

const loaded = new Map<Language, Promise<Grammar>>();

/** Loads the parser of a language on first use, so that starting the extension does not pay for it. */
export function loadGrammar(language: Language): Promise<Grammar> {
  let grammar = loaded.get(language);
  if (grammar === undefined) {
    grammar = load(language);
    loaded.set(language, grammar);
  }
  return grammar;
}

async function load(language: Language): Promise<Grammar> {
  if (language === 'python') {
    const { parser } = await import('@lezer/python');
    return { language, parse: (text) => parser.parse(text).topNode };
  }
  const { parser } = await import('@lezer/javascript');
  const dialect = parser.configure({ dialect: language === 'typescript' ? 'ts' : 'jsx' });
  return { language, parse: (text) => dialect.parse(text).topNode };
}
