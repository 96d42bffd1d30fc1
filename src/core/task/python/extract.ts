import { callExamples, type CallExample } from '../examples';
import { labelledExamples } from '../labelledExamples';
import { refuse, type Draft, type Range, type Refusal, type Target, type TestOrigin } from '../extraction';
import { shifted, testLists, type FoundTest, type TestLists } from '../foundTest';
import type { Grammar } from '../grammar';
import { hasError, textOf } from '../nodes';
import { indentAt, indented, lineCount, lineEnd, lineStart, withoutIndent, dedent } from '../source';
import { entryPointOf } from '../promptNames';
import { complete, outlineTests, type FoundTests, type Pytest } from '../testFile';
import { Definitions, HELPER_LINES, resolveContext } from './context';
import { foundDoctests } from './doctest';
import { BUILTINS, freeNames, mentionedNames } from './names';
import { innerItems, Outline, type Item } from './outline';
import { itemsAt, type Found } from './select';
import { docstringOf, isStub, readString, requiredParameters, stringValue } from './syntax';
import { calledNames, isTestItem, rawTests } from './testCode';

/** Put before a function that has a body already, so that it is mended rather than taken for a stub. */
const MEND = '# Mend this code: it must do what its name, docstring, comments and tests say. Answer with all of it.';

const NOTHING_HERE =
  'There is nothing to solve at the cursor. Select a function stub, a function with its asserts or a comment that ' +
  'says what to write, or put the cursor inside one.';

/** Longest single top-level statement that is read, in characters. */
const LONGEST_BLOCK = 300_000;

/**
 * Makes a task of a selection in a Python module.
 * @param from, to trimmed selection in the LF text; equal for a cursor
 * @param pytest whether tests can be run by pytest itself
 */
export function extractPython(
  grammar: Grammar,
  text: string,
  from: number,
  to: number,
  pytest: Pytest = false,
): Draft | Refusal {
  const outline = new Outline(grammar, text);
  const touched = outline.blocksIn(from, to);
  const last = touched.at(-1);
  // The comment right above a definition is a block of its own.
  const next = from === to && last?.comment ? outline.blocks[outline.blocks.indexOf(last) + 1] : undefined;
  const blocks = next ? [...touched, next] : touched;
  if (blocks.some((block) => block.to - block.from > LONGEST_BLOCK)) {
    return refuse(
      'too-large',
      'The code around the selection is too long to read. Copy the function into a file of its own.',
    );
  }
  const found = itemsAt(
    blocks.flatMap((block) => outline.items(block)),
    text,
    from,
    to,
  );
  return new Extraction(new Definitions(outline), from, to, pytest).draft(found);
}

class Extraction {
  private readonly text: string;
  private readonly grammar: Grammar;

  constructor(
    private readonly definitions: Definitions,
    private readonly from: number,
    private readonly to: number,
    private readonly pytest: Pytest,
  ) {
    this.text = definitions.outline.text;
    this.grammar = definitions.outline.grammar;
  }

  draft(found: Found | undefined): Draft | Refusal {
    const cursor = this.from === this.to;
    const items = found?.items ?? [];
    const asks = items.filter((item) => item.kind === 'assert' || isTestItem(item));
    const definitions = items.filter(
      (item) => (item.kind === 'function' || item.kind === 'class') && !asks.includes(item),
    );
    const main = chooseMain(definitions, asks);
    if (found && main) return this.fromDefinition(main, found, asks);
    const comments = items.filter((item) => item.kind === 'comment' || item.kind === 'string');
    const only = items.every((i) => asks.includes(i) || comments.includes(i) || i.kind === 'import');
    if (comments.length > 0 && only) return this.fromComments(comments, items, asks);
    if (asks.length > 0 && only) return this.fromAsserts(asks);
    return cursor ? refuse('nothing-here', NOTHING_HERE) : this.fromAnything(items, asks);
  }

  /** The main case: a function or class to be written or mended, with whatever else was selected around it. */
  private fromDefinition(main: Item, found: Found, asks: readonly Item[]): Draft {
    const { text } = this;
    const owner = found.parents.at(-1);
    const container =
      owner?.kind === 'class' ? 'class' : found.parents.some((p) => p.kind === 'function') ? 'function' : 'module';
    const prompted = found.items.filter((item) => !asks.includes(item));
    const indent = indentAt(text, main.from);
    const starts = new Set([...prompted, ...found.parents].map((item) => item.from));
    const own = (item: Item): boolean => starts.has(item.from);

    let body = this.joined(prompted);
    if (owner && container === 'class') body = this.inClass(owner, prompted, body);
    const names = new Set(prompted.flatMap((item) => this.neededNames(item)));
    if (owner && container === 'class') headerNames(owner).forEach((name) => names.add(name));
    const context = resolveContext(this.definitions, names, own, HELPER_LINES);
    const mend = main.node && !isStub(main.node, main.piece) ? [MEND] : [];
    const preamble = context.imports.length > 0 ? [context.imports.join('\n')] : [];
    const prompt = [...mend, ...preamble, ...context.helpers, body].join('\n\n');

    const name = main.name;
    const given = [owner?.kind === 'class' ? owner.name : undefined, ...found.items.map((item) => item.name)].filter(
      (n) => n !== undefined,
    );
    const tests = this.testsOf(main, name, asks, { own, given });
    const target: Target = { start: main.from, end: main.to, mode: 'replace', indent, container, name };
    return { prompt: `${prompt}\n`, entryPoint: name, ...tests, target };
  }

  private fromComments(comments: readonly Item[], items: readonly Item[], asks: readonly Item[]): Draft | Refusal {
    const { text } = this;
    const last = comments.at(-1);
    const prompt = comments
      .map((item) => commentText(text.slice(item.from, item.to), item.kind))
      .join('\n\n')
      .trim();
    if (!last || prompt === '') return refuse('blank', 'The comment is empty. Write in it what the code should do.');
    const entryPoint = entryPointOf(prompt) ?? this.calledBy(asks);
    const found = this.testsIn(asks, entryPoint, { own: (item) => items.includes(item), given: [] });
    const told = [
      ...foundDoctests(this.grammar, prompt, { entryPoint }),
      ...(entryPoint === undefined ? [] : this.examples(prompt, entryPoint)),
    ].map(({ code, place }) => ({ code, place: place && this.placeInComments(comments, prompt, place) }));
    const { tests, testPlaces } = testLists([...foundIn(found), ...told]);
    const at = Math.min(lineEnd(text, last.to), text.length);
    const indent = indentAt(text, last.from);
    const target: Target = { start: at, end: at, mode: 'insert', indent, container: 'module', name: undefined };
    const testOrigin = tests.length > 0 ? 'selection' : 'none';
    if (tests.length === 0 && entryPoint !== undefined) {
      const elsewhere = outlineTests(this.definitions, entryPoint, {
        split: true,
        own: () => false,
        pytest: this.pytest,
      });
      const origin = elsewhere.tests.length > 0 ? 'file' : 'none';
      return {
        prompt: `${prompt}\n`,
        entryPoint,
        tests: elsewhere.tests,
        testPlaces: elsewhere.testPlaces,
        setup: elsewhere.setup,
        testOrigin: origin,
        target,
      };
    }
    return { prompt: `${prompt}\n`, entryPoint, tests, testPlaces, setup: found.setup, testOrigin, target };
  }

  /** Where a line of the comments' text stands in the module, where there are signs of the comment around it. */
  private placeInComments(comments: readonly Item[], prompt: string, { start }: Range): Range | undefined {
    const line = prompt.slice(start, lineEnd(prompt, start)).trim();
    const literally = line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const whole = new RegExp(`(?<![\\w.])${literally}(?=\\s*["']{0,3}\\s*$)`, 'm');
    for (const { from, to } of comments) {
      const found = whole.exec(this.text.slice(from, to));
      if (found) return { start: from + found.index, end: from + found.index + line.length };
    }
    return undefined;
  }

  /** Only tests were selected: the function that they test, where the file has it, otherwise a new one above them. */
  private fromAsserts(asks: readonly Item[]): Draft | Refusal {
    const { text } = this;
    const name = this.calledBy(asks);
    const first = asks[0];
    if (name === undefined || !first) return refuse('nothing-here', NOTHING_HERE);
    const tested = this.definitions.find(name);
    if (tested?.node && tested.name === name)
      return this.fromDefinition(tested, { items: [tested], parents: [] }, asks);
    const found = this.testsIn(asks, name, { own: () => false, given: [] });
    const at = lineStart(text, this.topOf(first));
    const target: Target = { start: at, end: at, mode: 'insert', indent: '', container: 'module', name: undefined };
    const origin = found.tests.length > 0 ? 'selection' : 'none';
    const prompt = `Write a function \`${name}\` that passes its tests.\n`;
    const { tests, testPlaces, setup } = found;
    return { prompt, entryPoint: name, tests, testPlaces, setup, testOrigin: origin, target };
  }

  /** Selected text of any other kind: loose statements, or prose that is no comment. */
  private fromAnything(items: readonly Item[], asks: readonly Item[]): Draft {
    const { text } = this;
    const start = this.from;
    const indent = indentAt(text, start);
    const kept = asks.reduceRight(
      (rest, ask) => rest.slice(0, Math.max(ask.from - start, 0)) + rest.slice(Math.max(ask.to - start, 0)),
      text.slice(start, this.to),
    );
    const prompt = withoutIndent(kept, indent).trim();
    const entryPoint = entryPointOf(prompt) ?? this.calledBy(asks);
    const found = this.testsIn(asks, entryPoint, { own: (item) => items.includes(item), given: [] });
    const target: Target = { start, end: this.to, mode: 'replace', indent, container: 'module', name: undefined };
    const origin = found.tests.length > 0 ? 'selection' : 'none';
    const { tests, testPlaces, setup } = found;
    return { prompt: `${prompt}\n`, entryPoint, tests, testPlaces, setup, testOrigin: origin, target };
  }

  /** Start of the top-level statement that an item stands in, so that a function is not put inside it. */
  private topOf(item: Item): number {
    const block = this.definitions.outline.blocks.findLast((b) => b.from <= item.from);
    return block?.from ?? item.from;
  }

  private calledBy(asks: readonly Item[]): string | undefined {
    const names = calledNames(asks).filter((name) => !BUILTINS.has(name));
    return names.find((name) => this.definitions.find(name)?.kind === 'function') ?? names[0];
  }

  private sourceOf(item: Item): string {
    return withoutIndent(this.text.slice(item.from, item.to), indentAt(this.text, item.from));
  }

  /** Items one below the other, with the blank lines that they had. */
  private joined(items: readonly Item[]): string {
    let result = '';
    items.forEach((item, index) => {
      const before = items[index - 1];
      const gap = before ? this.text.slice(before.to, item.from) : '';
      const lines = gap.trim() === '' ? gap.split('\n').length - 1 : 2;
      result += '\n'.repeat(before ? Math.min(Math.max(lines, 1), 3) : 0) + this.sourceOf(item);
    });
    return result;
  }

  private neededNames(item: Item): string[] {
    if (!item.node) return [];
    const outer = item.node.parent?.name === 'DecoratedStatement' ? item.node.parent : item.node;
    const names = freeNames(outer, item.piece);
    const docstring = docstringOf(item.node);
    if (docstring) {
      // A docstring that speaks of another function of the file makes it part of what is asked.
      for (const word of textOf(docstring, item.piece).match(/[\p{L}_][\p{L}\p{N}_]{2,}/gu) ?? []) {
        if (this.definitions.find(word)?.kind === 'function') names.add(word);
      }
    }
    return [...names];
  }

  /** A method is shown inside the header of its class, with the constructor where that is short. */
  private inClass(owner: Item, prompted: readonly Item[], body: string): string {
    const { text } = this;
    const node = owner.node;
    const colon = node?.getChild('Body')?.from;
    if (!node || colon === undefined) return body;
    const indent = indentAt(text, owner.from);
    const inner = indentAt(text, prompted[0]?.from ?? owner.from).slice(indent.length) || '    ';
    const header = withoutIndent(text.slice(owner.from, owner.base + colon + 1), indent);
    const docstring = docstringOf(node);
    const parts: string[] = [];
    if (docstring) parts.push(dedent(indentAt(text, owner.base + docstring.from) + textOf(docstring, owner.piece)));
    const members = innerItems(owner).filter((item) => !prompted.some((p) => p.from === item.from));
    const fields = members.filter((item) => item.node?.name === 'AssignStatement').map((item) => this.sourceOf(item));
    if (fields.length > 0 && lineCount(fields.join('\n')) <= HELPER_LINES / 4) parts.push(fields.join('\n'));
    const constructor = members.find((item) => item.name === '__init__');
    const source = constructor && this.sourceOf(constructor);
    if (source !== undefined && lineCount(source) <= HELPER_LINES / 2) parts.push(source);
    return `${header}\n${indented([...parts, body].join('\n\n'), inner)}`;
  }

  private testsOf(main: Item, name: string | undefined, asks: readonly Item[], scope: Scope): TestsFound {
    const selected = this.testsIn(asks, name, scope);
    const documented = name === undefined ? [] : this.docstringTests(main, name);
    if (selected.tests.length > 0 || documented.length > 0) {
      const lists = testLists([...foundIn(selected), ...documented]);
      return { ...lists, setup: selected.setup, testOrigin: selected.tests.length > 0 ? 'selection' : 'docstring' };
    }
    if (name === undefined) return { tests: [], testPlaces: [], setup: '', testOrigin: 'none' };
    const elsewhere = outlineTests(this.definitions, name, { split: true, pytest: this.pytest, ...scope });
    const origin = elsewhere.tests.length > 0 ? 'file' : 'none';
    const { tests, testPlaces, setup } = elsewhere;
    return { tests, testPlaces, setup, testOrigin: origin };
  }

  private testsIn(asks: readonly Item[], entryPoint: string | undefined, scope: Scope): FoundTests {
    const raw = asks.map((item) => rawTests(item, undefined, true));
    return complete(
      this.definitions,
      raw.flatMap((r) => r.tests),
      raw.flatMap((r) => r.skipped),
      entryPoint ?? '',
      { split: true, pytest: this.pytest, ...scope },
    );
  }

  private docstringTests(main: Item, name: string): FoundTest[] {
    if (!main.node) return [];
    const definitions = main.kind === 'class' ? [main, ...innerItems(main)] : [main];
    return definitions.flatMap((item) => {
      const node = item.node;
      const docstring = node && docstringOf(node);
      if (!docstring || hasError(docstring)) return [];
      const { value, toLiteral } = readString(textOf(docstring, item.piece));
      const annotation = node.getChild('TypeDef');
      const returns = annotation ? textOf(annotation, item.piece).replace(/^->\s*/, '') : undefined;
      const tests = foundDoctests(this.grammar, value, { entryPoint: name, returns });
      const parameters =
        item.kind === 'function' && item.name === name ? requiredParameters(node, item.piece) : undefined;
      const labelled = parameters ? labelledExamples(this.grammar, value, name, parameters) : [];
      const inModule = ({ start, end }: Range): Range =>
        shifted({ start: toLiteral(start), end: toLiteral(end) }, item.base + docstring.from);
      return [...tests, ...this.examples(value, name), ...labelled.map(asAssert)].map(({ code, place }) => ({
        code,
        place: place && inModule(place),
      }));
    });
  }

  private examples(prose: string, name: string): FoundTest[] {
    return callExamples(this.grammar, prose, name).map(asAssert);
  }
}

function asAssert({ call, result, place }: CallExample): FoundTest {
  return { code: `assert ${call} == ${result}`, place };
}

function foundIn({ tests, testPlaces }: TestLists): FoundTest[] {
  return tests.map((code, index) => ({ code, place: testPlaces[index] }));
}

interface Scope {
  readonly own: (item: Item) => boolean;
  readonly given: readonly string[];
}

interface TestsFound extends TestLists {
  readonly setup: string;
  readonly testOrigin: TestOrigin;
}

/**
 * What is asked for among several definitions: the last stub; without a stub the one that the selected tests call
 * most, then the last that no other one uses.
 */
export function chooseMain(definitions: readonly Item[], asks: readonly Item[]): Item | undefined {
  const stubs = definitions.filter((item) => item.node && isStub(item.node, item.piece));
  if (stubs.length > 0) return stubs.at(-1);
  const called = calledNames(asks);
  const tested = called
    .map((name) => definitions.find((item) => item.name === name))
    .find((item) => item !== undefined);
  if (tested) return tested;
  const used = new Set(
    definitions.flatMap((item) => {
      const names = item.node ? mentionedNames(item.node, item.piece) : new Set<string>();
      return [...names].filter((name) => name !== item.name);
    }),
  );
  return definitions.findLast((item) => !used.has(item.name ?? '')) ?? definitions.at(-1);
}

/** What the decorators and bases of a class, which are shown with each of its methods, take from the file. */
function headerNames(owner: Item): string[] {
  const { node, piece } = owner;
  if (!node) return [];
  const parts = [...(node.parent?.getChildren('Decorator') ?? []), ...node.getChildren('ArgList')];
  return parts.flatMap((part) => [...mentionedNames(part, piece)]);
}

function commentText(source: string, kind: string): string {
  // An escape may give a carriage return, which a prompt should not have.
  if (kind === 'string') return dedent(stringValue(source).replace(/\r\n?/g, '\n')).trim();
  return source
    .split('\n')
    .map((line) => line.trimStart().replace(/^#+[:!]? ?/, ''))
    .join('\n')
    .trim();
}
