import type { SyntaxNode } from '@lezer/common';
import { callExamples } from '../examples';
import { refuse, type Draft, type Refusal, type Target, type TestOrigin } from '../extraction';
import { shifted, testLists, type FoundTest, type TestLists } from '../foundTest';
import type { Grammar } from '../grammar';
import { nodesNamed, textOf } from '../nodes';
import { entryPointOf } from '../promptNames';
import { dedent, indentAt, indented, lineEnd, lineStart, withoutIndent } from '../source';
import { isAssert, scriptTests, testsIn } from './asserts';
import { definitionsIn, type Definition } from './definitions';
import { regionAround } from './region';

const MEND = '// Mend this code: it must do what its name, comments and tests say. Answer with all of it.';

const NOTHING_HERE =
  'There is nothing to solve at the cursor. Select a function, a function with its asserts or a comment that says ' +
  'what to write, or put the cursor inside one.';

const LONGEST_REGION = 300_000;

/**
 * Makes a task of a selection in a script or module.
 * @param from, to trimmed selection in the LF text; equal for a cursor
 */
export function extractScript(grammar: Grammar, text: string, from: number, to: number): Draft | Refusal {
  const region = regionAround(text, from, to);
  if (region.to - region.from > LONGEST_REGION) {
    return refuse(
      'too-large',
      'The code around the selection is too long to read. Copy the function into a file of its own.',
    );
  }
  const code = text.slice(region.from, region.to);
  const root = grammar.parse(code);
  const scope = new Scope(grammar, text, code, region.from, root, from - region.from, to - region.from);
  const draft = scope.draft();
  if ('ok' in draft) return draft;
  const { start, end } = draft.target;
  return { ...draft, target: { ...draft.target, ...shifted({ start, end }, region.from) } };
}

/** One parsed region; offsets are those of its code, but for the places of tests, which are those of the document. */
class Scope {
  private readonly cursor: boolean;
  private readonly definitions: Definition[];

  constructor(
    private readonly grammar: Grammar,
    private readonly document: string,
    private readonly code: string,
    private readonly base: number,
    private readonly root: SyntaxNode,
    private readonly from: number,
    private readonly to: number,
  ) {
    this.cursor = from === to;
    this.definitions = definitionsIn(root, code);
  }

  draft(): Draft | Refusal {
    const { code, from, to } = this;
    const asserts = this.cursor ? [] : this.selectedAsserts();
    const inside = this.cursor
      ? []
      : this.definitions.filter((d) => d.from < to && d.to > from && (from <= d.from || to >= d.to));
    const outermost = inside.filter(
      (d) => !inside.some((other) => other !== d && other.from <= d.from && other.to >= d.to),
    );
    const around = this.definitions.findLast((d) => {
      const start = this.cursor ? lineStart(code, d.head) : d.from;
      return start <= from && to <= (this.cursor ? lineEnd(code, d.to) : d.to);
    });
    const comments = this.comments();
    const whole = around && from >= around.from && comments.length > 0 && !this.cursor ? undefined : around;
    const main = outermost.findLast((d) => d.stub) ?? outermost.at(-1) ?? whole;
    if (main) return this.fromDefinition(main, outermost, comments, asserts);
    if (comments.length > 0) return this.fromComments(comments, asserts);
    if (this.cursor) return refuse('nothing-here', NOTHING_HERE);
    return this.fromAnything(asserts);
  }

  private selectedAsserts(): SyntaxNode[] {
    const asserts = nodesNamed(this.root, 'ExpressionStatement').filter(
      (node) => node.from < this.to && node.to > this.from && isAssert(node, this.code),
    );
    // A test that was taken as a whole comes before what is in it.
    return asserts.filter((node) => !asserts.some((other) => other.from < node.from && other.to >= node.to));
  }

  /** Comments on lines of their own that the selection or cursor touches, when it touches no code of a function. */
  private comments(): SyntaxNode[] {
    const { code, from, to, cursor } = this;
    const own = nodesNamed(this.root, 'LineComment', 'BlockComment').filter(
      (node) => code.slice(lineStart(code, node.from), node.from).trim() === '',
    );
    if (!cursor) return own.filter((node) => node.from < to && node.to > from);
    const at = own.findIndex((node) => lineStart(code, node.from) <= from && from <= lineEnd(code, node.to));
    const inFunction = this.definitions.some((d) => d.kind !== 'class' && d.from < from && from <= d.to);
    if (at < 0 || inFunction) return [];
    let first = at;
    let last = at;
    const follows = (a?: SyntaxNode, b?: SyntaxNode): boolean =>
      !!a && !!b && lineEnd(code, a.to) + 1 === lineStart(code, b.from);
    while (follows(own[first - 1], own[first])) first--;
    while (follows(own[last], own[last + 1])) last++;
    return own.slice(first, last + 1);
  }

  private fromDefinition(
    main: Definition,
    selected: readonly Definition[],
    comments: readonly SyntaxNode[],
    asserts: readonly SyntaxNode[],
  ): Draft {
    const { code } = this;
    const indent = indentAt(code, main.from);
    const container = main.kind === 'method' ? 'class' : main.nested ? 'function' : 'module';
    const shown = selected.includes(main) ? selected : [main];
    const before = comments.filter((c) => !shown.some((d) => c.from >= d.head && c.from < d.to));
    const parts = [
      ...before.map((c) => ({ from: c.from, text: dedent(indentAt(code, c.from) + textOf(c, code)) })),
      ...shown.map((d) => ({ from: d.from, text: this.sourceOf(d) })),
    ].sort((a, b) => a.from - b.from);
    let body = parts.map((part) => part.text).join('\n\n');
    const owner = main.owner?.name === 'ClassDeclaration' ? main.owner : undefined;
    const classBody = owner?.getChild('ClassBody');
    if (owner && classBody) {
      const header = code.slice(owner.from, classBody.from + 1);
      body = `${header}\n${indented(body, indent === '' ? '  ' : indent)}\n}`;
    }
    const imports = this.imports(body);
    const prompt = [...(main.stub ? [] : [MEND]), ...(imports === '' ? [] : [imports]), body].join('\n\n');
    const tests = this.tests(main, asserts);
    const target: Target = { start: main.from, end: main.to, mode: 'replace', indent, container, name: main.name };
    return { prompt: `${prompt}\n`, entryPoint: main.name, setup: '', ...tests, target };
  }

  /** A definition with the comment above it, and without `export`: tests run the code as a script. */
  private sourceOf(definition: Definition): string {
    const { code } = this;
    const indent = indentAt(code, definition.from);
    const comment = definition.head < definition.from ? code.slice(definition.head, definition.from) : '';
    const above = comment.replace(/export\s+(?:default\s+)?$/, '').trimEnd();
    const source = code.slice(definition.from, definition.to);
    return withoutIndent(above === '' ? source : `${above}\n${indent}${source}`, indent);
  }

  private selectedTests(asserts: readonly SyntaxNode[]): FoundTest[] {
    const { code, base } = this;
    return asserts.flatMap((node) => inDocument(testsIn(node, code, undefined), base));
  }

  private tests(main: Definition, asserts: readonly SyntaxNode[]): TestLists & { readonly testOrigin: TestOrigin } {
    const { code, grammar } = this;
    const selected = this.selectedTests(asserts);
    const comment = code.slice(main.head, main.from);
    const documented = callExamples(grammar, comment, main.name).map(({ call, result, place }) => ({
      code: `assert.deepStrictEqual(${call}, ${result});`,
      place,
    }));
    const near = testLists([...selected, ...inDocument(documented, this.base + main.head)]);
    if (near.tests.length > 0) return { ...near, testOrigin: selected.length > 0 ? 'selection' : 'docstring' };
    const lists = testLists(scriptTests(grammar, this.document, main.name));
    return { ...lists, testOrigin: lists.tests.length > 0 ? 'file' : 'none' };
  }

  private fromComments(comments: readonly SyntaxNode[], asserts: readonly SyntaxNode[]): Draft | Refusal {
    const { code } = this;
    const prompt = comments
      .map((node) => commentText(textOf(node, code)))
      .join('\n')
      .trim();
    const last = comments.at(-1);
    if (!last || prompt === '') return refuse('blank', 'The comment is empty. Write in it what the code should do.');
    const lists = testLists(this.selectedTests(asserts));
    const entryPoint = entryPointOf(prompt);
    const at = lineEnd(code, last.to);
    const indent = indentAt(code, last.from);
    const target: Target = { start: at, end: at, mode: 'insert', indent, container: 'module', name: undefined };
    const testOrigin = lists.tests.length > 0 ? 'selection' : 'none';
    return { prompt: `${prompt}\n`, entryPoint, ...lists, setup: '', testOrigin, target };
  }

  private fromAnything(asserts: readonly SyntaxNode[]): Draft {
    const { code, from, to } = this;
    const indent = indentAt(code, from);
    const prompt = withoutIndent(code.slice(from, to), indent).trim();
    const lists = testLists(this.selectedTests(asserts));
    const target: Target = { start: from, end: to, mode: 'replace', indent, container: 'module', name: undefined };
    const testOrigin = lists.tests.length > 0 ? 'selection' : 'none';
    return { prompt: `${prompt}\n`, entryPoint: entryPointOf(prompt), ...lists, setup: '', testOrigin, target };
  }

  /** The imports at the top of the document that bring a name which the code mentions. */
  private imports(body: string): string {
    const head = this.document.slice(0, Math.min(this.document.length, 20_000));
    if (!/^import\b/m.test(head)) return '';
    const end = head.search(/^(?!import\b|\s|\/[/*]|['"]use |\}|\*)\S/m);
    const text = end < 0 ? head : head.slice(0, end);
    const tree = this.grammar.parse(text);
    return tree
      .getChildren('ImportDeclaration')
      .filter((node) => node.to <= this.base + this.from || node.from > this.base + this.to)
      .filter((node) =>
        nodesNamed(node, 'VariableDefinition').some((name) =>
          new RegExp(`(?<![\\w$.])${textOf(name, text).replaceAll('$', '\\$')}(?![\\w$])`).test(body),
        ),
      )
      .map((node) => textOf(node, text))
      .join('\n');
  }
}

function inDocument(tests: readonly FoundTest[], by: number): FoundTest[] {
  return tests.map(({ code, place }) => ({ code, place: place && shifted(place, by) }));
}

function commentText(source: string): string {
  if (source.startsWith('//')) return source.replace(/^\/\/+ ?/, '');
  return source
    .replace(/^\/\*+/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}
