import assert from 'node:assert/strict';

/** An expression of the language of Seatbelt. */
type Expression = string | Literal | readonly Expression[];

/** A string, as against a name. */
class Literal {
  constructor(readonly text: string) {}
}

/** A path that a filter stands for, alone or with all that lies in it. */
export interface Area {
  readonly path: string;
  readonly tree: boolean;
}

/** One rule. Without filters it is about everything. */
interface Rule {
  readonly allow: boolean;
  readonly operations: readonly string[];
  readonly filters: readonly Expression[];
}

/**
 * A profile of Seatbelt, read as its documentation says: of the rules that fit, the last one decides. It knows what the
 * profiles of this project use, and fails on anything else.
 */
export class Profile {
  private readonly rules: readonly Rule[];

  constructor(
    text: string,
    private readonly parameters: ReadonlyMap<string, string>,
  ) {
    const [version, standard, ...rules] = expressionsOf(text);
    assert.deepEqual(
      [version, standard],
      [
        ['version', '1'],
        ['deny', 'default'],
      ],
    );
    this.rules = rules.map(ruleOf);
  }

  /** Whether an operation is allowed on a path, or at all where it has nothing to do with paths. */
  allows(operation: string, path?: string): boolean {
    const fitting = this.rules.filter(({ operations }) => operations.some((one) => covers(one, operation)));
    const last = fitting.findLast(({ filters }) => filters.length === 0 || this.fits(filters, path));
    return last?.allow ?? false;
  }

  /** The areas for which an operation is allowed. */
  areas(operation: string): Area[] {
    return this.rules
      .filter(({ allow, operations }) => allow && operations.some((one) => covers(one, operation)))
      .flatMap(({ filters }) => filters.flatMap((filter) => this.area(filter) ?? []));
  }

  /** The filters of rules that are not about paths, such as `(target self)`, as they stand. */
  conditions(operation: string): string[] {
    return this.rules
      .filter(({ operations }) => operations.some((one) => covers(one, operation)))
      .flatMap(({ filters }) => filters.filter((filter) => this.area(filter) === undefined).map(shown));
  }

  private fits(filters: readonly Expression[], path: string | undefined): boolean {
    return filters.some((filter) => {
      const area = this.area(filter);
      if (area === undefined || path === undefined) return area === undefined && path === undefined;
      return path === area.path || (area.tree && path.startsWith(`${area.path}/`));
    });
  }

  private area(filter: Expression): Area | undefined {
    if (typeof filter === 'string' || filter instanceof Literal) return assert.fail(`no filter: ${shown(filter)}`);
    const [kind, path] = filter;
    if ((kind !== 'subpath' && kind !== 'literal') || path === undefined) return undefined;
    return { path: this.textOf(path), tree: kind === 'subpath' };
  }

  private textOf(expression: Expression): string {
    if (expression instanceof Literal) return expression.text;
    const [name, ...operands] = typeof expression === 'string' ? [] : expression;
    const texts = operands.map((operand) => this.textOf(operand));
    if (name === 'string-append') return texts.join('');
    assert.equal(name, 'param', shown(expression));
    const value = this.parameters.get(texts[0] ?? '');
    return value ?? assert.fail(`there is no parameter ${texts[0] ?? ''}`);
  }
}

/** Reads the options of `sandbox-exec`: the profile with its parameters, and the command. */
export function readArguments(args: readonly string[]): { readonly profile: Profile; readonly command: string[] } {
  const parameters = new Map<string, string>();
  let text = '';
  let at = 0;
  for (; args[at] !== '--'; at += 2) {
    const [option, value] = [args[at], args[at + 1]];
    assert.ok(value !== undefined, 'the options end with --');
    if (option === '-p') text = value;
    else if (option === '-D') parameters.set(value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1));
    else assert.fail(`unknown option ${option ?? ''}`);
  }
  return { profile: new Profile(text, parameters), command: args.slice(at + 1) };
}

/** `file-read*` covers all operations that begin so, and itself. */
function covers(rule: string, operation: string): boolean {
  return rule.endsWith('*') ? operation.startsWith(rule.slice(0, -1)) : rule === operation;
}

function ruleOf(expression: Expression): Rule {
  assert.ok(Array.isArray(expression), `no rule: ${shown(expression)}`);
  const [action, ...rest] = expression as readonly Expression[];
  assert.ok(action === 'allow' || action === 'deny', `no rule: ${shown(expression)}`);
  const operations = rest.filter((one) => typeof one === 'string');
  return { allow: action === 'allow', operations, filters: rest.filter((one) => typeof one !== 'string') };
}

function shown(expression: Expression): string {
  if (typeof expression === 'string') return expression;
  return expression instanceof Literal ? JSON.stringify(expression.text) : `(${expression.map(shown).join(' ')})`;
}

function expressionsOf(text: string): Expression[] {
  const tokens = text.match(/[()]|"(?:[^"\\]|\\.)*"|[^\s()"]+/g) ?? [];
  assert.equal(
    tokens.join('').length,
    text.replace(/\s(?=(?:[^"]*"[^"]*")*[^"]*$)/g, '').length,
    'every character is read',
  );
  const open: Expression[][] = [[]];
  for (const token of tokens) {
    if (token === '(') open.push([]);
    else if (token !== ')') open.at(-1)?.push(token.startsWith('"') ? new Literal(JSON.parse(token) as string) : token);
    else {
      const closed = open.pop() ?? [];
      assert.ok(open.length > 0, 'parentheses match');
      open.at(-1)?.push(closed);
    }
  }
  assert.equal(open.length, 1, 'parentheses match');
  return open[0] ?? [];
}
