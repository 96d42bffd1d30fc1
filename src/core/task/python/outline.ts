import type { SyntaxNode } from '@lezer/common';
import type { Grammar } from '../grammar';
import { childrenOf, nodesNamed } from '../nodes';
import { lineEnd, lineStart } from '../source';
import { pythonBlocks, type Block } from './blocks';
import { definedName, definitionOf } from './syntax';

export type ItemKind = 'comment' | 'function' | 'class' | 'assert' | 'import' | 'string' | 'other';

/** A statement, or a run of comment lines, at some level of a module. Offsets are those of the module's text. */
export interface Item {
  readonly kind: ItemKind;
  /** First character, after the indentation; decorators are part of a definition. */
  readonly from: number;
  /** After the last character that is neither white space nor a comment of the surroundings. */
  readonly to: number;
  /** The source that `node` counts in, and where that source starts in the module. */
  readonly piece: string;
  readonly base: number;
  /** The statement, under its decorators; undefined for comments. */
  readonly node: SyntaxNode | undefined;
  /** What a definition defines. */
  readonly name: string | undefined;
}

/** A module's top-level blocks, each parsed when it is first asked for. */
export class Outline {
  readonly blocks: readonly Block[];
  private readonly parsed = new Map<Block, readonly Item[]>();

  constructor(
    readonly grammar: Grammar,
    readonly text: string,
  ) {
    this.blocks = pythonBlocks(text);
  }

  /** The statements of a block: one, unless comments, semicolons or broken code make it several. */
  items(block: Block): readonly Item[] {
    let items = this.parsed.get(block);
    if (items === undefined) {
      const piece = this.text.slice(block.from, block.to);
      const root = this.grammar.parse(piece);
      items = suiteItems(root, piece, block.from);
      this.parsed.set(block, items);
    }
    return items;
  }

  /** The blocks that a range touches; for a cursor, the one that it is in or after. */
  blocksIn(from: number, to: number): Block[] {
    return this.blocks.filter((b) => (from === to ? b.from <= from && from <= b.to : b.from < to && b.to > from));
  }

  /** Whether a block's text starts with one of these words. */
  startsWith(block: Block, ...words: string[]): boolean {
    return words.some((word) => this.text.startsWith(word, block.from));
  }
}

/** The items of a definition's or other compound statement's bodies, one level down. */
export function innerItems(item: Item): Item[] {
  if (!item.node) return [];
  const bodies = item.node.getChildren('Body');
  return bodies.flatMap((body, i) =>
    suiteItems(body, item.piece, item.base, bodies[i + 1]?.from ?? item.to - item.base),
  );
}

/** Offset in the module where the (first) body of a compound statement starts; undefined for simple statements. */
export function bodyStart(item: Item): number | undefined {
  const body = item.node?.getChild('Body');
  return body ? body.from + item.base : undefined;
}

/** @param limit where the suite ends in `piece`: the parser may hang its last comments on a node further up */
function suiteItems(suite: SyntaxNode, piece: string, base: number, limit = Infinity): Item[] {
  const statements = childrenOf(suite)
    .flatMap((child) => (child.name === 'StatementGroup' ? childrenOf(child) : [child]))
    .filter((child) => ![':', ';', 'Comment'].includes(child.name) && child.to > child.from)
    .map((node) => ({ node, from: node.from, to: trimmed(piece, node.from, solidEnd(node)) }));
  const comments: { from: number; to: number }[] = [];
  let top = suite;
  while (top.parent) top = top.parent;
  for (const comment of nodesNamed(top, 'Comment')) {
    if (comment.from < suite.from || comment.from >= limit) continue;
    const owner = statements.findLast((statement) => statement.from <= comment.from);
    if (owner && comment.from < owner.to) continue;
    const start = lineStart(piece, comment.from);
    const deeper = owner?.node.lastChild && column(piece, comment.from) > column(piece, owner.from);
    const sameLine = owner && start <= owner.to && owner.to > start;
    if (owner && (sameLine || (deeper && isCompound(owner.node)))) {
      owner.to = comment.to;
      continue;
    }
    if (suite.name === 'Body' && piece.slice(start, comment.from).trim() !== '') continue;
    const last = comments.at(-1);
    if (last && lineEnd(piece, last.to) + 1 === start) last.to = comment.to;
    else comments.push({ from: comment.from, to: comment.to });
  }
  const items = [
    ...statements.map(({ node, from, to }) => statementItem(node, from, to, piece, base)),
    ...comments.map(({ from, to }): Item => {
      const range = { from: base + from, to: base + trimmed(piece, from, to) };
      return { kind: 'comment', ...range, piece, base, node: undefined, name: undefined };
    }),
  ];
  return items.sort((a, b) => a.from - b.from);
}

function statementItem(node: SyntaxNode, from: number, to: number, piece: string, base: number): Item {
  const definition = definitionOf(node);
  const kind = kindOf(definition);
  const name = kind === 'function' || kind === 'class' ? definedName(definition, piece) : undefined;
  return { kind, from: base + from, to: base + to, piece, base, node: definition, name };
}

function kindOf(node: SyntaxNode): ItemKind {
  switch (node.name) {
    case 'FunctionDefinition':
      return 'function';
    case 'ClassDefinition':
      return 'class';
    case 'AssertStatement':
      return 'assert';
    case 'ImportStatement':
      return 'import';
    case 'ExpressionStatement':
      return node.firstChild?.name === 'String' ? 'string' : 'other';
    default:
      return 'other';
  }
}

function isCompound(node: SyntaxNode): boolean {
  return definitionOf(node).getChild('Body') !== null;
}

/** The end of what a statement really says: the parser counts white space and comments after a body to it. */
function solidEnd(node: SyntaxNode): number {
  if (!/(?:Statement|Definition|Body|Group|Clause)$/.test(node.name)) return node.to;
  let child = node.lastChild;
  while (child && (child.name === 'Comment' || child.from === child.to)) child = child.prevSibling;
  return child ? solidEnd(child) : node.to;
}

function trimmed(piece: string, from: number, to: number): number {
  let end = to;
  while (end > from && piece.charCodeAt(end - 1) <= 32) end--;
  return end;
}

function column(piece: string, offset: number): number {
  return offset - lineStart(piece, offset);
}
