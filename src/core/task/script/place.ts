import type { SyntaxNode } from '@lezer/common';
import type { Target } from '../extraction';
import type { Grammar } from '../grammar';
import { childrenOf, nodesNamed, textOf } from '../nodes';
import { indentUnit, outdented, reindented } from '../indentation';
import { insertion, type Edit, type PlacedEdits } from '../edits';
import { indentAt, lineEnd, lineStart } from '../source';
import { definitionsIn } from './definitions';

/**
 * The edits that put an answer into a script or module.
 * @param text LF lines, as are all offsets
 * @param answer LF, dedented
 */
export function scriptEdits(grammar: Grammar, text: string, target: Target, answer: string): PlacedEdits {
  const root = grammar.parse(answer);
  const imports = root.getChildren('ImportDeclaration');
  let code = withoutNodes(answer, imports).trim();
  if (target.mode === 'replace') {
    if (target.container === 'class') code = memberOf(grammar, code, target.name) ?? code;
    code = withoutExports(grammar, code);
    // The comment above the target stays in the document, so the answer's copy of it would be a second one.
    if (
      text
        .slice(lineStart(text, target.start - 1), target.start)
        .trim()
        .endsWith('*/') ||
      above(text, target.start).endsWith('*/')
    ) {
      code = code.replace(/^\/\*[\s\S]*?\*\/\s*/, '');
    }
  }
  const strings = nodesNamed(grammar.parse(code), 'TemplateString');
  const block = reindented(code, strings, target.indent, indentUnit(text), () => false);
  const inserted = target.mode === 'insert' ? insertion(text, target.start, target.indent + block) : block;
  const edit: Edit = { start: target.start, end: target.end, text: inserted };
  return {
    answer: edit,
    others: importEdits(
      text,
      imports.map((node) => textOf(node, answer)),
      target.start,
    ),
  };
}

function above(text: string, at: number): string {
  const start = lineStart(text, at);
  return start === 0 ? '' : text.slice(lineStart(text, start - 1), start - 1).trim();
}

function withoutNodes(text: string, nodes: readonly SyntaxNode[]): string {
  return nodes.reduceRight(
    (rest, node) => rest.slice(0, node.from) + rest.slice(node.to).replace(/^[ \t]*\n/, ''),
    text,
  );
}

function memberOf(grammar: Grammar, code: string, name: string | undefined): string | undefined {
  const root = grammar.parse(code);
  const found = definitionsIn(root, code).findLast((d) => d.kind === 'method' && d.name === name);
  if (!found) return undefined;
  const strings = nodesNamed(root, 'TemplateString').map((n) => ({ from: n.from - found.from, to: n.to - found.from }));
  return outdented(code.slice(found.from, found.to), strings, indentAt(code, found.from));
}

/** What is replaced has its `export` still in front, where it had one. */
function withoutExports(grammar: Grammar, code: string): string {
  return childrenOf(grammar.parse(code))
    .filter((node) => node.name === 'ExportDeclaration')
    .reduceRight((rest, node) => {
      const inner = childrenOf(node).find((child) => child.name.endsWith('Declaration'));
      return rest.slice(0, node.from) + (inner ? rest.slice(inner.from) : rest.slice(node.to));
    }, code);
}

function importEdits(text: string, wanted: readonly string[], limit: number): Edit[] {
  const missing = wanted.filter((line) => !text.includes(line.replace(/;$/, '')));
  if (missing.length === 0) return [];
  const present = [...text.slice(0, limit).matchAll(/^(?:import\b.*|\} from .*)$/gm)].at(-1);
  if (present) {
    const at = lineEnd(text, present.index);
    return [{ start: at, end: at, text: `\n${missing.join('\n')}` }];
  }
  const shebang = text.startsWith('#!') ? Math.min(lineEnd(text, 0) + 1, text.length) : 0;
  return [{ start: shebang, end: shebang, text: `${missing.join('\n')}\n\n` }];
}
