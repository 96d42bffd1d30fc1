import type { SyntaxNode } from '@lezer/common';
import { childrenOf, nodesNamed, textOf } from '../task/nodes';

/** Rounds of a loop that are looked at. */
const MOST_ROUNDS = 20;

/** How many names may stand for each other before it comes to a value. */
const DEEPEST = 3;

/** What stands between the parts of data. */
const BETWEEN = /^(?:[()[\]{},]|(?:Line|Block)Comment)$/;

/** The parts of a node, without what stands between them. */
export function partsBetween(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter(({ name }) => !BETWEEN.test(name));
}

/** A value without parentheses and without what types say of it. */
export function bare(node: SyntaxNode): SyntaxNode {
  const children = childrenOf(node);
  const inner =
    node.name === 'ParenthesizedExpression'
      ? partsBetween(node)[0]
      : node.name === 'BinaryExpression' && /^(?:as|satisfies)$/.test(children[1]?.name ?? '')
        ? children[0]
        : undefined;
  return inner === undefined ? node : bare(inner);
}

/** The names that a test declares. */
export class Names {
  /** Where each is declared; undefined where it is in several places, of which it is not told which one is meant. */
  private readonly declared = new Map<string, SyntaxNode | undefined>();

  constructor(
    root: SyntaxNode,
    private readonly text: string,
  ) {
    for (const definition of nodesNamed(root, 'VariableDefinition')) {
      const name = textOf(definition, text);
      this.declared.set(name, this.declared.has(name) ? undefined : definition);
    }
  }

  /**
   * What an expression stands for: itself; for a name, what it is given where it is declared, in each round of a loop over
   * an array that is written out. Empty where that cannot be told.
   */
  valuesOf(expression: SyntaxNode, depth = 0): readonly SyntaxNode[] {
    const node = bare(expression);
    if (node.name !== 'VariableName') return [node];
    const name = textOf(node, this.text);
    // Such as undefined.
    if (!this.declared.has(name)) return [node];
    const declared = this.declared.get(name);
    if (declared === undefined || depth === DEEPEST) return [];
    const { pattern, pick } = placeOf(declared, this.text);
    return this.givenTo(pattern, depth).flatMap((value) => {
      const picked = pick(bare(value));
      return picked === undefined ? [] : this.valuesOf(picked, depth + 1).slice(0, 1);
    });
  }

  /** What a pattern is given: by its declaration once, by a loop with each item of what is gone through. */
  private givenTo(pattern: SyntaxNode, depth: number): readonly SyntaxNode[] {
    const { parent, nextSibling } = pattern;
    if (parent?.name === 'VariableDeclaration') {
      const sign = nextSibling?.name === 'TypeAnnotation' ? nextSibling.nextSibling : nextSibling;
      return sign?.name === 'Equals' && sign.nextSibling ? [sign.nextSibling] : [];
    }
    const source = parent?.name === 'ForOfSpec' ? parent.getChild('of')?.nextSibling : goneThrough(pattern, this.text);
    const items = source ? this.valuesOf(source, depth + 1)[0] : undefined;
    return items?.name === 'ArrayExpression' ? partsBetween(items).slice(0, MOST_ROUNDS) : [];
  }
}

/** The pattern that a name stands in, itself where there is none, and how its value is taken from that of the pattern. */
interface PatternPlace {
  readonly pattern: SyntaxNode;
  readonly pick: (value: SyntaxNode) => SyntaxNode | undefined;
}

function placeOf(declared: SyntaxNode, text: string): PatternPlace {
  const { parent } = declared;
  if (parent?.name === 'ArrayPattern') {
    const before = childrenOf(parent).filter(({ name, from }) => name === ',' && from < declared.from).length;
    const isRest = declared.prevSibling?.name === 'Spread';
    return {
      pattern: parent,
      pick: (value) => (value.name === 'ArrayExpression' && !isRest ? partsBetween(value)[before] : undefined),
    };
  }
  if (parent?.name === 'PatternProperty' && parent.parent) {
    const key = textOf(parent.getChild('PropertyName') ?? declared, text);
    return { pattern: parent.parent, pick: (value) => propertyOf(value, key, text) };
  }
  return { pattern: declared, pick: (value) => value };
}

function propertyOf(record: SyntaxNode, key: string, text: string): SyntaxNode | undefined {
  if (record.name !== 'ObjectExpression') return undefined;
  const found = record.getChildren('Property').find(({ firstChild }) => firstChild && textOf(firstChild, text) === key);
  return found?.getChild(':') ? (found.lastChild ?? undefined) : undefined;
}

/** What calls a function with each of its items as the first argument, where a pattern is that. */
function goneThrough(pattern: SyntaxNode, text: string): SyntaxNode | undefined {
  const { parent, prevSibling } = pattern;
  if (parent?.name !== 'ParamList' || (prevSibling !== null && prevSibling.name !== '(')) return undefined;
  const args = parent.parent?.parent;
  const callee = args?.name === 'ArgList' ? args.prevSibling : undefined;
  const method = callee?.name === 'MemberExpression' ? callee.getChild('PropertyName') : undefined;
  const isLoop = method && ['forEach', 'map'].includes(textOf(method, text));
  return isLoop ? (callee?.firstChild ?? undefined) : undefined;
}
