import assert from 'node:assert/strict';
import { readArgs } from '../../../src/cli/args';
import { CommandError, EXIT } from '../../../src/cli/exitCode';
import { usd, ZERO } from '../../../src/core/money';

const read = (...args: readonly string[]): unknown => readArgs(['ledger', ...args]);
const action = (...args: readonly string[]): unknown =>
  (read(...args) as { readonly options: { readonly action: unknown } }).options.action;

describe('the options of ledger', () => {
  it('are one action each', () => {
    assert.deepEqual(action(), { kind: 'report', json: false });
    assert.deepEqual(action('--json'), { kind: 'report', json: true });
    assert.deepEqual(action('--run', 'ab', '--json'), { kind: 'run', run: 'ab', json: true });
    assert.deepEqual(action('--export', 'csv'), { kind: 'export', format: 'csv', file: undefined });
    assert.deepEqual(action('--export', 'json', '--out', 'x'), { kind: 'export', format: 'json', file: 'x' });
    assert.deepEqual(action('--clear', 'ab', '--billed', '0'), { kind: 'clear', call: 'ab', billed: ZERO });
    assert.deepEqual(action('--forget', 'm'), { kind: 'forget', model: 'm' });
    assert.deepEqual(action('--repair'), { kind: 'repair', assume: ZERO });
    assert.deepEqual(action('--repair', '--assume', '0.5'), { kind: 'repair', assume: usd('0.5') });
  });

  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [['--run', 'a', '--repair'], /^--run and --repair do not go together/],
    [['--clear', 'a', '--billed', '1', '--forget', 'm'], /^--clear and --forget do not go together/],
    [['--billed', '1'], /^--billed is for --clear: add that\.$/],
    [['--out', 'x'], /^--out is for --export: add that\.$/],
    [['--out', 'x', '--run', 'a'], /^--out is for --export/],
    [['--assume', '1'], /^--assume is for --repair/],
    [['--assume', '1', '--clear', 'a', '--billed', '1'], /^--assume is for --repair/],
    [['--clear', 'a'], /^--clear needs --billed USD/],
    [['--clear', 'a', '--billed', 'much'], /^--billed must be an amount of USD such as 0\.002, but is 'much'\.$/],
    [['--clear', 'a', '--billed=-1'], /^--billed must be an amount/],
    [['--repair', '--assume', '1e'], /^--assume must be an amount/],
    [['--export', 'xml'], /^--export must be csv or json, but is 'xml'\.$/],
    [['--export', 'csv', '--json'], /^--json and --export do not go together: --export json is what you may mean\.$/],
    [['--repair', '--json'], /^--json and --repair do not go together\.$/],
    [['--run', ''], /^--run needs a value: --run ID\.$/],
    [['--clear'], /^--clear needs a value/],
    [['--repairs'], /Did you mean --repair\?$/],
    [['extra'], /does not know what to do with 'extra'/],
  ];
  for (const [args, message] of refused) {
    it(`are refused with what to do: ${args.join(' ')}`, () => {
      assert.throws(
        () => read(...args),
        (error) => error instanceof CommandError && error.exitCode === EXIT.usage && message.test(error.message),
      );
    });
  }
});
