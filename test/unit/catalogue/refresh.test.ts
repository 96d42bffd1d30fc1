import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { bundledCatalogue } from '../../../src/core/catalogue/bundled';
import { isTrustworthy, RefreshError } from '../../../src/core/catalogue/download';
import type { Model } from '../../../src/core/catalogue/model';
import { providerOf } from '../../../src/core/catalogue/modelsDev';
import { type Refreshed, refreshPrices } from '../../../src/core/catalogue/refresh';
import { perToken } from '../../../src/core/money';
import {
  type FaultServer,
  raw,
  type Reply,
  resetAtOnce,
  silence,
  startFaultServer,
  status,
} from '../../servers/faultServer';
import { write } from '../../servers/sse';
import { changedEntry, type Entry, modelsDevAnswer } from '../../servers/modelsDev';

const NOW = Date.UTC(2026, 10, 21, 9);
/** Time enough on a busy machine, where an answer comes. */
const LIMITS = { bytes: 1024 * 1024, ms: 20_000 };
const IMPATIENT = { ...LIMITS, ms: 300 };
const STAYS = 'The prices as of 2026-07-01 stay in use.';
const inUse = bundledCatalogue();

describe('a refresh of the prices', () => {
  let server: FaultServer;
  before(async () => (server = await startFaultServer()));
  after(() => server.stop());
  afterEach(() => {
    limits = LIMITS;
  });

  let limits = LIMITS;
  const from = (url: string, signal = new AbortController().signal): Promise<Refreshed> =>
    refreshPrices({ inUse, url, now: NOW, signal, limits });
  const answering = (...replies: readonly Reply[]): Promise<Refreshed> => {
    server.script(...replies);
    return from(`${server.baseUrl}/api.json`);
  };
  const with_ = (changed: Readonly<Record<string, Entry>>): Promise<Refreshed> =>
    answering(status(200, modelsDevAnswer(changed)));
  const refusal = async (...replies: readonly Reply[]): Promise<string> => {
    const error = await answering(...replies).then(
      () => assert.fail('accepted'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RefreshError, String(error));
    assert.ok(error.message.endsWith(STAYS), error.message);
    return error.message.slice(0, -STAYS.length).trim();
  };
  const model = ({ catalogue }: Refreshed, id: string): Model => catalogue.models.find((one) => one.id === id)!;

  it('finds every bundled model under its provider', () => {
    for (const { id } of inUse.models) assert.match(providerOf(id) ?? '', /^(openai|deepseek|mistral|groq)$/, id);
    assert.equal(providerOf('made-up'), undefined);
  });

  it('changes nothing but the date and the source where the prices are the same', async () => {
    const { catalogue, changes, notes } = await with_({});
    assert.deepEqual([changes, notes], [[], []]);
    assert.deepEqual(catalogue.models, inUse.models);
    assert.equal(catalogue.asOf, '2026-11-21');
    assert.match(
      catalogue.source,
      /^127\.0\.0\.1:\d+, in the format of models\.dev, list prices; tiers from aider's leaderboards/,
    );
  });

  it('takes prices and sizes, and leaves id, tier, tokenizer and address ours', async () => {
    const entry = {
      ...changedEntry('deepseek-chat', {
        input: 0.21,
        output: 0.63,
        cache_read: 0.0021,
        cache_write: 0.3,
        reasoning: 1,
      }),
      ...{
        id: 'other',
        tier: 1,
        tokenizer: 'o200k_base',
        baseUrl: 'https://evil.example',
        api: 'https://evil.example',
      },
      limit: { context: 640_000, output: 8192 },
    };
    const refreshed = await with_({ 'deepseek-chat': entry });
    const old = inUse.models.find(({ id }) => id === 'deepseek-chat')!;
    const price = { input: '0.21', output: '0.63', cachedInput: '0.0021', cacheWrite: '0.3', reasoning: '1' };
    assert.deepEqual(model(refreshed, 'deepseek-chat'), {
      ...old,
      price: Object.fromEntries(Object.entries(price).map(([kind, usd]) => [kind, perToken(usd)])),
      contextWindow: 640_000,
      maxOutputTokens: 8192,
    });
    assert.deepEqual(
      refreshed.changes.map(({ kind }) => kind),
      ['input', 'output', 'cachedInput', 'cacheWrite', 'reasoning'],
    );
    assert.deepEqual(refreshed.notes, [
      'deepseek-chat: context window 640000 tokens, before 1000000.',
      'deepseek-chat: longest answer 8192 tokens, before 384000.',
    ]);
  });

  it('keeps the price of a model that is missing, and says so', async () => {
    const refreshed = await with_({ 'gpt-4o': undefined, 'gpt-4.1': changedEntry('gpt-4.1', { input: 3 }) });
    assert.deepEqual(
      model(refreshed, 'gpt-4o'),
      inUse.models.find(({ id }) => id === 'gpt-4o'),
    );
    assert.deepEqual(refreshed.notes, ['gpt-4o is not listed there: it keeps its price.']);
    assert.deepEqual(
      refreshed.changes.map((change) => change.model),
      ['gpt-4.1'],
    );
  });

  it('believes no price that is none: the whole model keeps what it has, with a note', async () => {
    const bad: readonly Entry[] = [
      ...[-1, '2.5', null, true, [], {}, 1e300, 1_000_001].map((input) => changedEntry('gpt-4o', { input })),
      ...['cache_read', 'cache_write', 'reasoning'].map((kind) => changedEntry('gpt-4o', { input: 1, [kind]: 'free' })),
      changedEntry('gpt-4o', { input: 1, tiers: 'many' }),
      changedEntry('gpt-4o', { input: 1, tiers: [{ input: 2, output: 3 }] }),
      ...[{}, { cost: null }, { cost: [2.5, 10] }, { cost: { output: 1 } }],
    ];
    for (const entry of bad) {
      const refreshed = await with_({ 'gpt-4o': entry });
      assert.deepEqual(refreshed.catalogue.models, inUse.models, JSON.stringify(entry));
      assert.deepEqual(refreshed.notes, ['gpt-4o has no usable price there: it keeps its price.']);
    }
    // What JSON can hold and a number cannot.
    const text = JSON.stringify(modelsDevAnswer()).replace('"input":2.5', '"input":1e999');
    assert.deepEqual((await answering(status(200, text))).notes.length, 1);
  });

  it('keeps sizes that make sense where those there do not, and takes the price all the same', async () => {
    for (const limit of [{ context: 0 }, { output: 1.5 }, { context: '128k', output: null }]) {
      const refreshed = await with_({ 'gpt-4o': changedEntry('gpt-4o', { input: 3 }, limit) });
      const { price, contextWindow, maxOutputTokens } = model(refreshed, 'gpt-4o');
      assert.deepEqual([price.input, contextWindow, maxOutputTokens], [perToken(3), 128_000, 16_384]);
      assert.deepEqual(refreshed.notes, ['gpt-4o: its sizes make no sense there, so it keeps those that it has.']);
    }
  });

  it('uses no more context than the price holds for', async () => {
    const tiers = [{ input: 4, output: 12, tier: { type: 'context', size: 400_000 } }];
    for (const [cost, window] of [
      [{ tiers }, 400_000],
      [{ context_over_200k: { input: 4, output: 12 }, tiers }, 200_000],
      [{ tiers: [] }, 1_047_576],
    ] as const) {
      const refreshed = await with_({ 'gpt-4.1': changedEntry('gpt-4.1', cost) });
      assert.equal(model(refreshed, 'gpt-4.1').contextWindow, window);
      assert.equal(
        refreshed.notes.some((note) => note.includes(`dearer above ${window}`)),
        window < 1_047_576,
      );
    }
  });

  it('takes a 0 for a price that was never stated as there being none, and any other 0 as unusual', async () => {
    const filler = await with_({ 'gpt-3.5-turbo': changedEntry('gpt-3.5-turbo', { cache_read: 0, cache_write: 0 }) });
    assert.deepEqual(filler.changes, []);
    const free = await with_({ 'gpt-4o': changedEntry('gpt-4o', { input: 0, cache_read: 0 }) });
    assert.deepEqual(
      free.changes.map(({ kind, after, unusual }) => [kind, after, unusual]),
      [
        ['input', 0n, true],
        ['cachedInput', 0n, true],
      ],
    );
  });

  it('reads an answer that comes packed', async () => {
    const body = gzipSync(JSON.stringify(modelsDevAnswer({ 'gpt-4o': changedEntry('gpt-4o', { input: 3 }) })));
    const { changes } = await answering((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body);
      return Promise.resolve();
    });
    assert.equal(changes.length, 1);
  });

  describe('that comes to nothing says why, what to do, and which prices stay', () => {
    it('for an error of the server', async () => {
      assert.match(
        await refusal(status(500, 'oops')),
        /^127\.0\.0\.1:\d+ answered with status 500: try again later\.$/,
      );
      assert.match(await refusal(status(404)), /status 404/);
    });

    it('for an answer that is no JSON, of which nothing is repeated', async () => {
      const said = await refusal(status(200, '<html>\u001b[31mlog in</html>'));
      assert.match(said, /sent something that is not JSON: try again later\.$/);
      assert.doesNotMatch(said, /log in/);
    });

    it('for half an answer', async () => {
      const half = JSON.stringify(modelsDevAnswer()).slice(0, 2000);
      const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
      assert.match(await refusal(raw(`${head}content-length: 40000\r\n\r\n${half}`)), /cannot be reached \(.+\)/);
      assert.match(await refusal(raw(`${head}connection: close\r\n\r\n${half}`)), /not JSON/);
      assert.match(await refusal(resetAtOnce), /check your network connection and try again/);
    });

    it('for JSON that is no list of prices', async () => {
      for (const answer of ['[]', 'null', '{}', '"x"', '{"openai":[]}', '{"openai":{"models":{"gpt-4o":7}}}']) {
        assert.match(await refusal(status(200, answer)), /a price for none of the models/, answer);
      }
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      assert.match(await refusal(status(200, deep)), /none of the models|not JSON/);
      const poisoned = '{"__proto__":{"openai":{"models":{}}},"openai":{"__proto__":{"models":{}}}}';
      assert.match(await refusal(status(200, poisoned)), /none of the models/);
    });

    it('for a server that does not answer, or not to the end', async () => {
      limits = IMPATIENT;
      assert.match(await refusal(silence), /took longer than 0\.3 s: try again later/);
      const drip: Reply = (response) => {
        response.writeHead(200).write('{"openai":');
        return Promise.resolve();
      };
      assert.match(await refusal(drip), /took longer/);
    });

    it('for an answer without end, also one that is small on the way', async () => {
      const endless: Reply = async (response) => {
        response.writeHead(200);
        while (await write(response, Buffer.alloc(64 * 1024, ' ')));
      };
      assert.match(await refusal(endless), /more than 1 MiB, which is no price list/);
      const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024, ' '));
      assert.ok(bomb.length < LIMITS.bytes / 10);
      const packed: Reply = (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
        return Promise.resolve();
      };
      assert.match(await refusal(packed), /more than 1 MiB/);
    });

    it('for a redirect to another server, whatever would be there', async () => {
      const other = await startFaultServer();
      try {
        other.script(status(200, modelsDevAnswer()));
        for (const location of [
          `${other.baseUrl}/api.json`,
          'https://evil.example/',
          '//evil.example',
          'file:///etc',
        ]) {
          assert.match(await refusal(status(302, '', { location })), /redirects to .+, which is not followed\.$/);
        }
        assert.match(await refusal(status(302, '')), /redirects nowhere, which is not followed/);
        assert.deepEqual(other.received, []);
      } finally {
        await other.stop();
      }
    });

    it('for redirects without end, though one within the server is followed', async () => {
      const on = status(301, '', { location: '/v2/api.json' });
      const { changes } = await answering(on, status(200, modelsDevAnswer()));
      assert.deepEqual(changes, []);
      assert.equal(server.received.at(-1)?.path, '/v2/api.json');
      assert.match(await refusal(on, on, on, on), /redirects again and again/);
    });

    it('for a server that is not there', async () => {
      const gone = await startFaultServer();
      await gone.stop();
      await assert.rejects(from(`${gone.baseUrl}/api.json`), {
        name: 'RefreshError',
        message: new RegExp(`cannot be reached \\(.*ECONNREFUSED.*\\): check your network connection.*${STAYS}$`),
      });
    });

    it('for one who cancels', async () => {
      const controller = new AbortController();
      server.script((response) => {
        controller.abort();
        return silence(response);
      });
      await assert.rejects(from(`${server.baseUrl}/api.json`, controller.signal), /was cancelled/);
      const asked = server.received.length;
      await assert.rejects(from(`${server.baseUrl}/api.json`, controller.signal), /was cancelled/);
      assert.equal(server.received.length, asked, 'nothing is asked any more');
    });
  });

  it('asks over https, or over http on this machine, and nowhere else', async () => {
    for (const url of ['http://models.dev/api.json', 'http://127.0.0.1.evil.example/', 'file:///etc/passwd', 'x']) {
      await assert.rejects(from(url), /fetched over https only, or over http from this machine/, url);
    }
    for (const url of [
      'https://models.dev/api.json',
      'http://localhost:1/',
      'http://127.1.2.3/',
      'http://[::1]:8080/',
    ]) {
      assert.ok(isTrustworthy(new URL(url)), url);
    }
  });

  it('sends nothing of the user: no key, no cookie, no body', async () => {
    await with_({});
    const { headers, body } = server.received.at(-1)!;
    assert.equal(body, '');
    assert.deepEqual(
      Object.keys(headers).filter((name) => /auth|cookie|key|referer/.test(name)),
      [],
    );
  });
});
