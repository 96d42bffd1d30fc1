import { LANGUAGES, type Language } from '../task/task';
import { AutoSandbox, type Backend } from './autoSandbox';
import { openSandbox, type SandboxOptions, systemMissing } from './open';
import { OsSandbox } from './osSandbox';
import { type Sandbox, SandboxError } from './sandbox';
import { openWasmSandbox, pythonOnly, type WasmOptions } from './wasm';

/** Which sandbox is wanted, and what each of them needs. */
export interface ChosenOptions extends Omit<SandboxOptions, 'choice'>, WasmOptions {
  /** `auto`: for each language the strongest that works. */
  readonly choice: 'auto' | 'os' | 'wasm';
}

/**
 * Opens the sandbox that was asked for, seen to work.
 * @throws SandboxError that says what to install or do. There is no way to run unsandboxed.
 */
export async function openChosenSandbox(options: ChosenOptions): Promise<Sandbox> {
  const { choice, language } = options;
  if (choice === 'os') return openSandbox({ ...options, choice });
  if (choice === 'wasm') {
    if (language !== undefined && language !== 'python') throw new SandboxError(pythonOnly(language));
    return openWasmSandbox(options);
  }
  const sandbox = new AutoSandbox(backendsOf(options));
  await sandbox.open(language);
  return sandbox;
}

/**
 * The strongest first. Linux: its own sandbox. Elsewhere what holds the code is first what is the same on every system,
 * because the project's hostile programs have been run on Linux only; scripts have nothing but the system's sandbox.
 */
function backendsOf(options: ChosenOptions): readonly Backend[] {
  const { python, platform = process.platform } = options;
  const named = python !== undefined;
  if (platform === 'linux') {
    // Who names an interpreter wants that one, and no other in its place.
    return [osBackend(options), ...(named ? [] : [wasmBackend(options)])];
  }
  const unproved =
    platform === 'darwin'
      ? 'WebAssembly holds it the same way on every system, while Seatbelt has not been put before the hostile programs'
      : 'there is no sandbox of the system here that could be used';
  const set = named ? ` (the Python that you have set is used by 'os' only)` : '';
  return [
    { ...wasmBackend(options), because: unproved + set },
    { ...osBackend(options), because: 'nothing else here tests it, and it held when it was tried' },
  ];
}

/** The operating system's sandbox. */
function osBackend(options: Omit<SandboxOptions, 'choice'>): Backend {
  const none = systemMissing(options.platform ?? process.platform);
  let opening: Promise<Sandbox> | undefined;
  let opened: Sandbox | undefined;
  const problems = new Map<Language, string>();
  const failed = (): void => {
    opening = opened = undefined;
  };
  const open = async (language: Language | undefined): Promise<Sandbox> => {
    opening ??= openSandbox({ ...options, choice: 'os', ...(language === undefined ? {} : { language }) });
    opened = await opening.catch((error: unknown) => {
      failed();
      throw error;
    });
    const lacking = language === undefined ? undefined : opened.missing?.(language);
    if (lacking !== undefined) throw new SandboxError(lacking);
    // It was opened for another language, and looks at this one only now.
    if (language !== undefined && opened instanceof OsSandbox) await opened.open(language);
    return opened;
  };
  return {
    kind: 'os',
    languages: LANGUAGES,
    missing: (language) => none ?? problems.get(language) ?? opened?.missing?.(language),
    failed,
    async open(language) {
      // JavaScript and TypeScript are run by the same program.
      const wanted = LANGUAGES.filter(
        (one) => language === undefined || (one === 'python') === (language === 'python'),
      );
      try {
        const sandbox = await open(language);
        for (const one of wanted) problems.delete(one);
        return sandbox;
      } catch (error) {
        for (const one of wanted) problems.set(one, error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}

/** Python on WebAssembly. */
function wasmBackend(options: WasmOptions): Backend {
  const languages: readonly Language[] = ['python'];
  let opening: Promise<Sandbox> | undefined;
  let problem: string | undefined;
  return {
    kind: 'wasm',
    languages,
    missing: () => problem,
    // Other runs may be going on in it. What it keeps ready ends by itself.
    failed: () => (opening = undefined),
    async open() {
      try {
        opening ??= openWasmSandbox(options);
        const sandbox = await opening;
        problem = undefined;
        return sandbox;
      } catch (error) {
        opening = undefined;
        problem = error instanceof Error ? error.message : String(error);
        throw error;
      }
    },
  };
}
