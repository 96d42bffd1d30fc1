import assert from 'node:assert/strict';
import { quoted } from '../../../src/core/providers/providerText';
import { addressOf } from '../../../src/core/providers/openaiAddress';
import { apiError, type FaultServer, startFaultServer, status, stream } from '../../servers/faultServer';
import { event } from '../../servers/sse';
import { offeredModels } from '../../../src/core/providers/offeredModels';
import { ask, provider, REQUEST } from './asking';

/** A key that looks like no key of a known provider. */
const KEY = 'gsk_9f8e7d6c5b4a39281706';

describe('what a server says', () => {
  it('is quoted without a secret, as it is, in part, encoded, and where one secret is a part of another', () => {
    assert.equal(quoted(`No: ${KEY}.`, [KEY]), 'No: [key].');
    assert.equal(
      quoted(`near "${KEY.slice(0, 12)}"... and ...${KEY.slice(-10)}`, [KEY]),
      'near "[key]"... and ...[key]',
    );
    assert.equal(quoted('k=a%2Bb%2Fcde', ['a+b/cde']), 'k=[key]');
    assert.equal(quoted('secret-longer.', ['secret', 'secret-longer']), '[key].');
    assert.equal(quoted('an ordinary sentence of a server', [KEY]), 'an ordinary sentence of a server');
  });

  it('is masked before it is cut, so that no piece of a key is left at the end', () => {
    for (let before = 180; before < 200; before++) {
      const said = quoted(`${'.'.repeat(before)}${KEY}${'.'.repeat(50)}`, [KEY]);
      assert.ok(!said.includes('gsk_'), said);
    }
  });

  it('is quoted without the words of an extra header, and without what was filled into it', () => {
    const headers = { authorization: `Basic ${KEY}`, 'x-tag': 'tenant-secret-{runId}' };
    const { secrets } = addressOf(
      { ...REQUEST, runId: 'task 7' },
      { baseUrl: 'http://127.0.0.1/v1', headers },
      undefined,
    );
    assert.equal(
      quoted(`Bad credentials ${KEY} for tenant-secret-task%207`, secrets),
      'Bad credentials [key] for [key]',
    );
  });
});

describe('a key that a server echoes', () => {
  let server: FaultServer;
  before(async () => {
    server = await startFaultServer();
  });
  after(() => server.stop());

  it('is in no outcome: of an error, a page, a broken stream, an object that is no completion, a redirect', async () => {
    const settings = { key: () => Promise.resolve(KEY) };
    for (const reply of [
      apiError(400, `Your key ${KEY} is odd.`),
      apiError(502, KEY),
      status(401, `<html><head><title>${KEY}</title></head><body>${KEY}</body></html>`),
      status(200, { error: { message: `${' '.repeat(375)}${KEY}` } }),
      status(307, '', { location: `http://127.0.0.1/?key=${KEY}` }),
      stream([`data: ${KEY}\n\n`]),
      stream([`data: {"choices": ${KEY}}\n\n`]),
      stream([event({ error: { message: `No, ${KEY}` } })]),
    ]) {
      server.script(reply);
      const said = JSON.stringify((await ask(provider(server.baseUrl, settings))).outcome);
      for (let at = 0; at + 8 <= KEY.length; at++) assert.ok(!said.includes(KEY.slice(at, at + 8)), said);
    }
  });

  it('is not shown where its list of models is elsewhere', async () => {
    server.script(status(302, '', { location: `/login?token=${KEY}` }));
    const offered = await offeredModels({ baseUrl: server.baseUrl, key: KEY });
    assert.match(offered.kind === 'failed' ? offered.message : '', /token=\[key\]/);
  });
});
