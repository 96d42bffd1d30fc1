import type { SyntaxNode } from '@lezer/common';
import { childrenOf, nodesNamed, textOf } from '../nodes';

/** Names that Python has without an import. */
export const BUILTINS: ReadonlySet<string> = new Set(
  (
    'abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr ' +
    'dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input ' +
    'int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property ' +
    'range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __name__ ' +
    '__import__ NotImplemented Ellipsis self cls ' +
    'BaseException Exception ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError BufferError ' +
    'ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError EOFError ' +
    'EnvironmentError FileExistsError FileNotFoundError FloatingPointError GeneratorExit IOError ImportError ' +
    'IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ' +
    'ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError PermissionError ' +
    'ProcessLookupError RecursionError ReferenceError RuntimeError StopAsyncIteration StopIteration SyntaxError ' +
    'SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError ' +
    'UnicodeError UnicodeTranslateError ValueError ZeroDivisionError Warning DeprecationWarning FutureWarning ' +
    'ImportWarning PendingDeprecationWarning ResourceWarning RuntimeWarning SyntaxWarning UnicodeWarning UserWarning'
  ).split(' '),
);

/** Every variable that a piece of code mentions; names of keyword arguments and of attributes are none. */
export function mentionedNames(node: SyntaxNode, text: string): Set<string> {
  const names = new Set<string>();
  for (const name of nodesNamed(node, 'VariableName')) {
    const keyword = name.parent?.name === 'ArgList' && name.nextSibling?.name === 'AssignOp';
    // The parser takes the attributes in a decorator for variables.
    const attribute = name.parent?.name === 'Decorator' && text[name.from - 1] === '.';
    if (!keyword && !attribute) names.add(textOf(name, text));
  }
  return names;
}

/**
 * The variables that a piece of code binds anywhere inside: parameters, assignments, loops, imports, definitions.
 * Scopes are not told apart: for leaving out a local of that name, the whole piece is fine enough.
 */
export function boundNames(node: SyntaxNode, text: string): Set<string> {
  const names = new Set<string>();
  const add = (name: SyntaxNode | null | undefined): void => {
    if (name?.name === 'VariableName') names.add(textOf(name, text));
  };
  const addTargets = (target: SyntaxNode): void => {
    if (target.name === 'VariableName') add(target);
    else if (/^(Tuple|Array|Parenthesized)Expression$/.test(target.name)) childrenOf(target).forEach(addTargets);
  };
  node.cursor().iterate((cursor) => {
    switch (cursor.name) {
      case 'FunctionDefinition':
      case 'ClassDefinition':
        add(cursor.node.getChild('VariableName'));
        break;
      case 'ParamList':
        // A default value follows its AssignOp; every other direct name is a parameter.
        childrenOf(cursor.node).forEach((child) => {
          if (child.prevSibling?.name !== 'AssignOp') add(child);
        });
        break;
      case 'AssignStatement': {
        const parts = childrenOf(cursor.node);
        const last = parts.findLastIndex((part) => part.name === 'AssignOp');
        parts.slice(0, last < 0 ? 1 : last).forEach(addTargets);
        break;
      }
      case 'NamedExpression':
        add(cursor.node.firstChild);
        break;
      case 'ForStatement':
      case 'ArrayComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'DictionaryComprehensionExpression':
      case 'ComprehensionExpression': {
        let target = false;
        for (const child of childrenOf(cursor.node)) {
          if (child.name === 'for') target = true;
          else if (child.name === 'in') target = false;
          else if (target) addTargets(child);
        }
        break;
      }
      case 'ImportStatement':
        importsOf(cursor.node, text).forEach((entry) => names.add(entry.bound));
        break;
      case 'as':
        if (cursor.node.parent?.name !== 'ImportStatement') add(cursor.node.nextSibling);
        break;
    }
  });
  return names;
}

/** The variables that a piece of code takes from outside. */
export function freeNames(node: SyntaxNode, text: string): Set<string> {
  const bound = boundNames(node, text);
  return new Set([...mentionedNames(node, text)].filter((name) => !bound.has(name)));
}

/** One name that an import statement brings. */
export interface ImportEntry {
  /** Empty for `import x`; otherwise what stands after `from`, dots included. */
  readonly module: string;
  /** What is imported: a dotted module for `import x.y`, a name or `*` for `from`. */
  readonly name: string;
  readonly alias: string | undefined;
  /** The variable it binds, `*` for a star. */
  readonly bound: string;
}

/** The names that an import statement brings, in order. */
export function importsOf(statement: SyntaxNode, text: string): ImportEntry[] {
  const parts = childrenOf(statement).filter((part) => !part.type.isError && part.name !== 'Comment');
  const from = parts[0]?.name === 'from';
  const importAt = parts.findIndex((part) => part.name === 'import');
  if (importAt < 0) return [];
  const module = from
    ? parts
        .slice(1, importAt)
        .map((part) => textOf(part, text))
        .join('')
    : '';
  const entries: ImportEntry[] = [];
  let name = '';
  let alias: string | undefined;
  let aliasNext = false;
  const close = (): void => {
    if (name !== '') {
      const bound = alias ?? (from ? name : name.split('.')[0]) ?? name;
      entries.push({ module, name, alias, bound });
    }
    name = '';
    alias = undefined;
  };
  for (const part of parts.slice(importAt + 1)) {
    if (part.name === ',') close();
    else if (part.name === 'as') aliasNext = true;
    else if (part.name === '(' || part.name === ')') continue;
    else if (aliasNext) {
      alias = textOf(part, text);
      aliasNext = false;
    } else name += textOf(part, text);
  }
  close();
  return entries;
}

/** Writes imports of one statement: all entries must be of the same module. */
export function formatImport(entries: readonly ImportEntry[]): string {
  const names = entries.map((e) => (e.alias === undefined ? e.name : `${e.name} as ${e.alias}`)).join(', ');
  const module = entries[0]?.module ?? '';
  return module === '' ? `import ${names}` : `from ${module} import ${names}`;
}
