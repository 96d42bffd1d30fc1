import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CommandError } from '../../../src/cli/exitCode';
import { ProjectFile } from '../../../src/cli/projectFile';

describe('the file of a project', () => {
  let folder: string;
  let place: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'solvent-file-'));
    place = path.join(folder, 'a.py');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** As the command line reads it. */
  const read = async (text: string): Promise<ProjectFile> => {
    await writeFile(place, text);
    return ProjectFile.of(folder, place, await readFile(place, 'utf8'));
  };

  it('is written with the mark that it had', async () => {
    const file = await read('\uFEFFx = 1\r\n');
    assert.deepEqual([file.path, file.text], ['a.py', 'x = 1\r\n']);
    await file.replace('x = 2\r\n');
    assert.equal(await readFile(place, 'utf8'), '\uFEFFx = 2\r\n');
  });

  it('is left alone where it is not as it was read any more, or gone', async () => {
    const file = await read('x = 1\n');
    await writeFile(place, 'x = 3\n');
    await assert.rejects(file.replace('x = 2\n'), /is not written to a\.py: it was changed in the meantime\.$/);
    assert.equal(await readFile(place, 'utf8'), 'x = 3\n');
    await rm(place);
    await assert.rejects(file.replace('x = 2\n'), /there is no such file\.$/);
  });

  it('has to be text, which could be written back as it was', async () => {
    for (const bytes of [Buffer.from([0xff, 0xfe, 0x41]), Buffer.from('a\0b')]) {
      await writeFile(place, bytes);
      const text = await readFile(place, 'utf8');
      assert.throws(() => ProjectFile.of(folder, place, text), CommandError);
    }
  });
});
