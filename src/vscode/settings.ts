import * as vscode from 'vscode';
import { type Mode, MODES, TOPOLOGIES } from '../core/plan';
import type { Limits } from '../core/sandbox/verdict';
import { readBaseUrl } from './endpoint';
import {
  PROJECT_SETTING,
  type ProjectTestLimits,
  type ProjectTestSettings,
  readProjectTests,
  readTestLimits,
} from './projectSettings';
import { readBackend, readProgram, type SandboxChoice } from './sandboxChoice';
import { readLimits } from './sandboxLimits';
import { type Budgets, type Inspected, readBudgets, SettingError, userValue } from './settingValues';

/** Topologies that the user may ask for. */
const CHOICES = ['auto', ...TOPOLOGIES] as const;
type TopologyChoice = (typeof CHOICES)[number];

/** What the user says of the editor's own models. */
export interface EditorSettings {
  readonly use: boolean;
  /** Prices as they stand in the settings. */
  readonly prices: unknown;
  /** Requests that a run may make of models whose price is not known. */
  readonly unpricedRequests: number;
}

const MOST_REQUESTS = 100;

/** The full names of settings that messages refer to. */
export const SETTING = {
  perTask: 'solvent.budget.perTask',
  perDay: 'solvent.budget.perDay',
  perMonth: 'solvent.budget.perMonth',
  baseUrl: 'solvent.provider.baseUrl',
  models: 'solvent.models',
  localModels: 'solvent.localModels',
  editorUse: 'solvent.editorModels.use',
  editorPrices: 'solvent.editorModels.prices',
  editorRequests: 'solvent.editorModels.unpricedRequests',
  python: 'solvent.python.path',
  node: 'solvent.node.path',
  backend: 'solvent.sandbox.backend',
  topology: 'solvent.topology',
  mode: 'solvent.mode',
  testCommand: PROJECT_SETTING.command,
} as const;

/**
 * The only reader of the editor's settings. Whatever could send keys elsewhere, run a program or lift a limit is taken
 * from the user's settings alone, whatever a workspace says. Every getter reads anew and throws SettingError.
 */
export class Settings {
  /** Has `changed` called whenever the caps of day or month may be others than before. */
  onCapsChanged(changed: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SETTING.perDay) || event.affectsConfiguration(SETTING.perMonth)) changed();
    });
  }

  /** The budgets that hold for a document. */
  budgets(scope: vscode.Uri | undefined): Budgets {
    return readBudgets(
      inspect(SETTING.perTask, scope),
      inspect(SETTING.perDay, scope),
      inspect(SETTING.perMonth, scope),
    );
  }

  /** Address of the provider's API, without a slash at its end. */
  get baseUrl(): string {
    return readBaseUrl(userValue(inspect(SETTING.baseUrl)), SETTING.baseUrl);
  }

  /** The user's own model list as it stands in the settings; undefined where there is none. */
  get models(): Readonly<Record<string, unknown>> | undefined {
    const value = userValue(inspect(SETTING.models));
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) {
      throw new SettingError(SETTING.models, `'${SETTING.models}' must be an object with 'asOf' and 'models'.`);
    }
    return { ...value };
  }

  /** The user's models of this machine as they stand in the settings. */
  get localModels(): readonly unknown[] {
    const value = userValue(inspect(SETTING.localModels)) ?? [];
    if (Array.isArray(value)) return value as readonly unknown[];
    throw new SettingError(SETTING.localModels, `'${SETTING.localModels}' must be a list of models.`);
  }

  /** How the editor's own models may be used. */
  get editorModels(): EditorSettings {
    const use = userValue(inspect(SETTING.editorUse)) ?? false;
    if (typeof use !== 'boolean')
      throw new SettingError(SETTING.editorUse, `'${SETTING.editorUse}' must be true or false.`);
    const requests = userValue(inspect(SETTING.editorRequests)) ?? 0;
    if (typeof requests !== 'number' || !Number.isSafeInteger(requests) || requests < 0 || requests > MOST_REQUESTS) {
      throw new SettingError(
        SETTING.editorRequests,
        `'${SETTING.editorRequests}' must be a whole number from 0 to ${MOST_REQUESTS}.`,
      );
    }
    return { use, prices: userValue(inspect(SETTING.editorPrices)) ?? [], unpricedRequests: requests };
  }

  /** Which sandbox tests run in, and with which interpreters. */
  get sandbox(): SandboxChoice {
    const python = readProgram(SETTING.python, userValue(inspect(SETTING.python)), 'a Python interpreter');
    const node = readProgram(SETTING.node, userValue(inspect(SETTING.node)), 'a Node.js executable');
    return {
      choice: readBackend(SETTING.backend, userValue(inspect(SETTING.backend))),
      ...(python === undefined ? {} : { python }),
      ...(node === undefined ? {} : { node }),
    };
  }

  /** Bounds of what tested code may use. */
  get limits(): Limits {
    return readLimits((key) => userValue(inspect(key)));
  }

  /** What a document's project says about its own tests. A command that a workspace brings is not yet a confirmed one. */
  projectTests(scope: vscode.Uri): ProjectTestSettings {
    const { command, exclude, include } = PROJECT_SETTING;
    return readProjectTests(inspect(command, scope), inspect(exclude, scope), inspect(include, scope));
  }

  /** Bounds of a run of a project's own tests. */
  get testLimits(): ProjectTestLimits {
    return readTestLimits((key) => userValue(inspect(key)));
  }

  /** How agents work together. It costs nothing but what the budget admits, so a workspace may choose it. */
  get topology(): TopologyChoice {
    return chosen(SETTING.topology, CHOICES);
  }

  /** How much evidence is bought beyond the first pass; within the budget, so a workspace may choose it. */
  get mode(): Mode {
    return chosen(SETTING.mode, MODES);
  }
}

/** The value of a setting that names one of several. */
function chosen<T extends string>(key: string, choices: readonly T[]): T {
  const value: unknown = vscode.workspace.getConfiguration().get(key);
  const choice = choices.find((name) => name === value);
  if (choice !== undefined) return choice;
  throw new SettingError(key, `'${key}' must be one of ${choices.join(', ')}.`);
}

function inspect(key: string, scope?: vscode.Uri): Inspected {
  const found = vscode.workspace.getConfiguration(undefined, scope ?? null).inspect(key);
  return { ...found, key, globalValue: found?.globalValue ?? nullOf({ ...found }) };
}

/**
 * A user's `null` comes as no `globalValue` at all. It is told from one by what `inspect()` says besides what it is
 * declared to: the user's value on this machine and that on the remote one, which goes before it.
 */
function nullOf({ globalLocalValue, globalRemoteValue }: Readonly<Record<string, unknown>>): null | undefined {
  return (globalRemoteValue === undefined ? globalLocalValue : globalRemoteValue) === null ? null : undefined;
}
