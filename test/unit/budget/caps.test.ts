import assert from 'node:assert/strict';
import type { Caps } from '../../../src/core/budget/caps';
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

  it('start anew with the day, and with the month', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd('0.001'), month: usd('0.002') }, workspace: {} };
      const at = (month: number, day: number, hour: number, minute: number): Promise<Answer> =>
        run(folder, caps, '', new Date(2026, month, day, hour, minute));
      assert.equal(capOf(await at(10, 20, 23, 59)), 'answer');
      assert.equal(capOf(await at(10, 20, 23, 59)), 'user day');
      assert.equal(capOf(await at(10, 21, 0, 0)), 'answer');
      assert.equal(capOf(await at(10, 22, 9, 0)), 'user month');
      assert.equal(capOf(await at(11, 1, 0, 0)), 'answer');
    }));

  it('shrink a call as the budget does', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd('0.0008') }, workspace: {} };
      const { meter, provider } = await meteredRun(folder, usd(1), () => answer, { caps });
      assert.equal((await meter.metered(MODEL).ask({ ...ASK, least: 50 })).kind, 'answer');
      assert.equal(provider.requests[0]?.maxTokens, 80);
    }));

  it('of zero admit nothing that costs, and everything that is free', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd(0) }, workspace: {} };
      const { meter } = await meteredRun(folder, usd(1), () => answer, { caps });
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'denied');
      assert.equal((await meter.metered(aModel('local', 1, 0, 0)).ask(ASK)).kind, 'answer');
    }));
});
