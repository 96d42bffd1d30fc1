import assert from 'node:assert/strict';
import { type Caps, NO_CAPS } from '../../../src/core/budget/caps';
import { LedgerError } from '../../../src/core/budget/ledger';
import type { Answer, Ask } from '../../../src/core/budget/meter';
import { usd } from '../../../src/core/money';
import { aModel } from '../../support/models';
import { inFolder, meteredRun } from './runMoney';

const MODEL = aModel('m', 1, 0, 10);
/** 100 tokens at $10 per million: $0.001. */
const ASK: Ask = {
  role: 'executor',
  messages: [{ role: 'user', content: 'x' }],
  maxTokens: 100,
  temperature: 0,
  least: 100,
};
const answer = 'y'.repeat(100);

describe('caps beyond the budget of the run', () => {
  const run = async (folder: string, caps: Caps, workspace: string, at: Date): Promise<Answer> => {
    const { meter } = await meteredRun(folder, usd(1), () => answer, { caps, workspace, now: () => at.getTime() });
    return meter.metered(MODEL).ask(ASK);
  };
  const capOf = (result: Answer): string => (result.kind === 'denied' ? result.denial.cap : result.kind);
  const noon = new Date(2026, 10, 20, 12);

  it('of the user count everything, those of a workspace what was spent in it, and the denial names which', () =>
    inFolder(async (folder) => {
      const two = usd('0.002');
      const caps: Caps = { user: { day: usd('0.003') }, workspace: { day: two } };
      assert.equal(capOf(await run(folder, caps, '/a', noon)), 'answer');
      assert.equal(capOf(await run(folder, caps, '/a', noon)), 'answer');
      const third = await run(folder, caps, '/a', noon);
      assert.equal(capOf(third), 'workspace day');
      assert.match(
        third.kind === 'denied' ? third.denial.message : '',
        /the workspace's cap for today has \$0\.00 left/,
      );
      assert.equal(capOf(await run(folder, caps, '/b', noon)), 'answer');
      assert.equal(capOf(await run(folder, caps, '/b', noon)), 'user day');
      assert.equal(capOf(await run(folder, { user: { month: two }, workspace: {} }, '/b', noon)), 'user month');
      assert.equal(capOf(await run(folder, { user: {}, workspace: { month: two } }, '/a', noon)), 'workspace month');
      assert.equal(capOf(await run(folder, { user: {}, workspace: { month: two } }, '/c', noon)), 'answer');
    }));

  for (const owner of ['user', 'workspace'] as const) {
    it(`of the ${owner} start anew with the day, and with the month`, () =>
      inFolder(async (folder) => {
        const own = { day: usd('0.001'), month: usd('0.002') };
        const caps: Caps = { ...NO_CAPS, [owner]: own };
        const at = (month: number, day: number, hour: number, minute: number): Promise<Answer> =>
          run(folder, caps, '/w', new Date(2026, month, day, hour, minute));
        assert.equal(capOf(await at(10, 20, 23, 59)), 'answer');
        assert.equal(capOf(await at(10, 20, 23, 59)), `${owner} day`);
        assert.equal(capOf(await at(10, 21, 0, 0)), 'answer');
        assert.equal(capOf(await at(10, 22, 9, 0)), `${owner} month`);
        assert.equal(capOf(await at(10, 30, 23, 59)), `${owner} month`);
        assert.equal(capOf(await at(11, 1, 0, 0)), 'answer');
      }));
  }

  it('shrink a call as the budget does', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd('0.0008') }, workspace: {} };
      const { meter, provider } = await meteredRun(folder, usd(1), () => answer, { caps });
      assert.equal((await meter.metered(MODEL).ask({ ...ASK, least: 50 })).kind, 'answer');
      assert.equal(provider.requests[0]?.maxTokens, 80);
    }));

  it('hold as they are at each call: lowered while a run is under way, they stop it', () =>
    inFolder(async (folder) => {
      let day = usd(1);
      const caps = (): Promise<Caps> => Promise.resolve({ user: { day }, workspace: {} });
      const { meter, events } = await meteredRun(folder, usd(1), () => answer, { caps });
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      day = usd('0.0015');
      assert.equal(await meter.affordable(), usd('0.0005'));
      assert.equal(capOf(await meter.metered(MODEL).ask(ASK)), 'user day');
      day = usd('0.002');
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      const told = events.flatMap((event) => (event.type === 'warning' ? [event.warning.limit] : []));
      assert.deepEqual(told, [usd('0.002')], 'a threshold is that of the cap as it is');
    }));

  it('that cannot be read any more end the run before anything else is spent, and what was booked stays', () =>
    inFolder(async (folder) => {
      let broken = false;
      const caps = (): Promise<Caps> =>
        broken ? Promise.reject(new LedgerError('The caps cannot be read.')) : Promise.resolve(NO_CAPS);
      const { meter, provider, ledger } = await meteredRun(folder, usd(1), () => ((broken = true), answer), { caps });
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      await assert.rejects(meter.metered(MODEL).ask(ASK), LedgerError);
      assert.equal(provider.requests.length, 1);
      assert.deepEqual([meter.account.reserved, meter.account.spent], [0n, usd('0.001')]);
      assert.equal((await ledger.totals()).day, usd('0.001'));
    }));

  it('of zero admit nothing that costs, and everything that is free', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd(0) }, workspace: {} };
      const { meter } = await meteredRun(folder, usd(1), () => answer, { caps });
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'denied');
      assert.equal((await meter.metered(aModel('local', 1, 0, 0)).ask(ASK)).kind, 'answer');
    }));
});
