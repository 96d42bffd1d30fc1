import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The vendor of chat models that a test may register a provider for. */
export const VENDOR = 'solvent-test';

/** The extension that declares the vendor: the editor takes providers of declared vendors only. */
export const VENDOR_EXTENSION = 'solvent-tests.model-vendor';

/** Registers the provider that a test brings, in the name of the extension. */
const SOURCE = `
const { lm } = require('vscode');
exports.activate = () => ({
  register: (provider) => lm.registerLanguageModelChatProvider?.('${VENDOR}', provider),
});
`;

/** Puts the extension among those of a profile, where VS Code takes it up. */
export async function installModelVendor(extensions: string): Promise<void> {
  const [publisher = '', name = ''] = VENDOR_EXTENSION.split('.');
  const folder = join(extensions, `${VENDOR_EXTENSION}-1.0.0`);
  await mkdir(folder, { recursive: true });
  const manifest = {
    ...{ name, publisher, version: '1.0.0', engines: { vscode: '^1.90.0' }, main: './extension.js' },
    activationEvents: [],
    contributes: { languageModelChatProviders: [{ vendor: VENDOR, displayName: 'Models of the tests' }] },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'extension.js'), SOURCE);
}
