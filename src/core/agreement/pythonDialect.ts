import { childrenOf, isLiteral, textOf } from '../task/nodes';
import { type Dialect, edges, near } from './dialect';

const SEQUENCES = ['String', 'ContinuedString', 'ArrayExpression', 'TupleExpression'];

/** Plain data of Python. */
export const PYTHON: Dialect = {
  argumentsOf(call, text, entryPoint) {
    const [callee, args] = childrenOf(call);
    if (callee === undefined || args?.name !== 'ArgList' || textOf(callee, text) !== entryPoint) return undefined;
    const values = childrenOf(args).filter(({ name }) => !['(', ')', ','].includes(name));
    return values.length > 0 && values.every(isLiteral) ? values : undefined;
  },

  kindOf: ({ name }) => name,

  variantsOf(literal, text) {
    const value = `(${textOf(literal, text)})`;
    const cut = near(`${value}[::-1]`, `${value} * 2`, `${value}[1:]`, `${value}[:-1]`);
    switch (literal.name) {
      case 'Number':
      case 'UnaryExpression':
        return [...near(`${value} + 1`, `${value} - 1`, `${value} * 2`), ...edges('0', '1', `-${value}`)];
      case 'String':
      case 'ContinuedString':
        return [
          ...[...cut, ...near(`${value}.swapcase()`, `${value}.replace(' ', '   ')`)],
          ...edges("''", `${value} + ' '`, `${value} + ' ' + ${value}[:1]`),
        ];
      case 'Boolean':
        return near(`not ${value}`);
      case 'ArrayExpression':
        return [...cut, ...edges('[]')];
      case 'TupleExpression':
        return [...cut, ...edges('()')];
      case 'DictionaryExpression':
        return edges('{}');
      default:
        return [];
    }
  },

  partsOf(collection) {
    if (collection.name !== 'ArrayExpression' && collection.name !== 'TupleExpression') return [];
    return childrenOf(collection).filter((child) => isLiteral(child));
  },

  mirrored: ({ name }, source) => (SEQUENCES.includes(name) ? `(${source})[::-1]` : undefined),
};
