import assert from 'node:assert/strict';
import { readArgs } from '../../../src/cli/args';
import { CommandError } from '../../../src/cli/exitCode';
import { commandHelp, generalHelp } from '../../../src/cli/help';
import { COMMAND_NAMES, optionsOf } from '../../../src/cli/options';
import { usd } from '../../../src/core/money';

const SOLVE = ['solve', '--task', 't.json', '--budget', '0.002'];

function refused(argv: readonly string[]): string {
  try {
    readArgs(argv);
  } catch (error) {
    assert.ok(error instanceof CommandError, String(error));
    assert.equal(error.exitCode, 2);
    return error.message;
  }
  assert.fail(`accepted: ${argv.join(' ')}`);
}

describe('the arguments of the command line', () => {
  it('are read with their defaults', () => {
    const command = readArgs(SOLVE);
    assert.deepEqual(command, {
      name: 'solve',
      options: {
        task: 't.json',
        budget: usd('0.002'),
        json: false,
        headers: [],
        topology: 'auto',
        mode: 'balanced',
        profile: 'verified',
        sandbox: 'auto',
      },
    });
  });

  it('take a project in place of a task, with what may be said of it', () => {
    const at = ['--project', '.', '--file', 'a.py'];
    const command = readArgs(['solve', '--budget', '1', ...at, '--name', 'f', '--yes', '--tolerate', 'a', '--apply']);
    assert.ok(command.name === 'solve');
    assert.deepEqual(command.options.project, { folder: '.', file: 'a.py', name: 'f', yes: true, tolerated: ['a'] });
    assert.deepEqual([command.options.task, command.options.apply], [undefined, true]);
    const checked = readArgs(['check', '--task', 't.json', '--code', 'c.py', ...at, '--test-command', 'make test']);
    assert.ok(checked.name === 'check');
    assert.equal(checked.options.task, 't.json');
    assert.deepEqual(checked.options.project, {
      ...{ folder: '.', file: 'a.py', command: 'make test', yes: false, tolerated: [] },
    });
    assert.match(
      refused(['plan', '--budget', '1', ...at, '--name', 'f', '--task', 't']),
      /--name is for a project without/,
    );
    assert.match(
      refused(['plan', '--budget', '1', ...at, '--name', 'f', '--yes', '--test-command', 'x']),
      /--yes runs a proposed command/,
    );
    assert.match(refused(['plan', '--budget', '1']), /needs --task FILE/);
  });

  it('are read with everything that can be said', () => {
    const command = readArgs([
      ...SOLVE,
      ...['--json', '--models', 'm.json', '--base-url', 'http://localhost:1/v1', '--api-key-env', 'MY_KEY'],
      ...['--header', 'X-Run: {runId}', '--header', 'x-role:{role}', '--strategy', 'bamas', '--topology', 'linear'],
      ...['--profile', 'verified', '--seed', '7', '--ledger', 'l', '--max-seconds', '1.5', '--python', 'p'],
      ...['--per-day', '0.5', '--per-month', '0'],
    ]);
    assert.ok(command.name === 'solve');
    const { options } = command;
    assert.deepEqual(options.headers, [
      { name: 'X-Run', value: '{runId}' },
      { name: 'x-role', value: '{role}' },
    ]);
    assert.equal(options.topology, 'linear');
    assert.equal(options.seed, 7);
    assert.equal(options.maxSeconds, 1.5);
    assert.equal(options.apiKeyEnv, 'MY_KEY');
    assert.deepEqual([options.perDay, options.perMonth], [usd('0.5'), usd(0)]);
    assert.equal(options.json, true);
  });

  it('take a dash as the name of standard input', () => {
    const command = readArgs(['solve', '--task', '-', '--budget', '1']);
    assert.ok(command.name === 'solve');
    assert.equal(command.options.task, '-');
  });

  const bad: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['nothing at all', [], /Say what to do/],
    ['an unknown command', ['slove'], /no command 'slove'. Did you mean solve/],
    ['an option before the command', ['--json', 'solve'], /command comes first/],
    ['a missing task', ['solve', '--budget', '1'], /needs --task FILE/],
    ['a missing budget', ['solve', '--task', 'x'], /needs --budget USD/],
    ['a missing value at the end', ['solve', '--budget', '1', '--task'], /--task needs a value/],
    ['a missing value before an option', ['solve', '--task', '--budget', '1'], /--task needs a value/],
    ['an empty value', ['solve', '--task', '', '--budget', '1'], /--task needs a value/],
    ['an unknown option', [...SOLVE, '--moels', 'x'], /no option '--moels'. Did you mean --models/],
    ['an option of another command', [...SOLVE, '--out', 'x'], /no option '--out'/],
    ['a stray word', [...SOLVE, 'x'], /what to do with 'x'/],
    ['a value for a flag', [...SOLVE, '--json=yes'], /--json takes no value/],
    ['a budget beyond all money', ['solve', '--task', 'x', '--budget', '1e400'], /amount of USD such as 0.002/],
    ['a budget that is a word', ['solve', '--task', 'x', '--budget', 'cheap'], /amount of USD/],
    ['a budget with a currency sign', ['solve', '--task', 'x', '--budget', '$1'], /amount of USD/],
    ['a budget of nothing', ['solve', '--task', 'x', '--budget', '0'], /more than 0/],
    ['a budget below the smallest unit', ['solve', '--task', 'x', '--budget', '1e-18'], /more than 0/],
    ['a budget that is no number', ['solve', '--task', 'x', '--budget', 'NaN'], /amount of USD/],
    ['a cap that is a word', [...SOLVE, '--per-day', 'none'], /--per-day must be an amount of USD/],
    ['a negative cap', [...SOLVE, '--per-month=-1'], /--per-month must be an amount of USD/],
    ['a negative budget', ['solve', '--task', 'x', '--budget=-1'], /amount of USD/],
    ['an infinite budget', ['solve', '--task', 'x', '--budget', 'Infinity'], /amount of USD/],
    [
      'an unknown topology',
      [...SOLVE, '--topology', 'ring'],
      /must be auto, linear, star, feedback or planner, but is 'ring'/,
    ],
    ['an unknown profile', [...SOLVE, '--profile', 'fast'], /must be verified/],
    ['an unknown mode', [...SOLVE, '--mode', 'wild'], /must be frugal, balanced or thorough/],
    ['a strategy of later', [...SOLVE, '--strategy', 'corl'], /later version: use bamas/],
    ['an unknown strategy', [...SOLVE, '--strategy', 'luck'], /must be bamas/],
    ['no sandbox', ['check', '--task', 'x', '--code', 'y', '--sandbox', 'none'], /must be auto, os or wasm/],
    ['a base URL without a scheme', [...SOLVE, '--base-url', 'localhost:1'], /http/],
    ['a base URL with a password', [...SOLVE, '--base-url', 'http://a:b@c/v1'], /name or password/],
    ['a header without a name', [...SOLVE, '--header', 'value only'], /name: value/],
    ['a header of two lines', [...SOLVE, '--header', 'a: b\r\nc: d'], /name: value/],
    ['a seed with a point', [...SOLVE, '--seed', '1.5'], /whole number/],
    ['no time', [...SOLVE, '--max-seconds', '0'], /number of seconds/],
    ['a time in words', [...SOLVE, '--max-seconds', '1m'], /number of seconds/],
    ['no concurrency', ['batch', '--tasks', 'x', '--budget', '1', '--out', 'y', '--concurrency', '0'], /from 1 to 64/],
    ['prices from a server elsewhere without https', ['prices', '--refresh', '--from', 'http://models.dev'], /https/],
    ['prices from an address with a password', ['prices', '--refresh', '--from', 'https://a:b@c/'], /https/],
    ['prices from what is no address', ['prices', '--refresh', '--from', 'models.dev'], /--from must start with https/],
    ['an address of prices without a refresh', ['prices', '--from', 'https://a.example'], /--refresh/],
    ['a batch without an out', ['batch', '--tasks', 'x', '--budget', '1'], /needs --out FILE/],
  ];
  for (const [what, argv, said] of bad) {
    it(`refuse ${what}`, () => {
      assert.match(refused(argv), said);
    });
  }

  it('leave prices as they are unless a refresh is asked for, from models.dev or a mirror', () => {
    const from = (...argv: readonly string[]): string | undefined => {
      const command = readArgs(['prices', ...argv]);
      assert.ok(command.name === 'prices');
      return command.options.refreshFrom;
    };
    assert.equal(from(), undefined);
    assert.equal(from('--refresh'), 'https://models.dev/api.json');
    assert.equal(from('--refresh', '--from', 'http://127.0.0.1:8/x'), 'http://127.0.0.1:8/x');
  });

  it('do not repeat what may be a key', () => {
    assert.doesNotMatch(refused([...SOLVE, '--api-key-env', 'sk-live-1234']), /1234/);
    assert.doesNotMatch(refused([...SOLVE, '--header', 'Bearer live-1234']), /1234/);
  });

  it('give help for every command, with every option it knows', () => {
    for (const name of COMMAND_NAMES) {
      assert.deepEqual(readArgs([name, '--help']), { name: 'help', of: name });
      assert.match(generalHelp(100), new RegExp(`^  ${name} `, 'm'));
      for (const option of optionsOf(name)) assert.match(commandHelp(name, 80), new RegExp(`--${option}\\b`));
    }
  });

  it('fit the help into the columns that there are', () => {
    for (const width of [72, 80, 100]) {
      const lines = COMMAND_NAMES.flatMap((name) => commandHelp(name, width).split('\n'));
      for (const line of [...lines, ...generalHelp(width).split('\n')]) assert.ok(line.length <= width, line);
    }
  });

  it('give the help of a command by its name, and none of one that there is not', () => {
    assert.deepEqual(readArgs(['help', 'plan']), { name: 'help', of: 'plan' });
    assert.deepEqual(readArgs(['help']), { name: 'help', of: undefined });
    assert.match(refused(['help', 'paln']), /no command 'paln'. Did you mean plan/);
  });

  it('speak of values that begin with a dash only where one may have been meant', () => {
    assert.equal(refused(['solve', '--task']), '--task needs a value: --task FILE.');
    assert.match(refused(['solve', '--task', '-t']), /is written --task=-/);
  });
});
