import * as vscode from 'vscode';
import { isLoopback } from '../core/catalogue/loopback';
import { localModelEntry, type LocalModelEntry } from '../core/catalogue/localModels';
import type { OfferedModel } from '../core/providers/offeredModels';
import { PRESETS, type ProviderPreset } from '../core/providers/presets';
import { type PricedModels, pricedModels, pricedTexts, usableLocally } from '../report/providerSetUp';
import { counted } from '../report/text';
import { hostOf, originOf } from './endpoint';
import type { Keys } from './keys';
import type { LmModels } from './lmModels';
import type { Pipeline } from './pipeline';
import { follow, openSettings, type Remedy } from './problem';
import { askAddress, pickProvider, type ProviderChoice } from './providerPick';
import { askAgain, askKey, askServer, chooseModels, consents } from './providerQuestions';
import { writeSettings } from './providerSettings';
import { SETTING, type Settings } from './settings';
import { setUpEditorModels } from './setUpEditorModels';

/** What a set-up works with. */
export interface SetUpTools {
  readonly settings: Pick<Settings, 'baseUrl' | 'localModels' | 'editorModels'>;
  readonly keys: Keys;
  readonly pipeline: Pick<Pipeline, 'models' | 'editorModels'>;
  readonly lm: Pick<LmModels, 'offered'>;
  /** Is told once there is a provider. */
  readonly provided: () => void;
}

/** A provider that answered. */
interface Tried {
  readonly key: string | undefined;
  /** Whether the key was typed, so that it has to be stored. */
  readonly typed: boolean;
  readonly models: readonly OfferedModel[];
}

/**
 * "Solvent: Set Up Provider": a provider, its key, a question that costs nothing (`GET /models`), the user's consent, and
 * only then are key and settings written, all or none. Giving up at any step leaves everything as it was.
 */
export class ProviderSetUp {
  /** @param presets the providers that are offered */
  constructor(
    private readonly tools: SetUpTools,
    private readonly presets: readonly ProviderPreset[] = PRESETS,
  ) {}

  /** @throws Error where key or settings cannot be written */
  async run(): Promise<void> {
    const choice = await pickProvider(this.presets);
    if (choice === 'editor') await setUpEditorModels(this.tools);
    else if (choice !== undefined) await this.#server(choice);
  }

  async #server(choice: ProviderChoice): Promise<void> {
    const tried = await this.#try(choice);
    if (tried === 'address') {
      const other = await askAddress(choice.baseUrl);
      return other && this.#server(other);
    }
    if (tried === undefined) return;
    const { name, baseUrl, preset } = choice;
    let local: readonly OfferedModel[] | undefined;
    if (preset?.billed === false) {
      local = await chooseModels(usableLocally(tried.models));
      if (local === undefined) return;
    }
    const priced = await this.#priced(choice, tried.models, local);
    const before = this.tools.settings.baseUrl;
    const agreed = await consents({
      name,
      ...(before === baseUrl ? {} : { inPlaceOf: hostOf(before) }),
      changes: changeTexts(choice, tried, local, before),
      facts: [...pricedTexts(priced), ...unprotected(baseUrl, tried.key)],
    });
    if (!agreed) return;
    await this.#write(choice, tried, local);
    this.tools.provided();
    tellDone(name, priced);
  }

  /**
   * Asks the provider for its models, with as many keys as the user tries. `address` where they want to change that;
   * undefined where they gave it up.
   */
  async #try({ baseUrl, preset }: ProviderChoice): Promise<Tried | 'address' | undefined> {
    let known = await this.tools.keys.keyFor({}, baseUrl);
    let key = known;
    let typed = false;
    let rejected: string | undefined;
    let ask = preset === undefined ? !isLoopback(baseUrl) : preset.key === 'required';
    for (;;) {
      if (ask) {
        const optional = preset?.key !== 'required' && rejected === undefined;
        const text = await askKey({ host: hostOf(baseUrl), known: known !== undefined, optional, rejected });
        if (text === undefined) return undefined;
        typed = text !== '';
        key = typed ? text : known;
      }
      const offered = await askServer(baseUrl, key);
      if (offered.kind === 'models') return { key, typed, models: offered.models };
      ask = offered.accepted === false;
      if (ask) {
        rejected = `${offered.message} Enter ${key === undefined ? 'one' : 'another'}.`;
        known = undefined;
        continue;
      }
      const next = await askAgain(offered.message, preset === undefined);
      if (next !== 'again') return next;
    }
  }

  async #priced(
    { baseUrl }: ProviderChoice,
    offered: readonly OfferedModel[],
    local: readonly OfferedModel[] | undefined,
  ): Promise<PricedModels> {
    const { models } = await this.tools.pipeline.models(baseUrl);
    const here = models.filter((model) => originOf(model.baseUrl ?? baseUrl) === originOf(baseUrl)).map(({ id }) => id);
    // Those of this machine are used as they were chosen, whatever was in the settings before.
    return pricedModels(local ?? offered, local === undefined ? here : local.map(({ id }) => id));
  }

  /** All or none: a key that stays behind without its settings, or the other way round, is half a set-up. */
  async #write(
    { baseUrl }: ProviderChoice,
    { key, typed }: Tried,
    local: readonly OfferedModel[] | undefined,
  ): Promise<void> {
    const { keys, settings } = this.tools;
    const localModels = local && [...otherServers(settings.localModels, baseUrl), ...entriesOf(local, baseUrl)];
    const before = await keys.stored(baseUrl);
    if (typed && key !== undefined) await keys.store(baseUrl, key);
    try {
      await writeSettings({
        ...(localModels === undefined ? {} : { [SETTING.localModels]: localModels }),
        [SETTING.baseUrl]: baseUrl,
      });
    } catch (error) {
      if (typed) await (before === undefined ? keys.remove(baseUrl) : keys.store(baseUrl, before));
      throw error;
    }
  }
}

function changeTexts(
  { baseUrl }: ProviderChoice,
  { typed }: Tried,
  local: readonly OfferedModel[] | undefined,
  before: string,
): string[] {
  return [
    ...(typed ? [`Stores the key for ${hostOf(baseUrl)} as a secret of the editor.`] : []),
    ...(baseUrl === before ? [] : [`Sets '${SETTING.baseUrl}' in your settings to ${baseUrl}`]),
    ...(local === undefined ? [] : [`Puts ${counted(local.length, 'model')} into '${SETTING.localModels}'.`]),
  ];
}

function unprotected(baseUrl: string, key: string | undefined): string[] {
  const open = key !== undefined && new URL(baseUrl).protocol === 'http:' && !isLoopback(baseUrl);
  return open ? [`Key and tasks would go to ${hostOf(baseUrl)} unencrypted: an address with https:// is safer.`] : [];
}

function entriesOf(models: readonly OfferedModel[], baseUrl: string): LocalModelEntry[] {
  return models.map(({ id, contextWindow }) => localModelEntry(id, baseUrl, contextWindow));
}

/** What the settings hold of other servers of this machine stays as the user has it. */
function otherServers(entries: readonly unknown[], baseUrl: string): readonly unknown[] {
  return entries.filter((entry) => {
    const address = typeof entry === 'object' && entry !== null && 'baseUrl' in entry ? entry.baseUrl : undefined;
    return typeof address !== 'string' || !URL.canParse(address) || originOf(address) !== originOf(baseUrl);
  });
}

/** The command is done; what the message offers is followed when the user takes it. */
function tellDone(name: string, priced: PricedModels): void {
  const message = [`${name} is set up.`, ...pricedTexts(priced)].join(' ');
  if (priced.priced.length > 0) void vscode.window.showInformationMessage(message);
  else void showWarning(message, openSettings(SETTING.models));
}

async function showWarning(message: string, remedy: Remedy): Promise<void> {
  if ((await vscode.window.showWarningMessage(message, remedy.title)) === remedy.title) await follow(remedy);
}
