import type { Range } from './extraction';
import { testLists, type FoundTest } from './foundTest';
import { loadGrammar, type Grammar } from './grammar';
import { Definitions, resolveContext } from './python/context';
import { BUILTINS, formatImport, importsOf, type ImportEntry } from './python/names';
import { Outline, type Item } from './python/outline';
import { STANDARD_LIBRARY } from './python/standardLibrary';
import { findFixtures, type FixturesFound } from './python/pytest';
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
export async function testsFromFile(
  text: string,
  entryPoint: string,
  language: Language,
  pytest: Pytest = false,
): Promise<FoundTests> {
  return testsFromSource(await loadGrammar(language), text, entryPoint, pytest);
}

/** {@link testsFromFile} with a grammar that is loaded already. */
export function testsFromSource(
  grammar: Grammar,
  text: string,
  entryPoint: string,
  pytest: Pytest = false,
): FoundTests {
  const source = readSource(text);
  const found = testsInText(grammar, source.text, entryPoint, pytest);
  return { ...found, testPlaces: found.testPlaces.map((place) => place && documentRange(source, place)) };
}

function testsInText(grammar: Grammar, text: string, entryPoint: string, pytest: Pytest): FoundTests {
  if (grammar.language !== 'python') {
    return { ...testLists(scriptTests(grammar, text, entryPoint)), setup: '', skipped: [] };
  }
  return outlineTests(new Definitions(new Outline(grammar, text)), entryPoint, {
    split: false,
    own: () => false,
    pytest,
  });
}

/**
 * Whether tests can be run by pytest itself where they are judged; a sentence says why not and what to install, and is told
 * with each test that is left out for it.
 */
export type Pytest = boolean | string;

export interface TestOptions {
  /** Give the asserts of a test function one by one. */
  readonly split: boolean;
  /** What is at hand when the tests run: the code under test. */
  readonly own: (item: Item) => boolean;
  /** Further names that are at hand. */
  readonly given?: readonly string[];
  /** Without it, tests that need pytest itself are left out. */
  readonly pytest?: Pytest;
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
    if (!/assert|raises|warns/.test(outline.text.slice(block.from, block.to))) continue;
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
  let byPytest = false;
  for (const test of raw) {
    const code = imports.withoutTestedModule(test.code);
    const fixtures = test.fixtures === undefined ? { names: [] } : findFixtures(definitions, test.fixtures);
    const lacking = test.fixtures === undefined ? undefined : lackingOf(test.fixtures, fixtures, options.pytest);
    if (lacking !== undefined || 'lacking' in fixtures) {
      left.push({ name: nameOf(code), reason: lacking ?? '' });
      continue;
    }
    const names = [...test.names, ...fixtures.names].filter(
      (name) => !given.has(name) && !BUILTINS.has(name) && !imports.isTested(name) && !imports.isTestedModule(name),
    );
    const context = resolveContext(definitions, names, own);
    const foreign = names.filter((name) => imports.isForeign(name) && !(test.fixtures && imports.isPytest(name)));
    const module = test.fixtures === undefined ? [] : imports.testedModulesIn(code);
    const lost = [...new Set([...context.missing, ...foreign, ...module])];
    if (lost.length > 0) {
      left.push({
        name: test.fixtures === undefined ? firstLine(code) : nameOf(code),
        reason: `it needs ${lost.join(', ')}, which cannot be taken along`,
      });
      continue;
    }
    if (found.some((known) => known.code === code)) continue;
    found.push({ code, place: test.place });
    byPytest ||= test.fixtures !== undefined;
    names.forEach((name) => needed.add(name));
  }
  const context = resolveContext(definitions, needed, own, Infinity);
  // Imports of the future must be a module's first statements, which a setup never is.
  const imported = context.imports.filter((line) => isStandard(line) && !line.startsWith('from __future__ '));
  const pytest = byPytest ? context.imports.filter((line) => PYTEST.test(line)) : [];
  const setup = found.length === 0 ? [] : [...imported, ...pytest, ...context.helpers];
  return { ...testLists(found), setup: setup.length === 0 ? '' : `${setup.join('\n')}\n`, skipped: left };
}

const PYTEST = /^(?:from|import) pytest\b/;

/** Why a test cannot be run by pytest; undefined where it can. */
function lackingOf(taken: readonly string[], found: FixturesFound, pytest: Pytest = false): string | undefined {
  if ('lacking' in found) return found.lacking;
  if (pytest === true) return undefined;
  const what =
    taken.length === 0
      ? 'it uses pytest in a way that has no plain form'
      : `it takes ${taken.length === 1 ? 'the fixture' : 'the fixtures'} ${taken.join(', ')}`;
  return pytest === false ? what : `${what}, and ${pytest.replace(/\.$/, '')}`;
}

/** The name of a test that is a function, else its first line. */
function nameOf(code: string): string {
  return /^(?:async )?def (\w+)/m.exec(code)?.[1] ?? firstLine(code);
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
    if (this.module !== undefined || this.isPytest(name)) return false;
    return this.entries.some((entry) => entry.bound === name && entry.module === '');
  }

  isForeign(name: string): boolean {
    return this.entries.some((entry) => entry.bound === name);
  }

  isPytest(name: string): boolean {
    return this.entries.some((entry) => entry.bound === name && PYTEST.test(formatImport([entry])));
  }

  /** The modules that may be the one under test and that a piece of code still names: only their entry point is there. */
  testedModulesIn(code: string): string[] {
    return this.entries
      .filter(({ module, bound }) => module === '' && this.isTestedModule(bound))
      .map(({ bound }) => bound)
      .filter((bound) => new RegExp(`\\b${bound}\\b`).test(code));
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
