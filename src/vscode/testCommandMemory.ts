import type * as vscode from 'vscode';
import type { Remembered } from './testCommandChoice';

/** Under which names the workspace's state keeps it. */
const CHOICES = 'solvent.testCommand.choices';
const CONFIRMED = 'solvent.testCommand.confirmed';

/**
 * What the user has decided about the tests of this workspace's folders, and which commands were confirmed. It is kept in
 * the editor's own state of the workspace, which no repository can bring along.
 */
export class TestCommandMemory {
  constructor(private readonly state: Pick<vscode.Memento, 'get' | 'update'>) {}

  /** @param folder URI of the workspace folder */
  choice(folder: string): Remembered | undefined {
    const choices = this.#choices();
    return Object.hasOwn(choices, folder) ? readChoice(choices[folder]) : undefined;
  }

  async choose(folder: string, choice: Remembered): Promise<void> {
    await this.state.update(CHOICES, { ...this.#choices(), [folder]: choice });
  }

  /** Whether exactly this line was confirmed for a folder. */
  async isConfirmed(folder: string, line: string): Promise<boolean> {
    return this.#confirmed().includes(await keyOf(folder, line));
  }

  async confirm(folder: string, line: string): Promise<void> {
    const key = await keyOf(folder, line);
    const others = this.#confirmed().filter((known) => known !== key);
    await this.state.update(CONFIRMED, [...others, key]);
  }

  /** Forgets all of it. Resolves with whether there was anything. */
  async forget(): Promise<boolean> {
    const any = Object.keys(this.#choices()).length > 0 || this.#confirmed().length > 0;
    await this.state.update(CHOICES, undefined);
    await this.state.update(CONFIRMED, undefined);
    return any;
  }

  #choices(): Readonly<Record<string, unknown>> {
    const value = this.state.get<unknown>(CHOICES);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  }

  #confirmed(): readonly string[] {
    const value = this.state.get<unknown>(CONFIRMED);
    return Array.isArray(value) ? value.filter((key): key is string => typeof key === 'string') : [];
  }
}

function readChoice(value: unknown): Remembered | undefined {
  const { kind, line, declined } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === 'command' && typeof line === 'string') return { kind, line };
  if (kind !== 'selection') return undefined;
  return typeof declined === 'string' ? { kind, declined } : { kind };
}

async function keyOf(folder: string, line: string): Promise<string> {
  const { confirmationKey } = await import('../core/sandbox/project');
  return confirmationKey(folder, line);
}
