import * as vscode from 'vscode';
import { type EditorModel, editorModelId } from '../core/catalogue/editorModels';

/** The models that the editor offers to extensions, Copilot's among them. */
export class LmModels {
  /** What was found last, by the name that plans have for it. */
  #found = new Map<string, vscode.LanguageModelChat>();

  /** All of them; none where the editor has no such models. Asks nobody's consent and sends nothing. */
  async offered(): Promise<readonly EditorModel[]> {
    const models = await this.#select();
    return models.map(({ vendor, id, name, maxInputTokens }) => ({ vendor, id, name, maxInputTokens }));
  }

  /** A model by the name that plans have for it; undefined where the editor has it no more. */
  async named(model: string): Promise<vscode.LanguageModelChat | undefined> {
    if (!this.#found.has(model)) await this.#select();
    return this.#found.get(model);
  }

  /** How many tokens a text is, by the model's own count. @throws Error where it is gone or does not count */
  async count(model: string, text: string): Promise<number> {
    const found = await this.named(model);
    if (found === undefined) throw new Error(`The editor offers no model ${model}.`);
    return found.countTokens(text);
  }

  async #select(): Promise<readonly vscode.LanguageModelChat[]> {
    // Editors that are built on an older VS Code, or without its chat, have none.
    const { lm } = vscode as { readonly lm?: Partial<typeof vscode.lm> };
    const models = (await lm?.selectChatModels?.({})) ?? [];
    this.#found = new Map(models.map((model) => [editorModelId(model), model]));
    return models;
  }
}
