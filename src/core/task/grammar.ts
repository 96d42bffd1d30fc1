import type { Parser, SyntaxNode } from '@lezer/common';
import type { Language } from './task';

/**
 * A loaded parser. Parsing never throws: broken code gives a tree with error nodes. What would take long to parse, as only
 * text does that was made to, gives the tree of its beginning.
 */
export interface Grammar {
  readonly language: Language;
  /** The root node of the syntax tree of `text`. */
  parse(text: string): SyntaxNode;
}

/** How long parsing may take, in ms. Megabytes of code take less. */
const LONGEST_MS = 1_000;

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
    return { language, parse: (text) => bounded(parser, text) };
  }
  const { parser } = await import('@lezer/javascript');
  const dialect = parser.configure({ dialect: language === 'typescript' ? 'ts' : 'jsx' });
  return { language, parse: (text) => bounded(dialect, text) };
}

/** Recovering from many errors takes the parser ever more time and memory. */
function bounded(parser: Parser, text: string): SyntaxNode {
  const parse = parser.startParse(text);
  const until = performance.now() + LONGEST_MS;
  for (;;) {
    const tree = parse.advance();
    if (tree !== null) return tree.topNode;
    if (parse.stoppedAt === null && performance.now() > until) parse.stopAt(parse.parsedPos);
  }
}
