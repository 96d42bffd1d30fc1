import assert from 'node:assert/strict';
import { localServers } from '../../../src/core/providers/localServers';
import { presetAt, PRESETS, type ProviderPreset } from '../../../src/core/providers/presets';
import { apiError, type FaultServer, silence, startFaultServer, status } from '../../servers/faultServer';

const OLLAMA = presetAt('http://127.0.0.1:11434/v1') ?? assert.fail();
const OPENAI = presetAt('https://api.openai.com/v1') ?? assert.fail();
/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:9/v1';

describe('servers of this machine', () => {
  const servers: FaultServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  async function at(preset: ProviderPreset): Promise<{ server: FaultServer; preset: ProviderPreset }> {
    const server = await startFaultServer();
    servers.push(server);
    return { server, preset: { ...preset, baseUrl: server.baseUrl } };
  }

  it('are found with their models, and the window that they tell', async () => {
    const { server, preset } = await at(OLLAMA);
    server.script(status(200, { data: [{ id: 'qwen' }, { id: 'llama', max_model_len: 32768 }] }));
    assert.deepEqual(await localServers([preset]), [
      { preset, models: [{ id: 'qwen' }, { id: 'llama', contextWindow: 32768 }] },
    ]);
  });

  it('are sent no key', async () => {
    const { server, preset } = await at(OLLAMA);
    server.script(status(200, { data: [] }));
    await localServers([preset]);
    assert.deepEqual(
      server.received.map(({ path, headers }) => [path, headers.authorization]),
      [['/v1/models', undefined]],
    );
  });

  it('are found also where they want a key first', async () => {
    const { server, preset } = await at(OLLAMA);
    server.script(apiError(401, 'No key'));
    assert.deepEqual(await localServers([preset]), [{ preset, models: undefined }]);
  });

  it('are not taken for found where another program listens, or none, or one that stays silent', async () => {
    const [page, other, mute] = [await at(OLLAMA), await at(OLLAMA), await at(OLLAMA)];
    page.server.script(status(200, '<!DOCTYPE html><p>Welcome'));
    other.server.script(status(404));
    mute.server.script(silence);
    const presets = [page.preset, other.preset, mute.preset, { ...OLLAMA, baseUrl: NOBODY }];
    assert.deepEqual(await localServers(presets, undefined, 200), []);
  });

  it('are the only ones that are looked for: nothing leaves this machine', async () => {
    const { server, preset } = await at(OPENAI);
    const elsewhere: ProviderPreset = { ...OLLAMA, baseUrl: server.baseUrl.replace('127.0.0.1', 'localhost') };
    assert.deepEqual(await localServers([preset, elsewhere]), []);
    assert.deepEqual(server.received, []);
    const asked = PRESETS.filter(({ place }) => place === 'own').map(({ baseUrl }) => new URL(baseUrl).hostname);
    assert.deepEqual([...new Set(asked)], ['127.0.0.1']);
  });

  it('are given up when nobody waits for them any more', async () => {
    const { server, preset } = await at(OLLAMA);
    server.script(silence);
    assert.deepEqual(await localServers([preset], AbortSignal.timeout(50), 60_000), []);
  });
});
