/**
 * The hostile programs of `escapes` are run by `osEscapes.test.ts` against the sandbox of the system that the tests run
 * on, and by `wasmEscapes.test.ts` against WebAssembly there. Those of other systems are counted as what they are: not
 * run.
 */
const SUITES: readonly (readonly [platform: NodeJS.Platform, system: string, suites: string])[] = [
  ['linux', 'Linux', 'bubblewrap, and WebAssembly on Linux'],
  ['darwin', 'macOS', 'Seatbelt, and WebAssembly on macOS'],
  ['win32', 'Windows', 'WebAssembly on Windows, which has no sandbox of the system here'],
];

describe('Hostile programs on other systems', () => {
  for (const [platform, system, suites] of SUITES) {
    if (platform !== process.platform) it(`${suites}: not run here: needs ${system}`);
  }
});
