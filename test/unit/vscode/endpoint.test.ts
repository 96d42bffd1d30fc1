import assert from 'node:assert/strict';
import { isLoopback } from '../../../src/core/catalogue/loopback';
import { DEFAULT_BASE_URL, readBaseUrl } from '../../../src/vscode/endpoint';
import { Keys, type SecretStore } from '../../../src/vscode/keys';
import { serversOf } from '../../../src/vscode/endpoint';
import { SettingError } from '../../../src/vscode/settingValues';

/** Secret storage in memory. */
function secretStorage(): SecretStore {
  const held = new Map<string, string>();
  return {
    get: (name) => Promise.resolve(held.get(name)),
    store: (name, value) => Promise.resolve(void held.set(name, value)),
    delete: (name) => Promise.resolve(void held.delete(name)),
  };
}

describe('the base URL', () => {
  it('is the default where empty and loses a slash at its end', () => {
    assert.equal(readBaseUrl('', 's'), DEFAULT_BASE_URL);
    assert.equal(readBaseUrl(' http://localhost:11434/v1/ ', 's'), 'http://localhost:11434/v1');
  });

  it('is refused where it is no http address or holds a password', () => {
    for (const bad of ['api.openai.com', 'ftp://x', 'file:///etc/passwd', 'https://me:secret@host/v1']) {
      assert.throws(() => readBaseUrl(bad, 's'), SettingError, bad);
      assert.throws(() => readBaseUrl(bad, 's', 'The address'), { message: /^The address must / });
    }
  });

  it('tells servers on this machine from others', () => {
    for (const here of ['http://localhost:1/v1', 'http://127.0.0.1', 'http://[::1]:8080']) assert.ok(isLoopback(here));
    for (const there of ['http://localhost.evil.example', 'http://127.0.0.1.example', 'https://10.0.0.1']) {
      assert.ok(!isLoopback(there), there);
    }
  });
});

describe('API keys', () => {
  const other = 'https://gateway.example/v1';

  it('belong to one server and go to no other', async () => {
    const keys = new Keys(secretStorage(), {});
    await keys.store(DEFAULT_BASE_URL, 'sk-one');
    assert.equal(await keys.keyFor({}, DEFAULT_BASE_URL), 'sk-one');
    assert.equal(await keys.keyFor({}, other), undefined);
    assert.equal(await keys.keyFor({}, 'https://api.openai.com:8443/v1'), undefined);
    assert.equal(await keys.keyFor({}, 'http://api.openai.com/v1'), undefined);
    assert.equal(await keys.keyFor({ baseUrl: other }, DEFAULT_BASE_URL), undefined);
  });

  it("come from the environment for OpenAI's own address, or where a model names the variable", async () => {
    const keys = new Keys(secretStorage(), { OPENAI_API_KEY: 'sk-env', GATEWAY_KEY: 'gw' });
    assert.equal(await keys.keyFor({}, DEFAULT_BASE_URL), 'sk-env');
    assert.equal(await keys.keyFor({}, other), undefined);
    assert.equal(await keys.keyFor({ baseUrl: other }, DEFAULT_BASE_URL), undefined);
    assert.equal(await keys.keyFor({ baseUrl: other, apiKeyEnv: 'GATEWAY_KEY' }, DEFAULT_BASE_URL), 'gw');
  });

  it("come from a provider's own variable for its own address, and go to no other", async () => {
    const keys = new Keys(secretStorage(), { DEEPSEEK_API_KEY: 'ds', GROQ_API_KEY: ' ' });
    assert.equal(await keys.keyFor({}, 'https://api.deepseek.com/v1'), 'ds');
    assert.equal(await keys.keyFor({}, 'https://api.deepseek.com.example'), undefined);
    assert.equal(await keys.keyFor({}, DEFAULT_BASE_URL), undefined);
    assert.equal(await keys.keyFor({}, 'https://api.groq.com/openai/v1'), undefined);
  });

  it('that are stored win over the environment, until they are removed', async () => {
    const keys = new Keys(secretStorage(), { OPENAI_API_KEY: 'sk-env' });
    await keys.store(DEFAULT_BASE_URL, 'sk-stored');
    assert.equal(await keys.keyFor({}, DEFAULT_BASE_URL), 'sk-stored');
    await keys.remove(DEFAULT_BASE_URL);
    assert.equal(await keys.keyFor({}, DEFAULT_BASE_URL), 'sk-env');
  });

  it('are not needed for a server on this machine', async () => {
    const keys = new Keys(secretStorage(), {});
    assert.ok(await keys.canCall({}, 'http://localhost:11434/v1'));
    assert.ok(!(await keys.canCall({}, DEFAULT_BASE_URL)));
    assert.ok(!(await keys.canCall({ baseUrl: other }, 'http://localhost:11434/v1')));
  });

  it('can be set for each server of the models once', () => {
    const models = [
      { baseUrl: other },
      {},
      { baseUrl: 'https://gateway.example/v2' },
      { baseUrl: 'https://b.example' },
    ];
    assert.deepEqual(serversOf(DEFAULT_BASE_URL, models), [
      DEFAULT_BASE_URL,
      'https://gateway.example/v2',
      'https://b.example',
    ]);
  });
});
