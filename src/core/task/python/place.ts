import type { SyntaxNode } from '@lezer/common';
import type { Target } from '../extraction';
import type { Grammar } from '../grammar';
import { nodesNamed, textOf } from '../nodes';
import { indentUnit, outdented, reindented } from '../indentation';
import { insertion, type Edit, type PlacedEdits } from '../edits';
import { dedent, indentAt, lineEnd, lineStart, withoutIndent } from '../source';
import { formatImport, importsOf, type ImportEntry } from './names';
import { innerItems, Outline, type Item } from './outline';
import { bodyStatements, docstringOf } from './syntax';

/**
 * The edits that put an answer into a Python module.
 * @param text LF lines, as are all offsets
 * @param answer LF, dedented
 */
export function pythonEdits(grammar: Grammar, text: string, target: Target, answer: string): PlacedEdits {
  const outline = new Outline(grammar, text);
  const parts = partsOf(new Outline(grammar, answer));
  const member = target.container === 'module' ? undefined : memberOf(parts, target.name);
  const original = target.mode === 'replace' ? text.slice(target.start, target.end) : '';
  const helpers = member ? parts.code.filter((item) => item !== member.top && isNew(outline, item, target)) : [];
  const kept = member
    ? [member.item]
    : parts.code.filter((item) => isNew(outline, item, target) || item.name === target.name);
  const source = kept.length === 0 ? parts.rest : sourceOf(parts.outline.text, kept);
  const restored = withOriginalParts(grammar, source, withoutIndent(original, target.indent), target.name);

  const unit = indentUnit(text);
  const block = placedCode(grammar, restored, target.indent, unit);
  const inserted = target.mode === 'insert' ? insertion(text, target.start, target.indent + block) : block;
  const edit: Edit = { start: target.start, end: target.end, text: inserted };
  const others = importEdits(outline, parts.imports, target.start);
  if (helpers.length > 0) {
    const at = outline.blocks.findLast((b) => b.from <= target.start)?.from ?? 0;
    const code = placedCode(grammar, sourceOf(parts.outline.text, helpers), '', unit);
    others.push({ start: at, end: at, text: `${code}\n\n\n` });
  }
  return { answer: edit, others };
}

interface Parts {
  readonly outline: Outline;
  readonly imports: readonly ImportEntry[];
  /** Everything but the imports at the top level. */
  readonly code: readonly Item[];
  /** The answer as it is, for one that has no statement. */
  readonly rest: string;
}

function partsOf(outline: Outline): Parts {
  const items = outline.blocks.flatMap((block) => outline.items(block));
  const imports = items.flatMap((item) =>
    item.kind === 'import' && item.node ? importsOf(item.node, item.piece) : [],
  );
  return {
    outline,
    imports,
    code: items.filter((item) => item.kind !== 'import'),
    rest: items.length === 0 ? outline.text : '',
  };
}

/** The definition that an answer brings for a method: by itself, or inside its class. */
function memberOf(parts: Parts, name: string | undefined): { readonly item: Item; readonly top: Item } | undefined {
  const direct = parts.code.findLast((item) => item.name === name && item.name !== undefined);
  if (direct) return { item: direct, top: direct };
  for (const top of parts.code) {
    const inner =
      top.kind === 'class' ? innerItems(top).findLast((item) => item.name === name && name !== undefined) : undefined;
    if (inner) return { item: inner, top };
  }
  return undefined;
}

/** Whether a definition is not in the document already, word for word, outside the target. */
function isNew(outline: Outline, item: Item, target: Target): boolean {
  if (item.name === undefined) return true;
  const source = item.piece.slice(item.from - item.base, item.to - item.base);
  for (let at = outline.text.indexOf(source); at >= 0; at = outline.text.indexOf(source, at + 1)) {
    const outside = at + source.length <= target.start || at >= target.end;
    if (outside && lineStart(outline.text, at) === at && at <= target.start) return false;
  }
  return true;
}

/** Statements of an answer with the lines between them, dedented. */
function sourceOf(text: string, items: readonly Item[]): string {
  let result = '';
  items.forEach((item, index) => {
    const before = items[index - 1];
    const gap = before ? text.slice(before.to, item.from) : '';
    const between =
      before && gap.trim() === '' ? '\n'.repeat(Math.min(Math.max(gap.split('\n').length - 1, 1), 3)) : '\n\n\n';
    const strings = item.node ? dataStrings(item.node, item.piece) : [];
    const shift = item.base - item.from;
    const local = strings.map((node) => ({ from: node.from + shift, to: node.to + shift }));
    const source = outdented(text.slice(item.from, item.to), local, indentAt(text, item.from));
    result += (before ? between : '') + source;
  });
  return result;
}

/** Gives an answer the decorators and the docstring of what it replaces, where it left them out. */
function withOriginalParts(grammar: Grammar, source: string, original: string, name: string | undefined): string {
  if (original === '' || name === undefined) return source;
  const before = definitionIn(grammar, original, name);
  const after = definitionIn(grammar, source, name);
  if (!before?.node || !after?.node) return source;
  let result = source;
  const oldDoc = docstringOf(before.node);
  const body = after.node.getChild('Body');
  const first = bodyStatements(after.node)[0];
  const offset = after.base;
  if (
    oldDoc &&
    body &&
    first &&
    !docstringOf(after.node) &&
    source.slice(offset + body.from, offset + first.from).includes('\n')
  ) {
    const indent = indentAt(source, offset + first.from);
    const literal = dedent(indentAt(before.piece, oldDoc.from) + textOf(oldDoc, before.piece));
    const lines = literal.split('\n').map((line, i) => (i === 0 || line.trim() === '' ? line : indent + line));
    const at = lineStart(source, offset + first.from);
    result = `${result.slice(0, at)}${indent}${lines.join('\n')}\n${result.slice(at)}`;
  }
  const oldDecorators = original.slice(before.from, before.base + before.node.from);
  const hasDecorators = after.from < after.base + after.node.from;
  if (oldDecorators.trim() !== '' && !hasDecorators) {
    result = `${result.slice(0, after.from)}${oldDecorators}${result.slice(after.from)}`;
  }
  return result;
}

function definitionIn(grammar: Grammar, text: string, name: string): Item | undefined {
  const outline = new Outline(grammar, text);
  return outline.blocks.flatMap((block) => outline.items(block)).findLast((item) => item.name === name);
}

/** Code in the style of its new place; strings over several lines keep their text, docstrings move along. */
function placedCode(grammar: Grammar, code: string, indent: string, unit: string): string {
  const root = grammar.parse(code);
  const starts = new Set<number>();
  root.cursor().iterate((node) => {
    if (/(?:Statement|Definition)$/.test(node.name)) starts.add(lineStart(code, node.from));
  });
  return reindented(code, dataStrings(root, code), indent, unit, (at) => starts.has(at));
}

/** Strings over several lines that are no docstrings. */
function dataStrings(root: SyntaxNode, text: string): SyntaxNode[] {
  return nodesNamed(root, 'String', 'FormatString').filter(
    (node) => node.parent?.name !== 'ExpressionStatement' && textOf(node, text).includes('\n'),
  );
}

/** The edits that add what an answer imports and the document does not, before `limit`. */
function importEdits(outline: Outline, wanted: readonly ImportEntry[], limit: number): Edit[] {
  if (wanted.length === 0) return [];
  const { text } = outline;
  const present: ImportEntry[] = [];
  let lastImport: Item | undefined;
  for (const block of outline.blocks) {
    if (block.from >= limit) break;
    if (!outline.startsWith(block, 'import ', 'from ')) continue;
    for (const item of outline.items(block)) {
      if (item.kind !== 'import' || !item.node) continue;
      present.push(...importsOf(item.node, item.piece));
      // Only the block at the top takes new ones; an import further down stands there for a reason.
      if (!lastImport || isNear(outline, lastImport.to, item.from)) lastImport = item;
    }
  }
  const missing = wanted.filter((entry) => !present.some((had) => sameImport(had, entry)));
  const future = missing.filter((entry) => entry.module === '__future__');
  const usual = missing.filter((entry) => entry.module !== '__future__');
  const top = topOfCode(outline, limit);
  const edits: Edit[] = [];
  const lines = (entries: readonly ImportEntry[]): string => importLines(entries).join('\n');
  if (lastImport) {
    if (future.length > 0) edits.push({ start: top, end: top, text: `${lines(future)}\n` });
    const at = lineEnd(text, lastImport.to);
    if (usual.length > 0) edits.push({ start: at, end: at, text: `\n${lines(usual)}` });
  } else if (missing.length > 0) {
    edits.push({ start: top, end: top, text: `${lines([...future, ...usual])}\n\n\n` });
  }
  return edits;
}

function sameImport(a: ImportEntry, b: ImportEntry): boolean {
  if (a.module !== b.module) return false;
  return (a.name === b.name && a.alias === b.alias) || (a.module !== '' && a.name === '*');
}

function isNear(outline: Outline, from: number, to: number): boolean {
  return outline.blocks.every(
    (b) => b.comment || b.from <= from || b.from >= to || outline.startsWith(b, 'import ', 'from ', 'try:', 'if '),
  );
}

/** One statement for each module, in the order of the answer. */
function importLines(entries: readonly ImportEntry[]): string[] {
  const groups = new Map<string, ImportEntry[]>();
  for (const entry of entries) {
    const key = entry.module === '' ? `import ${entry.name} ${entry.alias ?? ''}` : entry.module;
    const group = groups.get(key) ?? [];
    if (!group.some((had) => had.name === entry.name && had.alias === entry.alias)) group.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()].map(formatImport);
}

/** Where the first import of a module belongs: after its docstring, before any code and the comment right above it. */
function topOfCode(outline: Outline, limit: number): number {
  const { text } = outline;
  const first = outline.blocks.find((block) => !block.comment && outline.items(block)[0]?.kind !== 'string');
  let at = lineStart(text, Math.min(first?.from ?? limit, limit));
  // A line of several statements, or a comment that the answer goes below, has its import above as well.
  while (at > 0 && isPlainComment(text, lineStart(text, at - 1))) at = lineStart(text, at - 1);
  return at;
}

function isPlainComment(text: string, at: number): boolean {
  return text[at] === '#' && !/^#(?:!|.*coding[:=])/.test(text.slice(at, lineEnd(text, at)));
}
