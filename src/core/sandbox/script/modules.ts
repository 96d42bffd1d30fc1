import type { SyntaxNode } from '@lezer/common';
import type { Grammar } from '../../task/grammar';
import { childrenOf, nodesNamed, textOf } from '../../task/nodes';

/** A replacement of a range of a text. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Turns a module into a script: `import` into `require`, `export` into properties of `exports`. Everything keeps its line.
 * @param whole whether the text is all that may use its imports: then what it does not use is left out, it may be a type
 */
export function asScript(grammar: Grammar, text: string, whole: boolean): string {
  if (!/\b(?:import|export)\b/.test(text)) return text;
  const root = grammar.parse(text);
  const names = whole ? new Set(nodesNamed(root, 'VariableName').map((name) => textOf(name, text))) : undefined;
  const changes = childrenOf(root).flatMap((node): Change[] => {
    if (node.name === 'ImportDeclaration')
      return [{ from: node.from, to: node.to, text: asRequire(node, names, text) }];
    if (node.name === 'ExportDeclaration') return asExports(node, text);
    return [];
  });
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: replacement } of changes) {
    const lost = lineEnds(text.slice(from, to)) - lineEnds(replacement);
    parts.push(text.slice(at, from), replacement, '\n'.repeat(Math.max(0, lost)));
    at = to;
  }
  return parts.join('') + text.slice(at);
}

function lineEnds(text: string): number {
  return text.split('\n').length - 1;
}

/** @param names those that are used, and must be to be imported; undefined where that cannot be told */
function asRequire(node: SyntaxNode, names: ReadonlySet<string> | undefined, text: string): string {
  const source = node.getChild('String');
  if (!source) return textOf(node, text);
  const module = `require(${textOf(source, text)})`;
  const clause = text
    .slice(node.from + 'import'.length, source.from)
    .replace(/\bfrom\s*$/, '')
    .trim();
  if (clause === '') return `${module};`;
  const used = (name: string): boolean => names?.has(name) ?? true;
  const group = /\{([\s\S]*)\}/.exec(clause)?.[1];
  const rest = clause.replace(/\{[\s\S]*\}/, '');
  const all = /\*\s*as\s+([^\s,]+)/.exec(rest)?.[1];
  const [main] = rest
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('*'));
  const declared = [
    ...(all !== undefined && used(all) ? [`const ${all} = ${module};`] : []),
    ...(main !== undefined && used(main) ? [`const ${main} = ${byDefault(textOf(source, text), module)};`] : []),
    ...(group === undefined ? [] : named(group, used, module)),
  ];
  return declared.join(' ');
}

/** What `import x from` means: of Node's own modules the whole, of others their default. */
function byDefault(specifier: string, module: string): string {
  return /^['"]\.\.?(?:\/|['"])/.test(specifier) ? `${module}.default` : module;
}

function named(group: string, used: (name: string) => boolean, module: string): string[] {
  const members = group
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => part.split(/\s+as\s+/))
    .filter(([name = '', alias = name]) => used(alias));
  if (members.length === 0) return [];
  const whole = members.find(([name]) => name === 'default');
  const others = members.filter((member) => member !== whole).map((member) => member.join(': '));
  return [
    ...(whole?.[1] === undefined ? [] : [`const ${whole[1]} = ${byDefault('"./"', module)};`]),
    ...(others.length === 0 ? [] : [`const { ${others.join(', ')} } = ${module};`]),
  ];
}

function asExports(node: SyntaxNode, text: string): Change[] {
  const children = childrenOf(node);
  const declaration = children.find((child) => child.name.endsWith('Declaration'));
  const isDefault = node.getChild('default') !== null;
  if (declaration && !isDefault) return [blank(node.from, declaration.from)];
  if (isDefault) {
    const value = children.find(
      (child) => child.from >= (node.getChild('default')?.to ?? node.to) && !child.name.endsWith('Comment'),
    );
    if (!value) return [];
    const name = declaration?.getChild('VariableDefinition');
    if (declaration && name) {
      return [blank(node.from, declaration.from), after(node, ` exports.default = ${textOf(name, text)};`)];
    }
    return [{ from: node.from, to: value.from, text: 'exports.default = ' }];
  }
  const group = node.getChild('ExportGroup');
  const source = node.getChild('String');
  const module = source ? `require(${textOf(source, text)})` : undefined;
  if (!group)
    return [{ from: node.from, to: node.to, text: module === undefined ? '' : `Object.assign(exports, ${module});` }];
  const members = textOf(group, text)
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim().split(/\s+as\s+/));
  const lines = members
    .filter(([name = '']) => name !== '')
    .map(([name = '', alias = name]) => {
      const value = module === undefined ? name : `${module}.${name}`;
      return `Object.defineProperty(exports, ${JSON.stringify(alias)}, { enumerable: true, get: () => ${value} });`;
    });
  return [{ from: node.from, to: node.to, text: lines.join(' ') }];
}

function blank(from: number, to: number): Change {
  return { from, to, text: ' '.repeat(to - from) };
}

function after({ to }: SyntaxNode, text: string): Change {
  return { from: to, to, text };
}
