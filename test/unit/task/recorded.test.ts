import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractWith } from '../../../src/core/task/extract';
import { grammars } from './support';

const FILE = join(
  process.env['SOLVENT_DATA'] ?? join(process.cwd(), '..', 'shared', 'data'),
  'humaneval',
  'recordings-even.jsonl',
);

interface Recorded {
  readonly prompt: string;
  readonly entry_point: string;
  readonly visible_tests: readonly string[];
}

/** Tests as they compare: white space, kind of quotes and comments aside. */
const normalised = (tests: readonly string[]): Set<string> =>
  new Set(tests.map((test) => test.replace(/#.*$/, '').replace(/\s+/g, '').replaceAll('"', "'")));

describe('the recorded HumanEval prompts', () => {
  it('are extracted with their entry points, and most with their visible tests', async function () {
    this.timeout(60_000);
    if (!existsSync(FILE)) {
      console.log('      skipped: no data at SOLVENT_DATA or ../shared/data');
      this.skip();
    }
    const { python } = await grammars();
    const rows = readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Recorded);
    let withTests = 0;
    let covering = 0;
    for (const { prompt: text, entry_point, visible_tests } of rows) {
      const end = text.trimEnd().length;
      for (const selection of [
        { start: 0, end: text.length },
        { start: end, end },
      ]) {
        const result = extractWith(python, { text, selection, languageId: 'python', fileName: 'x.py' });
        assert.ok(result.ok, entry_point);
        assert.equal(result.task.entryPoint, entry_point);
        if (selection.start > 0) continue;
        assert.equal(result.task.prompt, `${text.trim()}\n`);
        const found = normalised(result.task.tests);
        if (found.size > 0) withTests++;
        if ([...normalised(visible_tests)].every((test) => found.has(test))) covering++;
      }
    }
    console.log(`      ${withTests} of ${rows.length} have tests, ${covering} all that are recorded`);
    assert.equal(rows.length, 82);
    assert.ok(withTests >= 76, `${withTests} prompts with tests`);
    assert.ok(covering >= 70, `${covering} prompts with all recorded tests`);
  });
});
