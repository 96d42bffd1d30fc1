import type { Definitions } from './context';
import { hasError, textOf } from '../nodes';
import { dedent, indentAt } from '../source';
import { freeNames } from './names';
import type { Item } from './outline';
import { requiredParameters } from './syntax';

/** Fixtures that pytest brings along and that work where the code runs in a process of its own. */
const BUILT_IN = new Set(
  (
    'request monkeypatch tmp_path tmp_path_factory tmpdir tmpdir_factory pytestconfig record_property ' +
    'record_testsuite_property record_xml_attribute doctest_namespace subtests'
  ).split(' '),
);
/** Those that could only see what the tests do, by what they look at. */
const UNSEEN: Readonly<Record<string, string>> = {
  capsys: 'prints',
  capsysbinary: 'prints',
  capteesys: 'prints',
  capfd: 'prints',
  capfdbinary: 'prints',
  caplog: 'logs',
  recwarn: 'warns of',
};

/** What a test needs of pytest and of its file, or why it cannot be had. */
export type FixturesFound = { readonly names: readonly string[] } | { readonly lacking: string };

/** The source of the decorators of a definition. */
function decoratorsOf({ node, piece }: Item): readonly string[] {
  const decorated = node?.parent?.name === 'DecoratedStatement' ? node.parent.getChildren('Decorator') : [];
  return decorated.map((decorator) => textOf(decorator, piece));
}

/** The mark by which a test says that its outcome is not to count; undefined where it has none. */
export function markOf(item: Item): 'skip' | 'xfail' | undefined {
  const mark = decoratorsOf(item)
    .map((text) => /^@(?:pytest\.)?mark\.(skip|xfail)\b/.exec(text)?.[1])
    .find((found) => found !== undefined);
  return mark === 'skip' || mark === 'xfail' ? mark : undefined;
}

/** Whether a definition is a fixture, as far as its decorators tell. */
export function isFixture(item: Item): boolean {
  return decoratorsOf(item).some((text) => /^@(?:pytest\.)?fixture\b/.test(text));
}

/** The fixtures that a test or a fixture takes: its parameters that no table of cases names, and those of its marks. */
export function fixturesOf(item: Item): readonly string[] {
  const { node, piece } = item;
  if (!node) return [];
  const decorators = decoratorsOf(item);
  const tables = decorators.flatMap(
    (text) =>
      /^@(?:pytest\.)?mark\.parametrize\(\s*(?:argnames\s*=\s*)?("[^"]*"|'[^']*'|[[(][^\])]*[\])])/.exec(text)?.[1] ??
      [],
  );
  const given = new Set(tables.flatMap((text) => text.match(/\w+/g) ?? []));
  const marks = decorators.flatMap((text) => /^@(?:pytest\.)?mark\.usefixtures\(([^]*)\)$/.exec(text)?.[1] ?? []);
  const used = marks.flatMap((text) => [...text.matchAll(/["'](\w+)["']/g)].flatMap(([, name]) => name ?? []));
  return [
    ...requiredParameters(node, piece).filter((name) => !['self', 'cls'].includes(name) && !given.has(name)),
    ...used,
  ];
}

/** A test function as it stands, for a judge that runs such functions. Undefined where it is not fit for that. */
export function wholeFunction(item: Item): { readonly code: string; readonly names: ReadonlySet<string> } | undefined {
  const { node, piece, base, from, to } = item;
  if (!node || hasError(node)) return undefined;
  const start = from - base;
  const code = dedent(indentAt(piece, start) + piece.slice(start, to - base)).trim();
  const outer = node.parent?.name === 'DecoratedStatement' ? node.parent : node;
  const names = new Set(freeNames(outer, piece));
  names.delete(item.name ?? '');
  return { code, names };
}

/** Why the outcome of a test cannot be told from another process, whatever it takes; undefined where it can. */
export function unseenIn(code: string): string | undefined {
  return /\b(?:pytest\.)?(?:warns|deprecated_call)\(/.test(code)
    ? 'it looks for warnings, and the code runs in a process of its own'
    : undefined;
}

/**
 * Finds the fixtures that a test takes, and those that these take: pytest's own, or functions of the same file, of which the
 * names are told.
 */
export function findFixtures(definitions: Definitions, wanted: readonly string[]): FixturesFound {
  const names = new Set<string>();
  const todo = [...wanted, ...automatic(definitions)];
  for (const name of todo) {
    const looksAt = UNSEEN[name];
    if (names.has(name)) continue;
    const item = definitions.find(name);
    if (item?.node && isFixture(item)) {
      names.add(name);
      todo.push(...fixturesOf(item).filter((next) => next !== name));
    } else if (looksAt !== undefined) {
      return {
        lacking: `it takes the fixture ${name}, which does not see what the code ${looksAt} in a process of its own`,
      };
    } else if (!BUILT_IN.has(name)) {
      return { lacking: `it takes the fixture ${name}, which is not in its file` };
    }
  }
  if (definitions.find('pytestmark')) names.add('pytestmark');
  return { names: [...names] };
}

/** The fixtures of a file that each of its tests takes without naming them. */
function automatic({ outline }: Definitions): string[] {
  return outline.blocks
    .filter(
      (block) => outline.startsWith(block, '@') && /autouse\s*=\s*True/.test(outline.text.slice(block.from, block.to)),
    )
    .flatMap((block) => outline.items(block))
    .flatMap((item) => (item.name !== undefined && isFixture(item) ? [item.name] : []));
}
