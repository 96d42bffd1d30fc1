import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { cacheFolder } from './cacheFolder';
import { type DesktopEditor, type NoEditor } from './editors';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long the download may stand still. Short, because a closed network often answers nothing at all. */
const IDLE_TIMEOUT_MS = 5000;

interface Finding {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly editor: DesktopEditor | NoEditor;
}

/**
 * The desktop VS Code, downloaded by `@vscode/test-electron` where the network allows it. What was found, good or
 * bad, holds for a day. Under CI and without a display it is not tried: the served VS Code always works there.
 */
export async function desktopEditor(log: (line: string) => void): Promise<DesktopEditor | NoEditor> {
  if (process.env['CI'] === 'true') return { kind: 'none', reason: 'under CI no desktop VS Code is downloaded' };
  if (!hasDisplay()) return { kind: 'none', reason: 'a desktop VS Code needs a display' };
  const file = join(cacheFolder(), 'desktop.json');
  const known = await readFinding(file);
  if (known !== undefined) return known.editor;
  log('looking for a desktop VS Code to download');
  const editor = await download();
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(file, JSON.stringify({ at: Date.now(), editor } satisfies Finding));
  return editor;
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

async function readFinding(file: string): Promise<Finding | undefined> {
  try {
    const finding = JSON.parse(await readFile(file, 'utf8')) as Finding;
    const fresh = Date.now() - finding.at < DAY_MS;
    const usable = finding.editor.kind === 'none' || existsSync(finding.editor.executable);
    return fresh && usable ? finding : undefined;
  } catch {
    return undefined;
  }
}

async function download(): Promise<DesktopEditor | NoEditor> {
  try {
    const executable = await downloadAndUnzipVSCode({
      version: 'stable',
      cachePath: join(cacheFolder(), 'desktop'),
      timeout: IDLE_TIMEOUT_MS,
      reporter: new SilentReporter(),
    });
    return { kind: 'desktop', executable };
  } catch (error) {
    return { kind: 'none', reason: `VS Code could not be downloaded (${String(error)})` };
  }
}
