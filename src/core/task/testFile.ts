import type { Range } from './extraction';
import { testLists, type FoundTest } from './foundTest';
import { loadGrammar, type Grammar } from './grammar';
import { Definitions, resolveContext } from './python/context';
import { BUILTINS, formatImport, importsOf, type ImportEntry } from './python/names';
import { Outline, type Item } from './python/outline';
import { STANDARD_LIBRARY } from './python/standardLibrary';
import { isTestItem, rawTests, type RawTest, type SkippedTest } from './python/testCode';
import { documentRange, readSource } from './source';
import { scriptTests } from './script/asserts';
import type { Language } from './task';

/** The tests of one entry point, taken out of a file. */
export interface FoundTests {
  readonly tests: readonly string[];
  /** Where each test stands in the file, in their order. */
  readonly testPlaces: readonly (Range | undefined)[];
  /** Imports and short helpers that the tests need. */
  readonly setup: string;
  /** Tests of the entry point that were left out, each with its reason. */
  readonly skipped: readonly SkippedTest[];
}

/**
 * Takes the tests of `entryPoint` out of a test file that the user picked. A pytest function, unittest method or
 * top-level assert is one test each; imports from outside the standard library are taken for those of the tested code.
 */
export async function testsFromFile(text: string, entryPoint: string, language: Language): Promise<FoundTests> {
  return testsFromSource(await loadGrammar(language), text, entryPoint);
}

/** {@link testsFromFile} with a grammar that is loaded already. */
export function testsFromSource(grammar: Grammar, text: string, entryPoint: string): FoundTests {
  const source = readSource(text);
  const found = testsInText(grammar, source.text, entryPoint);
  return { ...found, testPlaces: found.testPlaces.map((place) => place && documentRange(source, place)) };
}

function testsInText(grammar: Grammar, text: string, entryPoint: string): FoundTests {
  if (grammar.language !== 'python') {
    return { ...testLists(scriptTests(grammar, text, entryPoint)), setup: '', skipped: [] };
  }
  return outlineTests(new Definitions(new Outline(grammar, text)), entryPoint, { split: false, own: () => false });
}

export interface TestOptions {
  /** Give the asserts of a test function one by one. */
  readonly split: boolean;
  /** What is at hand when the tests run: the code under test. */
  readonly own: (item: Item) => boolean;
  /** Further names that are at hand. */
  readonly given?: readonly string[];
}

/** The tests anywhere in a module that mention an entry point and need nothing that cannot be taken along. */
export function outlineTests(definitions: Definitions, entryPoint: string, options: TestOptions): FoundTests {
  const { outline } = definitions;
  const raw: RawTest[] = [];
  const skipped: SkippedTest[] = [];
  let name = -1;
  for (const block of outline.blocks) {
    // A cheap look before a block is parsed: each search goes on where the last one ended.
    if (name < block.from) name = outline.text.indexOf(entryPoint, block.from);
    if (name < 0) break;
    if (block.comment || name >= block.to) continue;
    if (!/assert|raises/.test(outline.text.slice(block.from, block.to))) continue;
    for (const item of outline.items(block)) {
      const found = rawTests(item, entryPoint, options.split);
      raw.push(...found.tests);
      skipped.push(...found.skipped);
    }
  }
  return complete(definitions, raw, skipped, entryPoint, options);
}

/** Adds to raw tests what they need from their file, and leaves out those that need more than can be had. */
export function complete(
  definitions: Definitions,
  raw: readonly RawTest[],
  skipped: readonly SkippedTest[],
  entryPoint: string,
  options: TestOptions,
): FoundTests {
  const given = new Set([entryPoint, ...(options.given ?? [])]);
  const own = (item: Item): boolean => options.own(item) || isTestItem(item);
  const imports = new ImportsAround(definitions, entryPoint);
  const found: FoundTest[] = [];
  const left = [...skipped];
  const needed = new Set<string>();
  for (const test of raw) {
    const code = imports.withoutTestedModule(test.code);
    const names = [...test.names].filter(
      (name) => !given.has(name) && !BUILTINS.has(name) && !imports.isTested(name) && !imports.isTestedModule(name),
    );
    const context = resolveContext(definitions, names, own);
    const lost = [...context.missing, ...names.filter((name) => imports.isForeign(name))];
    if (lost.length > 0) {
      left.push({ name: firstLine(code), reason: `it needs ${lost.join(', ')}, which cannot be taken along` });
      continue;
    }
    if (found.some((known) => known.code === code)) continue;
    found.push({ code, place: test.place });
    names.forEach((name) => needed.add(name));
  }
  const context = resolveContext(definitions, needed, own);
  // Imports of the future must be a module's first statements, which a setup never is.
  const imported = context.imports.filter((line) => isStandard(line) && !line.startsWith('from __future__ '));
  const setup = found.length === 0 ? [] : [...imported, ...context.helpers];
  return { ...testLists(found), setup: setup.length === 0 ? '' : `${setup.join('\n')}\n`, skipped: left };
}

/** Whether an import statement can be run in the sandbox: all but the standard library may be missing there. */
function isStandard(line: string): boolean {
  const module = /^(?:from|import) (\w+)/.exec(line)?.[1];
  return module !== undefined && module !== 'unittest' && STANDARD_LIBRARY.has(module);
}

/** What a file imports from outside the standard library, seen from its tests of one entry point. */
class ImportsAround {
  private readonly entries: readonly ImportEntry[];
  /** Where the entry point comes from; undefined where the file imports it by no name. */
  private readonly module: string | undefined;

  constructor(
    definitions: Definitions,
    private readonly entryPoint: string,
  ) {
    this.entries = definitions
      .importItems()
      .flatMap((item) => (item.node ? importsOf(item.node, item.piece) : []))
      .filter((entry) => !isStandard(formatImport([entry])));
    this.module = this.entries.find((entry) => entry.bound === entryPoint && entry.module !== '')?.module;
  }

  /** Whether a name comes from the module under test, whose code is the answer's business. */
  isTested(name: string): boolean {
    return this.entries.some((entry) => entry.bound === name && entry.module !== '' && entry.module === this.module);
  }

  /** Whether a name may be the module under test itself, imported whole. */
  isTestedModule(name: string): boolean {
    return this.module === undefined && this.entries.some((entry) => entry.bound === name && entry.module === '');
  }

  isForeign(name: string): boolean {
    return this.entries.some((entry) => entry.bound === name);
  }

  /** Writes `module.entry(...)` as `entry(...)`: the answer is no module of that name. */
  withoutTestedModule(code: string): string {
    const { entryPoint } = this;
    return this.entries
      .filter((entry) => entry.module === '')
      .reduce((result, { bound }) => result.replaceAll(`${bound}.${entryPoint}(`, `${entryPoint}(`), code);
  }
}

function firstLine(code: string): string {
  const line = code.split('\n')[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
