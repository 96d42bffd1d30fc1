import { childrenOf, isLiteral, nodesNamed, textOf } from '../task/nodes';
import { type Dialect, edges, near } from './dialect';

const SEQUENCES = ['String', 'ContinuedString', 'ArrayExpression', 'TupleExpression'];

/** Plain data of Python. */
export const PYTHON: Dialect = {
  *argumentsIn(root, text, entryPoint) {
    for (const call of nodesNamed(root, 'CallExpression')) {
      const [callee, args] = childrenOf(call);
      if (callee === undefined || args?.name !== 'ArgList' || textOf(callee, text) !== entryPoint) continue;
      const values = childrenOf(args).filter(({ name }) => !['(', ')', ','].includes(name));
      if (values.length > 0 && values.every(isLiteral)) yield values;
    }
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
