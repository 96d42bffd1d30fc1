import { lineEnd, lineStart } from '../source';
import { bodyStart, innerItems, type Item } from './outline';
import { isTestItem } from './testCode';

/** What a selection means: statements of one level, and the compound statements around them, outermost first. */
export interface Found {
  readonly items: readonly Item[];
  readonly parents: readonly Item[];
}

/**
 * The statements that a selection touches, at the innermost level that makes a task; for a cursor, the function,
 * class or comment that it is in.
 */
export function itemsAt(
  items: readonly Item[],
  text: string,
  from: number,
  to: number,
  parents: readonly Item[] = [],
): Found | undefined {
  const cursor = from === to;
  const hit = items.filter((item) => (cursor ? holds(item, text, from) : item.from < to && item.to > from));
  const only = hit.length === 1 ? hit[0] : undefined;
  if (only) {
    const body = bodyStart(only);
    if (body !== undefined && from > body && !isTestItem(only)) {
      const inner = itemsAt(innerItems(only), text, from, to, [...parents, only]);
      if (inner && makesTask(inner, cursor)) return inner;
    }
    // A cursor on the comment right above a definition means both.
    const next = cursor && only.kind === 'comment' ? items[items.indexOf(only) + 1] : undefined;
    if (next && isDefinition(next) && lineEnd(text, only.to) + 1 === lineStart(text, next.from)) {
      return { items: [only, next], parents };
    }
  }
  return hit.length > 0 ? { items: hit, parents } : undefined;
}

function isDefinition(item: Item): boolean {
  return item.kind === 'function' || item.kind === 'class';
}

function makesTask(found: Found, cursor: boolean): boolean {
  if (found.items.some(isDefinition)) return true;
  const owner = found.parents.at(-1);
  const inFunction = found.parents.some((parent) => parent.kind === 'function');
  const comments = found.items.every((item) => item.kind === 'comment');
  // A cursor inside a function means the function; a comment selected there means the comment.
  if (comments) return !(cursor && inFunction);
  return (
    owner?.kind === 'other' && !inFunction && found.items.every((i) => i.kind === 'assert' || i.kind === 'comment')
  );
}

/** Whether a cursor is in an item: on its lines, or in the blank lines where its body would go on. */
function holds(item: Item, text: string, at: number): boolean {
  if (at < lineStart(text, item.from)) return false;
  if (at <= lineEnd(text, item.to)) return true;
  if (!isDefinition(item)) return false;
  const between = text.slice(item.to, at);
  if (between.trim() !== '') return false;
  return between.split('\n').length <= 2 || at > lineStart(text, at);
}
