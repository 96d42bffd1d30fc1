import type { Catalogue, Model } from '../core/catalogue/model';
import { perToken, usd } from '../core/money';
import type { DemoModel } from './sample';

/** What one task of the demo may cost at most, in play money. */
export const DEMO_BUDGET = usd('0.002');

/** The two made-up models. Their prices are made up too, and only their ratio is as in life. */
export const DEMO_CATALOGUE: Catalogue = {
  asOf: '2026-01-01',
  source: 'made up for the demo',
  models: [model('demo-strong', 1, '0.40', '1.40'), model('demo-cheap', 2, '0.04', '0.14')],
};

function model(id: DemoModel, tier: number, input: string, output: string): Model {
  return {
    id,
    tier,
    price: { input: perToken(input), output: perToken(output) },
    contextWindow: 8192,
    maxOutputTokens: 2048,
    tokenizer: 'o200k_base',
    exactTokenizer: true,
  };
}
