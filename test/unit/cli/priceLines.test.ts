import assert from 'node:assert/strict';
import type { CurrentPrices } from '../../../src/core/catalogue/current';
import { bundledCatalogue } from '../../../src/core/catalogue/bundled';
import { priceChanges } from '../../../src/core/catalogue/priceChanges';
import { perToken } from '../../../src/core/money';
import { widthOf } from '../../../src/cli/view/cells';
import { COLOURS } from '../../../src/cli/view/paint';
import { changeLines, priceLines } from '../../../src/cli/view/priceLines';
import { NO_SCREEN, type Screen } from '../../../src/cli/view/screen';
import { aModel } from '../../support/models';

const bundled: CurrentPrices = { catalogue: bundledCatalogue(), origin: 'bundled', file: '/data/prices.json' };
const of = (...models: CurrentPrices['catalogue']['models']): CurrentPrices['catalogue'] => ({
  ...{ asOf: '2026-07-01', source: 'a test', models },
});
const terminal = (width: number): Screen => ({ ...NO_SCREEN, live: true, width: () => width });

describe('the table of prices', () => {
  it('says their day and where they come from, and has a line for every model, exact', () => {
    const [day, source, , head, ...lines] = priceLines(bundled, NO_SCREEN);
    assert.equal(day, 'Prices as of 2026-07-01 (bundled), in USD per million tokens.');
    assert.match(source!, /models\.dev \(MIT\)/);
    assert.match(head!, /^model +input +output +cached input +tier +context +longest answer$/);
    assert.equal(lines.length, bundled.catalogue.models.length);
    assert.ok(lines.some((line) => /^deepseek-chat +\$0\.14 +\$0\.28 +\$0\.0028 +1 +1000000 +384000$/.test(line)));
  });

  it('has columns for cache writes, reasoning and validity only where a model states them', () => {
    const price = { input: perToken(1), output: perToken(2), cacheWrite: perToken(3), reasoning: perToken(4) };
    const model = { ...aModel('m', 1, 1, 2), price, priceValidFrom: '2026-06-01', priceValidUntil: '2026-06-30' };
    const [, , , head, line] = priceLines({ ...bundled, catalogue: of(model) }, NO_SCREEN);
    assert.match(head!, /^model +input +output +cache write +reasoning +valid +tier/);
    assert.match(line!, /^m +\$1\.00 +\$2\.00 +\$3\.00 +\$4\.00 +2026-06-01 to 2026-06-30 +1 /);
  });

  it('keeps to the width of a terminal by leaving out what matters least', () => {
    for (const width of [120, 72, 60, 45]) {
      const lines = priceLines(bundled, terminal(width)).slice(3);
      for (const line of lines) assert.ok(widthOf(line) <= width, `${width}: ${line}`);
      assert.match(lines[0]!, /^model +input +output/);
    }
    assert.doesNotMatch(priceLines(bundled, terminal(45))[3]!, /context/);
  });
});

describe('the changes of prices', () => {
  it('stand with old and new price and the factor, unusual ones first and marked', () => {
    const cached = {
      ...aModel('b', 1, 1, 3),
      price: { input: perToken(1), output: perToken(3), cachedInput: perToken('0.1') },
    };
    const changes = priceChanges(
      of(aModel('a', 1, 1, 3), aModel('b', 1, 1, 3)),
      of(aModel('a', 1, '0.6667', 60), cached),
    );
    assert.deepEqual(changeLines(changes, NO_SCREEN), [
      'a  output           $3.00  →   $60.00  × 20     unusual',
      'a  input            $1.00  →  $0.6667  × 0.667',
      'b  cached input  as input  →    $0.10',
    ]);
    const [first, second] = changeLines(changes, { paint: COLOURS });
    assert.ok(first!.startsWith('\u001b[33m') && !second!.startsWith('\u001b'));
  });

  it('are told where there are none', () => {
    assert.deepEqual(changeLines([], NO_SCREEN), ['No price changed.']);
  });
});
