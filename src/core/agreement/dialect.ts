import type { SyntaxNode } from '@lezer/common';

/** The source of a value, and whether it is at the edge of its kind. */
export interface Variant {
  readonly source: string;
  readonly atEdge: boolean;
}

/** How a language writes plain data, and values near it. Nodes are those of its grammar, in `text`. */
export interface Dialect {
  /**
   * The arguments of the calls of `entryPoint` in a test, for each time that one is seen to be made, as far as all of them
   * are plain data.
   */
  argumentsIn(root: SyntaxNode, text: string, entryPoint: string): Iterable<readonly SyntaxNode[]>;
  /** What kind of data a node is: values of one kind can stand for each other. */
  kindOf(node: SyntaxNode, text: string): string;
  /** Values near that of a node: those at which programs that look alike differ most. */
  variantsOf(node: SyntaxNode, text: string): readonly Variant[];
  /** The parts of a node that are varied one by one. */
  partsOf(node: SyntaxNode, text: string): readonly SyntaxNode[];
  /** The source of a sequence in the opposite order; undefined for what is none. */
  mirrored(node: SyntaxNode, source: string): string | undefined;
}

/** Variants that are ordinary inputs. */
export function near(...sources: readonly string[]): Variant[] {
  return sources.map((source) => ({ source, atEdge: false }));
}

/** Variants at the edge of a kind. */
export function edges(...sources: readonly string[]): Variant[] {
  return sources.map((source) => ({ source, atEdge: true }));
}
