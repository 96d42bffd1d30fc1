import assert from 'node:assert/strict';
import { userDataFolder } from '../../../src/core/userData';

describe("the user's data folder", () => {
  it('follows XDG on Linux, and its rule for relative paths', () => {
    const at = (env: Record<string, string>) => userDataFolder({ platform: 'linux', env, home: '/home/ada' });
    assert.equal(at({}), '/home/ada/.local/share/solvent');
    assert.equal(at({ XDG_DATA_HOME: '/data' }), '/data/solvent');
    assert.equal(at({ XDG_DATA_HOME: 'data' }), '/home/ada/.local/share/solvent');
    assert.equal(at({ XDG_DATA_HOME: '' }), '/home/ada/.local/share/solvent');
  });

  it('is Application Support on macOS', () => {
    assert.equal(
      userDataFolder({ platform: 'darwin', env: { XDG_DATA_HOME: '/x' }, home: '/Users/ada' }),
      '/Users/ada/Library/Application Support/Solvent',
    );
  });

  it('is the roaming profile on Windows', () => {
    const at = (env: Record<string, string>) => userDataFolder({ platform: 'win32', env, home: 'C:\\Users\\ada' });
    assert.equal(at({ APPDATA: 'D:\\Roaming' }), 'D:\\Roaming\\Solvent');
    assert.equal(at({}), 'C:\\Users\\ada\\AppData\\Roaming\\Solvent');
  });
});
