import assert from 'node:assert/strict';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import { type Pooled, type PoolOptions, WasmPool } from '../../src/core/sandbox/wasmPool';

/** A pair without processes. It is loaded when the test says so. */
class Fake implements Pooled {
  alive = true;
  readonly loaded: Promise<void>;
  succeed: () => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  constructor() {
    this.loaded = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
    this.loaded.catch(() => undefined);
  }

  end(): void {
    this.alive = false;
  }
}

const OPTIONS: PoolOptions = { ready: 1, kept: 2, most: 3, loading: 2, idleMs: 60_000, loadMs: 60_000 };

/** A pool, and the pairs that it has made. */
function pool(options: Partial<PoolOptions> = {}, load: 'at once' | 'never' = 'at once') {
  const made: Fake[] = [];
  const make = (): Fake => {
    const pair = new Fake();
    made.push(pair);
    if (load === 'at once') pair.succeed();
    return pair;
  };
  return { made, pool: new WasmPool(make, { ...OPTIONS, ...options }) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('The pool of interpreters', () => {
  it('loads a pair ahead of need, hands each out once, and replaces it after its use', async () => {
    const { pool: tried, made } = pool();
    tried.warm();
    await turn();
    assert.equal(tried.ready.length, 1);
    const first = await tried.take();
    assert.equal(first, made[0]);
    tried.discard(first);
    assert.equal(first.alive, false);
    await turn();
    const second = await tried.take();
    assert.notEqual(second, first);
    assert.equal(tried.size, 1);
  });

  it('loads the next pair while a run is long, but not beside its first steps', async () => {
    const { pool: tried, made } = pool();
    await tried.take();
    assert.equal(made.length, 1);
    await later(400);
    assert.equal(made.length, 2);
  });

  it('never has more pairs than it may, loading and at work included; the others wait for their turn', async () => {
    const { pool: tried } = pool();
    let most = 0;
    let done = 0;
    const run = async (): Promise<void> => {
      const pair = await tried.take();
      most = Math.max(most, tried.size);
      await later(5);
      tried.discard(pair);
      done++;
    };
    await Promise.all(Array.from({ length: 20 }, run));
    assert.equal(done, 20);
    assert.equal(most, OPTIONS.most);
  });

  it('loads no more at once than it may', async () => {
    const { pool: tried, made } = pool({ most: 8 }, 'never');
    const takers = Array.from({ length: 5 }, () => tried.take());
    assert.equal(made.length, 2);
    made[0]?.succeed();
    await turn();
    assert.equal(made.length, 3);
    await takers[0];
    tried.close();
    await Promise.allSettled(takers);
  });

  it('keeps as many ready as were wanted at once, up to its limit, and one after a rest', async () => {
    const { pool: tried } = pool({ most: 8, kept: 2, idleMs: 1000 });
    const pairs = await Promise.all(Array.from({ length: 4 }, () => tried.take()));
    for (const pair of pairs) tried.discard(pair);
    await turn();
    assert.equal(tried.ready.length, 2);
    await later(1200);
    assert.equal(tried.size, 0);
    tried.warm();
    await turn();
    assert.equal(tried.ready.length, 1);
  });

  it('does not hand out a pair that has ended meanwhile', async () => {
    const { pool: tried, made } = pool();
    tried.warm();
    await turn();
    made[0]?.end();
    const pair = await tried.take();
    assert.equal(pair, made[1]);
  });

  it('tells the run that waits why a pair could not be loaded, and tries again for the next', async () => {
    const { pool: tried, made } = pool({}, 'never');
    const first = tried.take();
    made[0]?.fail(new Error('no room'));
    await assert.rejects(first, (error: unknown) => {
      return error instanceof SandboxError && error.message === 'Pyodide does not start: no room';
    });
    const second = tried.take();
    made[1]?.succeed();
    assert.equal(await second, made[1]);
  });

  it('gives up on a pair that takes too long to load', async () => {
    const { pool: tried, made } = pool({ loadMs: 50 }, 'never');
    await assert.rejects(tried.take(), /it is not loaded after 0\.05 s/);
    assert.equal(made[0]?.alive, false);
  });

  it('lets a run stop waiting', async () => {
    const { pool: tried, made } = pool({}, 'never');
    const controller = new AbortController();
    const reason = new Error('stopped');
    const taken = tried.take(controller.signal);
    controller.abort(reason);
    await assert.rejects(taken, reason);
    made[0]?.succeed();
    await turn();
    assert.equal(tried.ready.length, 1);
    await assert.rejects(tried.take(controller.signal), reason);
  });

  it('ends everything when it is closed, and takes no more', async () => {
    const { pool: tried, made } = pool({ loading: 1 }, 'never');
    const busy = tried.take();
    made[0]?.succeed();
    await busy;
    const waiting = tried.take();
    tried.close();
    await assert.rejects(waiting, SandboxError);
    await assert.rejects(tried.take(), SandboxError);
    assert.deepEqual(
      made.map(({ alive }) => alive),
      made.map(() => false),
    );
  });
});
