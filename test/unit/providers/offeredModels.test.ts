import assert from 'node:assert/strict';
import { offeredModels } from '../../../src/core/providers/offeredModels';
import { presetAt } from '../../../src/core/providers/presets';
import { keyCheck } from '../../../src/report/keyCheck';
import { apiError, type FaultServer, type Reply, startFaultServer, status } from '../../servers/faultServer';

const KEY = 'sk-of-a-test-0123456789';

describe('the models that a server offers', () => {
  let server: FaultServer;
  before(async () => (server = await startFaultServer()));
  after(() => server.stop());

  async function asked(reply: Reply, key: string | undefined = KEY): ReturnType<typeof offeredModels> {
    server.script(reply);
    return offeredModels({ baseUrl: server.baseUrl, key });
  }

  it('are asked for with the key, at no cost', async () => {
    const offered = await asked(status(200, { object: 'list', data: [{ id: 'a' }, { id: 'b' }, { id: 7 }, null] }));
    assert.deepEqual(offered, { kind: 'models', models: [{ id: 'a' }, { id: 'b' }] });
    const { path, headers } = server.received.at(-1) ?? assert.fail();
    assert.deepEqual([path, headers.authorization], ['/v1/models', `Bearer ${KEY}`]);
  });

  it('are asked for without a key where none is needed', async () => {
    server.script(status(200, { data: [] }));
    await offeredModels({ baseUrl: `${server.baseUrl}/`, key: undefined });
    const { path, headers } = server.received.at(-1) ?? assert.fail();
    assert.deepEqual([path, headers.authorization], ['/v1/models', undefined]);
  });

  it('are not known where the key is rejected, and the key is not shown', async () => {
    const offered = await asked(apiError(401, `Incorrect API key provided: ${KEY}`));
    assert.equal(offered.kind === 'failed' && offered.accepted, false);
    assert.ok(!JSON.stringify(offered).includes(KEY));
  });

  it('are not known, with the reason, where the answer is another thing or none', async () => {
    const offered = await Promise.all(
      [status(200, '<html></html>'), status(200, { models: [] }), status(500), status(404)].map((reply) =>
        asked(reply),
      ),
    );
    for (const one of offered) assert.ok(one.kind === 'failed' && one.accepted === undefined, JSON.stringify(one));
  });

  it('are not waited for without end', async () => {
    server.script(() => new Promise(() => undefined));
    const offered = await offeredModels({ baseUrl: server.baseUrl, key: KEY }, { withinMs: 100 });
    assert.match(offered.kind === 'failed' ? offered.message : '', /did not answer within 0\.1 s/);
  });

  it('are not known where a network answers with its sign-in page, and the sentence says so', async () => {
    const page = await asked(status(200, '<!DOCTYPE html><html><body>Sign in to the hotel</body></html>'));
    assert.match(
      page.kind === 'failed' ? page.message : '',
      /answered with a web page: check the base URL.*sign in first/,
    );
    const led = await asked(status(302, '', { location: 'http://portal.example/login' }));
    assert.match(
      led.kind === 'failed' ? led.message : '',
      /redirects to http:\/\/portal\.example\/login.*not followed/,
    );
  });

  it('are read only so far: a list without end is none', async () => {
    const endless = await asked(status(200, `{"data": [${'"x",'.repeat(3_000_000)}`));
    assert.match(endless.kind === 'failed' ? endless.message : '', /no list of models/);
  });

  it('say that a key is wanted where none was sent', async () => {
    server.script(apiError(401, 'Who are you?'));
    const offered = await offeredModels({ baseUrl: server.baseUrl, key: undefined });
    assert.deepEqual(offered.kind === 'failed' && offered.accepted, false);
    assert.match(offered.kind === 'failed' ? offered.message : '', /wants an API key/);
  });

  it('do not make a wrong key right where their list is open to everybody: the key is tried on its own', async () => {
    const list = status(200, { data: [{ id: 'a' }] });
    const asks = server.received.length;
    const open = { baseUrl: server.baseUrl, key: KEY, keyPath: '/key' };
    server.script(apiError(401, 'No such key'), status(200, { data: {} }), list);
    const wrong = await offeredModels(open);
    assert.deepEqual([wrong.kind, wrong.kind === 'failed' && wrong.accepted], ['failed', false]);
    assert.equal((await offeredModels(open)).kind, 'models');
    assert.deepEqual(
      server.received.slice(asks).map(({ path }) => path),
      ['/v1/key', '/v1/key', '/v1/models'],
    );
    assert.equal(presetAt('https://openrouter.ai/api/v1')?.keyPath, '/key');
  });

  it('are given up when the user does not want to wait', async () => {
    server.script(() => new Promise(() => undefined));
    const offered = await offeredModels({ baseUrl: server.baseUrl, key: KEY }, { signal: AbortSignal.timeout(50) });
    assert.deepEqual(offered, { kind: 'failed', accepted: undefined, message: 'Cancelled.' });
  });

  it('are not followed to another address, which would get the key', async () => {
    const asks = server.received.length;
    const offered = await asked(status(302, '', { location: `${server.baseUrl}/elsewhere` }));
    assert.equal(offered.kind, 'failed');
    assert.equal(server.received.length, asks + 1);
  });

  it('are not known where nothing listens', async () => {
    const offered = await offeredModels({ baseUrl: 'http://127.0.0.1:9/v1', key: KEY });
    assert.match(offered.kind === 'failed' ? offered.message : '', /127\.0\.0\.1:9/);
  });
});

describe('a key that was stored and tried', () => {
  it('is accepted, with the models that have a price', () => {
    const { level, message } = keyCheck('host', { kind: 'models', models: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }, [
      'b',
      'z',
    ]);
    assert.deepEqual([level, message], ['info', 'The API key for host is stored and accepted. It serves 3 models, 1 of them with a price here: b.']); // prettier-ignore
  });

  it('is of no use where no model has a price, and the setting is named', () => {
    const { level, message } = keyCheck('host', { kind: 'models', models: [{ id: 'a' }] }, ['z']);
    assert.equal(level, 'warning');
    assert.match(message, /'solvent\.models'/);
  });

  it('is to be replaced where the server rejected it, and is not blamed for the network', () => {
    const rejected = keyCheck('host', { kind: 'failed', accepted: false, message: 'host rejected the API key.' }, []);
    const offline = keyCheck('host', { kind: 'failed', accepted: undefined, message: 'There is no host.' }, []);
    assert.deepEqual([rejected.level, offline.level], ['warning', 'info']);
    assert.match(offline.message, /not known yet: There is no host\./);
  });
});
