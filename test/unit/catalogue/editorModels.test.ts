import assert from 'node:assert/strict';
import {
  EDITOR_PRICES,
  type EditorModel,
  editorModels,
  isEstimated,
  readEditorPrices,
} from '../../../src/core/catalogue/editorModels';
import { CatalogueError, readCatalogue } from '../../../src/core/catalogue/modelList';
import { isDay } from '../../../src/core/catalogue/day';
import { perToken } from '../../../src/core/money';

const SETTING = "'solvent.editorModels.prices' in your settings";
const MINI: EditorModel = { vendor: 'copilot', id: 'gpt-5-mini', name: 'GPT-5 mini', maxInputTokens: 64_000 };
const SONNET: EditorModel = { vendor: 'copilot', id: 'x9', name: 'Claude Sonnet 5', maxInputTokens: 128_000 };
const OTHER: EditorModel = { vendor: 'acme', id: 'gpt-5-mini', name: 'GPT-5 mini', maxInputTokens: 8000 };
const NONE = { prices: new Map(), unpricedRequests: 0 };

function prices(...entries: readonly object[]): ReturnType<typeof readEditorPrices> {
  return readEditorPrices(entries, SETTING);
}

describe('the models of the editor', () => {
  it('have the bundled prices where they are Copilot’s, in dollars for credits of a cent', () => {
    const { models, missing } = editorModels([MINI, SONNET], NONE);
    assert.deepEqual(
      models.map(({ id, price }) => [id, price]),
      [
        ['vscode:copilot/gpt-5-mini', { input: perToken('0.25'), output: perToken(2) }],
        ['vscode:copilot/x9', { input: perToken(2), output: perToken(10), cacheWrite: perToken('2.5') }],
      ],
    );
    assert.deepEqual(missing, []);
    assert.ok(isDay(EDITOR_PRICES.asOf));
    const said = (...offered: readonly EditorModel[]): string => editorModels(offered, NONE).notes.join(' ');
    assert.ok(said(MINI).includes(`as of ${EDITOR_PRICES.asOf}`) && !said(OTHER).includes('as of'));
    assert.match(said(), /offers no models: sign in/);
  });

  it('of another vendor have no bundled price, whatever they are called', () => {
    const { models, missing, notes } = editorModels([OTHER], NONE);
    assert.deepEqual([models, missing], [[], ['acme/gpt-5-mini']]);
    assert.match(notes.join(' '), /Left out: acme\/gpt-5-mini.*not known.*solvent\.editorModels\.prices/);
  });

  it('have the price that the user says before any other', () => {
    const own = prices(
      { id: 'copilot/gpt-5-mini', inputCreditsPerMTok: 30, outputCreditsPerMTok: '200.5', tier: 1 },
      { id: 'acme/gpt-5-mini', inputCreditsPerMTok: 0, outputCreditsPerMTok: 0, contextWindow: 4000 },
    );
    const [mini, other] = editorModels([MINI, OTHER], { ...NONE, prices: own }).models;
    assert.deepEqual([mini?.price, mini?.tier], [{ input: perToken('0.3'), output: perToken('2.005') }, 1]);
    assert.deepEqual([other?.price.input, other?.contextWindow], [0n, 4000]);
  });

  it('without a price are used only by the number of requests that the user allows, and every plan says so', () => {
    const { models, unpriced, missing, notes } = editorModels([OTHER], { ...NONE, unpricedRequests: 5 });
    assert.deepEqual([models.length, [...unpriced], missing], [1, ['vscode:acme/gpt-5-mini'], []]);
    assert.match(notes.join(' '), /not known and not in any budget: a run makes at most 5/);
  });

  it('are estimated by name, which no list of the user can take', () => {
    const [model] = editorModels([MINI], NONE).models;
    assert.ok(isEstimated(model?.id ?? '') && !isEstimated('gpt-5-mini'));
    assert.match(editorModels([MINI], NONE).notes.join(' '), /estimated/);
    const entry = { id: 'vscode:copilot/x', tier: 1, inputUsdPerMTok: 0, outputUsdPerMTok: 0 };
    const list = { asOf: '2026-01-01', models: [{ ...entry, contextWindow: 9, maxOutputTokens: 9 }] };
    assert.throws(() => readCatalogue(list, 'x'), /names that begin with 'vscode:'/);
  });

  it('take no longer prompt than their price holds for', () => {
    const long: EditorModel = { ...MINI, id: 'gpt-5.4', maxInputTokens: 900_000 };
    assert.equal(editorModels([long], NONE).models[0]?.contextWindow, 272_000);
    assert.equal(editorModels([MINI], NONE).models[0]?.contextWindow, 68_096);
  });

  it('that are offered twice, or take nothing, are one or none', () => {
    assert.equal(editorModels([MINI, MINI, { ...SONNET, maxInputTokens: 0 }], NONE).models.length, 1);
  });

  it('are refused in a sentence where the user’s prices are broken', () => {
    const entry = { id: 'copilot/x', inputCreditsPerMTok: 1, outputCreditsPerMTok: 1 };
    const broken: readonly (readonly [object, RegExp])[] = [
      [{ ...entry, id: '' }, /model 1: 'id' must be vendor and id/],
      [{ id: 'copilot/x', inputCreditsPerMTok: 1 }, /\('copilot\/x'\) has no price: add 'outputCreditsPerMTok'/],
      [{ ...entry, inputCreditsPerMTok: -1 }, /must be AI credits per million tokens/],
      [{ ...entry, inputCreditsPerMTok: 'free' }, /must be AI credits/],
      [{ ...entry, tier: 0.5 }, /'tier' must be a whole number/],
      [{ ...entry, priceValidUntil: 'soon' }, /must be a day/],
    ];
    for (const [one, message] of broken) {
      assert.throws(
        () => prices(one),
        (error: unknown) => error instanceof CatalogueError && message.test(error.message),
      );
    }
    assert.throws(() => readEditorPrices({}, SETTING), /must be a list/);
  });
});
