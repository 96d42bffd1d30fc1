import assert from 'node:assert/strict';
import { localModelEntry, readLocalModels, withLocalModels } from '../../../src/core/catalogue/localModels';
import { bundledCatalogue } from '../../../src/core/catalogue/bundled';
import { CatalogueError } from '../../../src/core/catalogue/modelList';

const HERE = 'http://127.0.0.1:11434/v1';
const SETTING = "'solvent.localModels' in your settings";

describe('models of this machine', () => {
  it('cost nothing, whatever the settings say', () => {
    const entry = { ...localModelEntry('qwen', HERE), inputUsdPerMTok: 3, outputUsdPerMTok: 9, reasoningUsdPerMTok: 5 };
    const [model] = readLocalModels([entry], SETTING);
    assert.deepEqual(model?.price, { input: 0n, output: 0n });
    assert.deepEqual([model.id, model.baseUrl, model.tokenizer], ['qwen', HERE, 'bytes']);
  });

  it('are bound by the window that the server told, and else by the smallest that one starts with', () => {
    const told = localModelEntry('a', HERE, 32768);
    const untold = localModelEntry('b', HERE);
    assert.deepEqual([told.contextWindow, told.maxOutputTokens], [32768, 16384]);
    assert.deepEqual([untold.contextWindow, untold.maxOutputTokens], [4096, 2048]);
  });

  it('have an address of this machine: a model elsewhere is not taken for free', () => {
    for (const baseUrl of ['https://api.openai.com/v1', 'http://10.0.0.1:11434/v1', 'http://127.0.0.1.example/v1']) {
      const read = (): unknown => readLocalModels([localModelEntry('x', baseUrl)], SETTING);
      assert.throws(
        read,
        (error: unknown) => error instanceof CatalogueError && error.message.includes('this machine'),
      );
    }
    const homeless = { ...localModelEntry('x', HERE), baseUrl: undefined };
    assert.throws(() => readLocalModels([homeless], SETTING), /this machine/);
  });

  it('are refused in a sentence where an entry is broken', () => {
    assert.throws(() => readLocalModels({}, SETTING), /must be a list of models/);
    assert.throws(() => readLocalModels([7], SETTING), /model 1 must be an object/);
    assert.throws(
      () => readLocalModels([{ ...localModelEntry('x', HERE), tier: 0 }], SETTING),
      /model 1 \('x'\): 'tier'/,
    );
  });

  it('stand beside those of the list, the first of a name, and the plan says which was left out', () => {
    const bundled = bundledCatalogue();
    const local = readLocalModels(
      [localModelEntry('gpt-4o', HERE), localModelEntry('qwen', HERE), localModelEntry('qwen', HERE)],
      SETTING,
    );
    const { models, notes } = withLocalModels(bundled, local);
    assert.deepEqual(
      models.slice(bundled.models.length).map(({ id }) => id),
      ['qwen'],
    );
    assert.equal(models.find(({ id }) => id === 'gpt-4o')?.baseUrl, undefined);
    assert.equal(notes?.length, 2);
    assert.match(notes[0] ?? '', /'gpt-4o'/);
    assert.equal(withLocalModels(bundled, []), bundled);
  });
});
