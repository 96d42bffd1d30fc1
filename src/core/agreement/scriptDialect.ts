import type { SyntaxNode } from '@lezer/common';
import { childrenOf, nodesNamed, textOf } from '../task/nodes';
import { type Dialect, edges, near, type Variant } from './dialect';
import { bare, Names, partsBetween } from './scriptNames';

const ATOMS = new Set(['Number', 'String', 'BooleanLiteral', 'null', 'RegExp']);
const NAMES = new Set(['undefined', 'NaN', 'Infinity']);
const CONSTANTS =
  /^(?:Number\.(?:M(?:AX|IN)_(?:SAFE_INTEGER|VALUE)|EPSILON|POSITIVE_INFINITY|NEGATIVE_INFINITY|NaN)|Math\.\w+)$/;
const TYPED_ARRAY = /^(?:(?:Int|Uint)(?:8|16|32)|Uint8Clamped|Float(?:32|64)|Big(?:Int|Uint)64)Array$/;
const COLLECTIONS = new Set(['Map', 'Set']);
/** Plain data of JavaScript and TypeScript. */
export const SCRIPT: Dialect = {
  *argumentsIn(root, text, entryPoint) {
    const names = new Names(root, text);
    for (const call of nodesNamed(root, 'CallExpression')) {
      const [callee, args] = childrenOf(call);
      const called = callee?.name === 'InstantiationExpression' ? callee.firstChild : callee;
      if (called?.name !== 'VariableName' || args?.name !== 'ArgList' || textOf(called, text) !== entryPoint) continue;
      const given = partsBetween(args).map((value) => names.valuesOf(value));
      const rounds = Math.max(0, ...given.map(({ length }) => length));
      for (let round = 0; round < rounds; round++) {
        // What is given once is the same in every round.
        const values = given.flatMap((each) => each[round] ?? each[0] ?? []);
        if (values.length === given.length && values.every((value) => isData(value, text))) yield values;
      }
    }
  },

  kindOf(node, text) {
    if (node.name === 'UnaryExpression' || node.name === 'Number') return isBig(node, text) ? 'bigint' : 'number';
    if (node.name === 'TemplateString') return 'String';
    if (node.name === 'VariableName') return textOf(node, text) === 'undefined' ? 'undefined' : 'number';
    return node.name === 'NewExpression' ? classOf(node, text) : node.name;
  },

  variantsOf(node, text) {
    const source = textOf(node, text);
    const cut = near(`${source}.slice(1)`, `${source}.slice(0, -1)`);
    switch (node.name) {
      case 'Number':
      case 'UnaryExpression':
        return numbers(`(${source})`, isBig(node, text) ? 'n' : '');
      case 'String':
      case 'TemplateString':
        return [
          ...near(`[...${source}].reverse().join('')`, `${source}.repeat(2)`),
          ...[...cut, ...near(`${source}.${otherCase(source)}()`, `${source}.replaceAll(' ', '   ')`)],
          ...edges("''", `${source} + ' '`, `${source} + ' ' + ${source}.slice(0, 1)`),
        ];
      case 'BooleanLiteral':
        return near(`!${source}`);
      case 'ArrayExpression':
        return [...near(`${source}.reverse()`, `[...${source}, ...${source}]`), ...cut, ...edges('[]')];
      case 'ObjectExpression':
        return edges('{}');
      case 'NewExpression':
        return around(node, text);
      default:
        return [];
    }
  },

  partsOf(node, text) {
    switch (node.name) {
      case 'ArrayExpression':
        return partsBetween(node).map(bare);
      case 'ObjectExpression':
        return partsBetween(node).flatMap((property) => (property.lastChild ? [bare(property.lastChild)] : []));
      case 'NewExpression':
        return operandsOf(node).flatMap((operand) => partsOfOperand(bare(operand), node, text));
      default:
        return [];
    }
  },

  mirrored({ name }, source) {
    if (name === 'String' || name === 'TemplateString') return `[...${source}].reverse().join('')`;
    return name === 'ArrayExpression' ? `${source}.reverse()` : undefined;
  },
};

/** A collection with its items varied as those of an array are, and one without. */
function around(creation: SyntaxNode, text: string): readonly Variant[] {
  const name = classOf(creation, text);
  const [items] = operandsOf(creation).map(bare);
  if (name === 'Date' || items?.name !== 'ArrayExpression') return [];
  const varied = SCRIPT.variantsOf(items, text).filter(({ atEdge }) => !atEdge);
  return [
    ...varied.map(({ source }) => ({ source: `new ${name}(${source})`, atEdge: false })),
    ...edges(`new ${name}()`),
  ];
}

/** What is varied of an operand of `new`: the items of a collection, the numbers of a date. A date of another text is mostly none. */
function partsOfOperand(operand: SyntaxNode, creation: SyntaxNode, text: string): readonly SyntaxNode[] {
  if (operand.name === 'ArrayExpression') return SCRIPT.partsOf(operand, text);
  return operand.name === 'String' && classOf(creation, text) === 'Date' ? [] : [operand];
}

function numbers(value: string, suffix: string): readonly Variant[] {
  const [none, one, two] = [0, 1, 2].map((digit) => `${digit}${suffix}`) as [string, string, string];
  return [...near(`${value} + ${one}`, `${value} - ${one}`, `${value} * ${two}`), ...edges(none, one, `-${value}`)];
}

/** The letters of a text in the other case, as far as that can be told from most of them. */
function otherCase(source: string): string {
  return /[a-z]/.test(source) ? 'toUpperCase' : 'toLowerCase';
}

function isData(node: SyntaxNode, text: string): boolean {
  if (ATOMS.has(node.name)) return true;
  const data = (part: SyntaxNode): boolean => isData(bare(part), text);
  switch (node.name) {
    case 'TemplateString':
      return node.getChild('Interpolation') === null;
    case 'VariableName':
      return NAMES.has(textOf(node, text));
    case 'MemberExpression':
      return CONSTANTS.test(textOf(node, text));
    case 'UnaryExpression':
      return /^[+-]\s*(?:\d[\w.]*|\.\d\w*|Infinity|NaN)$/.test(textOf(node, text));
    case 'ArrayExpression':
      return partsBetween(node).every(data);
    case 'ObjectExpression':
      return partsBetween(node).every((property) => isDataProperty(property, text));
    case 'NewExpression':
      return isDataClass(classOf(node, text), operandsOf(node)) && operandsOf(node).every(data);
    case 'CallExpression':
      return /^BigInt\((?:-?\d+|(["'])-?\w+\1)\)$/.test(textOf(node, text));
    default:
      return false;
  }
}

/** A property with a value of its own that is no prototype. */
function isDataProperty(property: SyntaxNode, text: string): boolean {
  const [key, colon, value, more] = childrenOf(property);
  if (property.name !== 'Property' || key === undefined || colon?.name !== ':' || !value || more) return false;
  if (!['PropertyDefinition', 'String', 'Number'].includes(key.name) || textOf(key, text).includes('__proto__'))
    return false;
  return isData(bare(value), text);
}

/** A date without its time is another with every call. */
function isDataClass(name: string, operands: readonly SyntaxNode[]): boolean {
  if (name === 'Date') return operands.length > 0;
  return COLLECTIONS.has(name) || TYPED_ARRAY.test(name);
}

function classOf(creation: SyntaxNode, text: string): string {
  const name = creation.getChild('VariableName');
  return name ? textOf(name, text) : '';
}

function operandsOf(creation: SyntaxNode): SyntaxNode[] {
  const args = creation.getChild('ArgList');
  return args ? partsBetween(args) : [];
}

function isBig(node: SyntaxNode, text: string): boolean {
  return /\dn$/.test(textOf(node, text));
}
