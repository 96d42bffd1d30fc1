import assert from 'node:assert/strict';
import { userCacheFolder, userDataFolder } from '../../../src/core/userData';

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

describe("the user's cache folder", () => {
  it('follows XDG on Linux, and the customs of macOS and Windows', () => {
    const home = '/home/ada';
    assert.equal(userCacheFolder({ platform: 'linux', env: {}, home }), '/home/ada/.cache/solvent');
    assert.equal(userCacheFolder({ platform: 'linux', env: { XDG_CACHE_HOME: '/c' }, home }), '/c/solvent');
    assert.equal(
      userCacheFolder({ platform: 'linux', env: { XDG_CACHE_HOME: 'c' }, home }),
      '/home/ada/.cache/solvent',
    );
    assert.equal(
      userCacheFolder({ platform: 'darwin', env: {}, home: '/Users/ada' }),
      '/Users/ada/Library/Caches/Solvent',
    );
    const windows = { platform: 'win32', home: 'C:\\Users\\ada' } as const;
    assert.equal(userCacheFolder({ ...windows, env: {} }), 'C:\\Users\\ada\\AppData\\Local\\Solvent\\Cache');
    assert.equal(userCacheFolder({ ...windows, env: { LOCALAPPDATA: 'D:\\L' } }), 'D:\\L\\Solvent\\Cache');
  });
});
