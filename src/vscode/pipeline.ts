import { homedir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AskForRaise } from '../core/agents/exhaustion';
import type { Ledger } from '../core/budget/ledger';
import type { TokenCounter } from '../core/budget/tokens';
import type { Calibration } from '../core/calibration/calibration';
import type { CurrentPrices } from '../core/catalogue/current';
import { type EditorModels, isEstimated } from '../core/catalogue/editorModels';
import type { Catalogue } from '../core/catalogue/model';
import type { Subscriber } from '../core/events';
import type { Journal } from '../core/journal/journal';
import type { Plan } from '../core/plan';
import type { SolveRequest } from '../core/planning/planTask';
import type { ChatOutcome, ChatProvider, ChatRequest, OnText } from '../core/providers/chat';
import type { RunResult } from '../core/result';
import type { LimitedSandbox } from '../core/sandbox/limitedSandbox';
import type { Sandbox } from '../core/sandbox/sandbox';
import type { Pytest } from '../core/task/testFile';
import type { CapsNow } from '../core/budget/caps';
import { presetAt } from '../core/providers/presets';
import { DEFAULT_BASE_URL, originOf } from './endpoint';
import type { Keys } from './keys';
import type { LmModels } from './lmModels';
import type { SandboxChoice } from './sandboxChoice';
import { SETTING, type Settings } from './settings';

/** The models that a plan is made of. */
export interface Offer {
  readonly catalogue: Catalogue;
  /** There is no key for any of them: they can be planned with, but not called. */
  readonly keyMissing: boolean;
}

/** What one run needs beyond what the pipeline has at hand. */
export interface RunParts {
  readonly catalogue: Catalogue;
  readonly sandbox: Sandbox;
  readonly caps: CapsNow;
  readonly workspace: string;
}

/** A result, and how the last call ended: what to do about a failure depends on it. */
export interface RunEnd {
  readonly result: RunResult;
  readonly lastCall: LastCall | undefined;
}

/** A call and how it ended. */
export interface LastCall {
  readonly model: string;
  readonly outcome: ChatOutcome;
}

/**
 * The core as the editor uses it. Each part is loaded when it is first needed and then kept, because activation must
 * not wait for solver, tokenizer, client or sandbox.
 */
export class Pipeline {
  #ledger: Promise<Ledger> | undefined;
  #tokens: Promise<TokenCounter> | undefined;
  #calibration: Promise<Calibration> | undefined;
  #sandbox: { readonly choice: SandboxChoice; readonly opened: Promise<Sandbox> } | undefined;

  /** @param extensionPath folder that the extension is installed in */
  constructor(
    private readonly extensionPath: string,
    private readonly settings: Settings,
    private readonly keys: Keys,
    private readonly lm: LmModels,
  ) {}

  /** Folder of the user's own data. */
  async dataFolder(): Promise<string> {
    const { userDataFolder } = await import('../core/userData');
    return userDataFolder({ platform: process.platform, env: process.env, home: homedir() });
  }

  /** Folder of the ledger, which all windows and command lines of the account share. */
  async ledgerFolder(): Promise<string> {
    return path.join(await this.dataFolder(), 'ledger');
  }

  /** The shared ledger. A failure is not kept: the next call tries again. */
  ledger(): Promise<Ledger> {
    this.#ledger ??= this.#openLedger().catch((error: unknown) => {
      this.#ledger = undefined;
      throw error;
    });
    return this.#ledger;
  }

  /**
   * All models: those of the user's list, or else the bundled ones at the prices in use, those of this machine, and the
   * editor's own where the user wants them.
   * @param baseUrl the provider's address, as it is or would be
   * @throws CatalogueError
   */
  async models(baseUrl: string = this.settings.baseUrl): Promise<Catalogue> {
    const { readLocalModels, withLocalModels } = await import('../core/catalogue/localModels');
    const local = readLocalModels(this.settings.localModels, `'${SETTING.localModels}' in your settings`);
    const catalogue = withLocalModels(await this.#listed(baseUrl), local);
    const { models, notes } = await this.editorModels();
    if (models.length + notes.length === 0) return catalogue;
    return { ...catalogue, models: [...catalogue.models, ...models], notes: [...(catalogue.notes ?? []), ...notes] };
  }

  /**
   * The editor's own models, as the user lets them be used.
   * @param use whether they are, or would be
   * @throws CatalogueError
   */
  async editorModels(use: boolean = this.settings.editorModels.use): Promise<EditorModels> {
    if (!use) return { models: [], unpriced: new Set(), missing: [], notes: [] };
    const { editorModels, readEditorPrices } = await import('../core/catalogue/editorModels');
    const { prices, unpricedRequests } = this.settings.editorModels;
    const own = readEditorPrices(prices, `'${SETTING.editorPrices}' in your settings`);
    return editorModels(await this.lm.offered(), { prices: own, unpricedRequests });
  }

  async #listed(baseUrl: string): Promise<Catalogue> {
    const own = this.settings.models;
    if (own === undefined) return atTheirProvider((await this.prices()).catalogue, baseUrl);
    const { readCatalogue } = await import('../core/catalogue/modelList');
    return readCatalogue(own, `'${SETTING.models}' in your settings`);
  }

  /** The prices in use where the user has no list of their own. */
  async prices(): Promise<CurrentPrices> {
    const { currentPrices } = await import('../core/catalogue/current');
    return currentPrices(await this.dataFolder());
  }

  /**
   * The models that can be called and whose price is valid now; without any key, those of the provider, so that the plan
   * can be seen first.
   * @throws CatalogueError
   */
  async offer(): Promise<Offer> {
    const { validAt } = await import('../core/catalogue/validity');
    const own = this.settings.models !== undefined;
    const remedy = own ? `update '${SETTING.models}' in your settings` : "run 'Solvent: Refresh Prices'";
    const valid = validAt(await this.models(), Date.now(), remedy);
    const { rankedByEvidence } = await import('../core/calibration/tiers');
    // The tiers of the user's own list are the user's.
    const catalogue = own ? valid : rankedByEvidence(valid, await this.#calibrated());
    const { reachable } = await import('../core/catalogue/bundled');
    const { baseUrl } = this.settings;
    const callable = await reachable(
      catalogue,
      async (model) => isEstimated(model.id) || this.keys.canCall(model, baseUrl),
    );
    if (callable.models.length > 0) return { catalogue: callable, keyMissing: false };
    const ofProvider = catalogue.models.filter((model) => originOf(model.baseUrl ?? baseUrl) === originOf(baseUrl));
    return {
      catalogue: { ...catalogue, models: ofProvider.length > 0 ? ofProvider : catalogue.models },
      keyMissing: true,
    };
  }

  /** Loads what planning needs, so that the first plan does not wait for it. */
  async warmUp(): Promise<void> {
    const tokens = await this.#tokenCounter();
    await Promise.all([
      import('../core/planning/planTask'),
      ...(await this.offer()).catalogue.models.map((model) => tokens.text(model, '')),
    ]);
  }

  /** Prices a request. Calls no model. */
  async plan(request: SolveRequest, catalogue: Catalogue): Promise<Plan> {
    const { planTask } = await import('../core/planning/planTask');
    return planTask(request, {
      catalogue,
      tokens: await this.#tokenCounter(),
      calibration: await this.#calibrated(),
    });
  }

  /**
   * The sandbox of the settings as they are now, with their limits, getting ready for a run. Another choice is looked at
   * anew. A failure is not kept, so that what the message says to install can be installed.
   * @throws SandboxError, SettingError
   */
  async sandbox(): Promise<LimitedSandbox> {
    const { limits, sandbox } = this.settings;
    const [{ LimitedSandbox }, opened] = await Promise.all([
      import('../core/sandbox/limitedSandbox'),
      this.#opened(sandbox),
    ]);
    return new LimitedSandbox(opened, limits);
  }

  /** Whether tests can be run by pytest itself, or why not and what to install; false where no tests can be run at all. */
  async pytest(): Promise<Pytest> {
    try {
      return (await (await this.sandbox()).withoutPytest()) ?? true;
    } catch {
      // What is wrong with the sandbox is told where it is needed.
      return false;
    }
  }

  /**
   * Runs a request through the one pipeline.
   * @param raise asks for more money where the budget is exhausted
   */
  async run(
    request: SolveRequest,
    parts: RunParts,
    emit: Subscriber,
    signal: AbortSignal,
    raise: AskForRaise,
  ): Promise<RunEnd> {
    const { solve } = await import('../core/solve');
    const { OpenAiProvider } = await import('../core/providers/openai');
    const { LmChat } = await import('./lmChat');
    const { baseUrl, editorModels } = this.settings;
    const limit = { unpriced: (await this.editorModels()).unpriced, requests: editorModels.unpricedRequests };
    const provider = new WatchedProvider(
      new OpenAiProvider({ baseUrl, key: (model) => this.keys.keyFor(model, baseUrl) }),
      new LmChat(this.lm, limit),
    );
    const tokens = await this.#tokenCounter();
    const all = { ...parts, tokens, provider, ledger: await this.ledger(), calibration: await this.#calibrated() };
    const { kept } = await import('../core/journal/keep');
    const run = kept(await this.#journal(), request.task.language, emit);
    const result = await solve(request, all, run.emit, signal, { raise });
    await run.written();
    // What this run taught counts in the next.
    this.#calibration = undefined;
    return { result, lastCall: provider.lastCall };
  }

  async #openLedger(): Promise<Ledger> {
    const { Ledger: Opened } = await import('../core/budget/ledger');
    return Opened.open(await this.ledgerFolder());
  }

  async #journal(): Promise<Journal> {
    const { Journal: Opened } = await import('../core/journal/journal');
    return new Opened(await this.ledgerFolder());
  }

  /** What the user's own runs say about the models. */
  #calibrated(): Promise<Calibration> {
    this.#calibration ??= this.#calibrate();
    return this.#calibration;
  }

  async #calibrate(): Promise<Calibration> {
    const { Calibration: Made } = await import('../core/calibration/calibration');
    return new Made(await (await this.#journal()).entries());
  }

  #tokenCounter(): Promise<TokenCounter> {
    this.#tokens ??= this.#makeTokenCounter().catch((error: unknown) => {
      this.#tokens = undefined;
      throw error;
    });
    return this.#tokens;
  }

  /** What it bounds is learned by the ledger from what providers report. */
  async #makeTokenCounter(): Promise<TokenCounter> {
    const [{ TokenCounter: Counter }, ledger] = await Promise.all([import('../core/budget/tokens'), this.ledger()]);
    return new Counter(
      (model) => ledger.learned(model),
      (model, text) => this.lm.count(model, text),
    );
  }

  #opened(choice: SandboxChoice): Promise<Sandbox> {
    if (this.#sandbox !== undefined && isDeepStrictEqual(this.#sandbox.choice, choice)) {
      return this.#sandbox.opened.then((sandbox) => {
        sandbox.warmUp?.();
        return sandbox;
      });
    }
    // Runs may be going on in the one before. What it keeps ready ends by itself.
    const opened = this.#openSandbox(choice);
    this.#sandbox = { choice, opened };
    opened.catch(() => {
      if (this.#sandbox?.opened === opened) this.#sandbox = undefined;
    });
    return opened;
  }

  async #openSandbox(choice: SandboxChoice): Promise<Sandbox> {
    const { openChosenSandbox } = await import('../core/sandbox/chosenSandbox');
    const { userCacheFolder } = await import('../core/userData');
    const dist = path.join(this.extensionPath, 'dist');
    return openChosenSandbox({
      ...choice,
      harness: path.join(dist, 'harness'),
      pyodide: path.join(dist, 'pyodide'),
      cache: userCacheFolder({ platform: process.platform, env: process.env, home: homedir() }),
    });
  }
}

/**
 * The bundled models without an address are OpenAI's. Where the provider in use is one that is known to serve others,
 * they stay OpenAI's; a gateway may serve them under the same names.
 */
function atTheirProvider(catalogue: Catalogue, baseUrl: string): Catalogue {
  const preset = presetAt(baseUrl);
  if (preset === undefined || preset.id === 'openai' || preset.id === 'litellm') return catalogue;
  const models = catalogue.models.map((model) => ({ baseUrl: DEFAULT_BASE_URL, ...model }));
  return { ...catalogue, models };
}

/** Passes calls on to whoever serves the model, and remembers how the last one ended. */
class WatchedProvider implements ChatProvider {
  lastCall: LastCall | undefined;

  constructor(
    private readonly servers: ChatProvider,
    private readonly editor: ChatProvider,
  ) {}

  async complete(request: ChatRequest, onText: OnText, signal: AbortSignal): Promise<ChatOutcome> {
    const { id } = request.model;
    const outcome = await (isEstimated(id) ? this.editor : this.servers).complete(request, onText, signal);
    this.lastCall = { model: id, outcome };
    return outcome;
  }
}
