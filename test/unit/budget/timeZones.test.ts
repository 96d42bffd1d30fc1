import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundled, type Bundle } from '../../support/bundle';

/** Days with the hours that they have: of 23 and 25 where the clock changes, and beginning at odd quarters of UTC. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  'Europe/Berlin': ['2026-03-29=23', '2026-10-25=25', '2026-06-01=24', '2026-12-31=24'],
  'America/New_York': ['2026-03-08=23', '2026-11-01=25', '2026-07-04=24'],
  'Asia/Kathmandu': ['2026-03-29=24', '2026-11-01=24'],
  'Pacific/Chatham': ['2026-04-05=25', '2026-09-27=23'],
  'Australia/Lord_Howe': ['2026-04-05=24.5', '2026-10-04=23.5'],
  // Its clock changes at midnight, so that a day begins at one o'clock.
  'Africa/Cairo': ['2026-04-24=23', '2026-10-29=25'],
  UTC: ['2026-02-28=24'],
};

async function run(program: Bundle, zone: string, words: readonly string[]): Promise<string> {
  const env = { ...process.env, TZ: zone };
  return (await promisify(execFile)(process.execPath, [program.file, ...words], { env })).stdout;
}

describe('days and months of the caps', () => {
  let program: Bundle;
  before(async () => {
    program = await bundled(path.join(import.meta.dirname, 'days.ts'));
  });
  after(() => program.remove());

  for (const [zone, days] of Object.entries(ZONES)) {
    it(`are those of the calendar in ${zone}: ${days.join(', ')} hours`, async () => {
      assert.equal(await run(program, zone, days), 'ok');
    });
  }

  it('are those of the zone in which the machine is by now, whatever zone it was in when something was spent', async () => {
    assert.equal(await run(program, 'UTC', ['moved']), 'ok');
  });
});
