import assert from 'node:assert/strict';
import { cleanUp, repository, withProject } from './projectBench';

describe('Unsaved editors of a workspace', function () {
  this.timeout(60_000);
  after(cleanUp);

  it("are seen by the project's tests as they stand, but for those of files that tests do not get to see", async () => {
    const folder = repository({
      '.gitignore': 'notes.txt\n',
      '.env': 'KEY=saved\n',
      'notes.txt': 'saved\n',
      'helper.txt': 'saved\n',
      'answer.txt': 'saved\n',
    });
    const edits = ['.env', 'notes.txt', 'helper.txt', 'answer.txt', 'new.txt', 'node_modules/a/x.txt'].map((path) => ({
      path,
      text: `unsaved ${path}\n`,
    }));
    const command = 'sh -c "cat .env notes.txt helper.txt answer.txt new.txt node_modules/a/x.txt; exit 1"';
    await withProject({ folder, file: 'answer.txt', command, edits }, async (project) => {
      const { ending } = await project.baseline();
      assert.equal(ending.stdout, 'unsaved helper.txt\nunsaved answer.txt\n');
    });
  });

  it('may make the file of the answer, which need not be on disk', async () => {
    const folder = repository({ 'a.txt': '' });
    const edits = [{ path: 'sub/answer.txt', text: 'unsaved\n' }];
    const command = 'sh -c "cat sub/answer.txt; exit 1"';
    await withProject({ folder, file: 'sub/answer.txt', command, edits }, async (project) => {
      assert.equal((await project.baseline()).ending.stdout, 'unsaved\n');
    });
  });
});
