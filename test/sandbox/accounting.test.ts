import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Account, type Source } from '../../src/core/sandbox/accounting';
import { secondsOf, usagesByPs } from '../../src/core/sandbox/psUsage';

const SOURCES: readonly Source[] = process.platform === 'linux' ? ['files', 'ps'] : ['ps'];
const HOARDS = 'hoard = Buffer.alloc(400 << 20, 1); setInterval(() => {}, 1000)';

describe('What a run uses', function () {
  this.timeout(60_000);
  const started: ChildProcess[] = [];

  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  async function start(program: string): Promise<number> {
    const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
    started.push(child);
    await once(child, 'spawn');
    return child.pid ?? 0;
  }

  const struckBy = (pids: readonly number[], memoryMb: number, cpuSeconds: number, source: Source): Promise<string> =>
    new Promise((resolve) => {
      const strike = (limit: string): void => {
        account.close();
        resolve(limit);
      };
      const account = new Account(pids, { memoryMb, cpuSeconds }, strike, source);
    });

  for (const source of SOURCES) {
    it(`is found to be too much memory, by ${source}`, async () => {
      assert.equal(await struckBy([await start(HOARDS)], 200, 3600, source), 'memory');
    });

    it(`is found to be too much processor time, of all together and from now on, by ${source}`, async () => {
      const pids = [await start('for (;;);'), await start('for (;;);')];
      assert.equal(await struckBy(pids, 100_000, 0.5, source), 'cpu');
    });

    it(`is not looked at any more when it is over, by ${source}`, async () => {
      const pid = await start(HOARDS);
      let told = 0;
      await new Promise<void>((resolve) => {
        const strike = (): void => {
          told++;
          account.close();
          resolve();
        };
        const account = new Account([pid], { memoryMb: 200, cpuSeconds: 3600 }, strike, source);
      });
      await usagesByPs([pid]);
      assert.equal(told, 1);
    });
  }

  it('is told by ps of those processes that are there', async () => {
    const pid = await start('setInterval(() => {}, 1000)');
    const [usage, ...others] = await usagesByPs([pid, 2 ** 22 - 1]);
    assert.deepEqual(others, []);
    assert.ok(usage !== undefined && usage.memory > 1 << 20 && usage.memory < 1 << 30, JSON.stringify(usage));
    assert.deepEqual(await usagesByPs([2 ** 22 - 1]), []);
  });

  it('is read as Linux and macOS write it', () => {
    const times = ['00:00:07', '1-02:03:04', '0:07.25', '61:00.50', '12:00:00'];
    assert.deepEqual(times.map(secondsOf), [7, 93_784, 7.25, 3660.5, 43_200]);
  });
});
