import { installCodeServer, installedCodeServer, whyNoCodeServer } from './codeServerInstall';
import { desktopEditor } from './desktopDownload';
import { type CodeServer, type Machine, type NoEditor } from './editors';
import { BROWSER_PACKAGES, BUILD_PACKAGES, ensurePackages, findChromium, SANDBOX_PACKAGES } from './systemPackages';

/** How set-up tells what it is doing while that takes long. */
export interface SetupOptions {
  readonly log: (line: string) => void;
}

/**
 * Brings the machine to where every suite can run and tells what it could not bring. Safe to repeat, and quick when
 * all is there. It never throws for something missing: that is in the answer.
 */
export async function prepareMachine({ log }: SetupOptions): Promise<Machine> {
  const sandbox = process.platform === 'linux' ? await ensurePackages(SANDBOX_PACKAGES, log) : undefined;
  const workbench = await servedEditor(log);
  const desktop = await desktopEditor(log);
  return {
    host: desktop.kind === 'desktop' ? desktop : hostFallback(workbench, desktop),
    workbench,
    problems: sandbox === undefined ? [] : [sandbox],
  };
}

/** The served VS Code, if it is ready to be used. Installs nothing: a test cannot wait for that. */
export function readyWorkbench(): CodeServer | NoEditor {
  const installed = installedCodeServer();
  const chromium = findChromium();
  if (installed !== undefined && chromium !== undefined) return { kind: 'code-server', chromium, ...installed };
  return { kind: 'none', reason: 'VS Code for tests is not ready: run node test/setup/machine.mjs' };
}

/** The suites that cannot run on this machine, each with its reason. */
export function unavailable(machine: Machine): readonly string[] {
  return [machine.host, machine.workbench].flatMap((editor) => (editor.kind === 'none' ? [editor.reason] : []));
}

function hostFallback(workbench: CodeServer | NoEditor, desktop: NoEditor): CodeServer | NoEditor {
  if (workbench.kind === 'code-server') return workbench;
  return { kind: 'none', reason: `${desktop.reason}; ${workbench.reason}` };
}

async function servedEditor(log: (line: string) => void): Promise<CodeServer | NoEditor> {
  const impossible = whyNoCodeServer();
  if (impossible !== undefined) return { kind: 'none', reason: impossible };
  const installed = installedCodeServer() !== undefined;
  const missing = await ensurePackages(installed ? BROWSER_PACKAGES : [...BROWSER_PACKAGES, ...BUILD_PACKAGES], log);
  if (missing !== undefined) return { kind: 'none', reason: missing };
  if (installed) return readyWorkbench();
  log('installing VS Code for tests (code-server, once, about two minutes)');
  try {
    await installCodeServer();
    return readyWorkbench();
  } catch (error) {
    return { kind: 'none', reason: `code-server could not be installed: ${(error as Error).message}` };
  }
}
