import { lineCount } from '../source';
import type { Block } from './blocks';
import { BUILTINS, boundNames, formatImport, freeNames, importsOf } from './names';
import type { Item, Outline } from './outline';

/** Lines of helper source that a prompt takes along at most: tokens cost money. */
export const HELPER_LINES = 40;

/** What a piece of code needs from the rest of its file. */
export interface Context {
  /** Import statements, cut down to the names needed. */
  readonly imports: readonly string[];
  /** Source of short top-level definitions, in the order of the file. */
  readonly helpers: readonly string[];
  /** Names that the file does not give, or not within the lines allowed. */
  readonly missing: readonly string[];
}

/** What a top-level block starts with when it binds a name by itself. */
const BINDS = /(?:(?:async\s+)?def\s+|class\s+)?([\p{L}_][\p{L}\p{N}_]*)\s*(?=[=:([])/uy;

/** Finds the top-level statements of a file that bind a name; only those that are asked for are parsed. */
export class Definitions {
  private imports: readonly Item[] | undefined;
  private names: ReadonlyMap<string, Block> | undefined;

  constructor(readonly outline: Outline) {}

  /** The function, class or assignment that binds a name at the top level; the last one counts. */
  find(name: string): Item | undefined {
    this.names ??= this.index();
    const block = this.names.get(name);
    if (!block) return undefined;
    const items = this.outline.items(block);
    return (
      items.find((i) => i.name === name) ?? items.find((i) => i.node?.name === 'AssignStatement' && bindsName(i, name))
    );
  }

  /** All import statements at the top level. */
  importItems(): readonly Item[] {
    const { outline } = this;
    this.imports ??= outline.blocks
      .filter((block) => outline.startsWith(block, 'import ', 'from '))
      .flatMap((block) => outline.items(block).filter((item) => item.kind === 'import'));
    return this.imports;
  }

  /** The names that blocks seem to bind by their first words; whether they do, the tree tells when one is asked for. */
  private index(): Map<string, Block> {
    const { outline } = this;
    const names = new Map<string, Block>();
    for (const block of outline.blocks) {
      if (block.comment) continue;
      if (outline.text.startsWith('@', block.from)) {
        const name = outline.items(block).find((item) => item.name !== undefined)?.name;
        if (name !== undefined) names.set(name, block);
        continue;
      }
      BINDS.lastIndex = block.from;
      const name = BINDS.exec(outline.text)?.[1];
      if (name !== undefined) names.set(name, block);
    }
    return names;
  }
}

function bindsName(item: Item, name: string): boolean {
  return item.node !== undefined && boundNames(item.node, item.piece).has(name);
}

/**
 * Collects what code needs from its file, and what that needs in turn.
 * @param names the variables that the code takes from outside
 * @param own whether an item is part of the code itself, and so at hand already
 */
export function resolveContext(
  definitions: Definitions,
  names: Iterable<string>,
  own: (item: Item) => boolean,
  helperLines = HELPER_LINES,
): Context {
  const wanted = [...names].filter((name) => !BUILTINS.has(name));
  const seen = new Set(wanted);
  const missing: string[] = [];
  const helpers = new Map<number, string>();
  const imported = new Set<string>();
  let lines = 0;
  for (const name of wanted) {
    const item = definitions.find(name);
    if (item?.node && own(item)) continue;
    if (item?.node) {
      const source = definitions.outline.text.slice(item.from, item.to);
      const length = lineCount(source);
      if (lines + length > helperLines) {
        missing.push(name);
        continue;
      }
      if (!helpers.has(item.from)) lines += length;
      helpers.set(item.from, source);
      const { parent } = item.node;
      const outer = parent?.name === 'DecoratedStatement' ? parent : item.node;
      for (const next of freeNames(outer, item.piece)) {
        if (BUILTINS.has(next) || seen.has(next)) continue;
        seen.add(next);
        wanted.push(next);
      }
      continue;
    }
    imported.add(name);
  }
  const imports: string[] = [];
  const found = new Set<string>();
  for (const item of definitions.importItems()) {
    if (!item.node || own(item)) continue;
    const entries = importsOf(item.node, item.piece).filter(
      (entry) => imported.has(entry.bound) || entry.bound === '*' || entry.module === '__future__',
    );
    if (entries.length === 0) continue;
    entries.forEach((entry) => found.add(entry.bound));
    // Nothing of the workspace is there when the tests run: a relative import would end them, so it is only told.
    const line = formatImport(entries);
    imports.push(entries[0]?.module.startsWith('.') ? `# ${line}` : line);
  }
  const star = found.has('*');
  missing.push(...[...imported].filter((name) => !found.has(name) && !star));
  const inOrder = [...helpers].sort(([a], [b]) => a - b).map(([, source]) => source);
  return { imports, helpers: inOrder, missing };
}
