import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { VENDOR, VENDOR_EXTENSION } from './modelVendor';

/** What the editor calls of a provider; its types came with a later version than the extension needs. */
interface RegisteredProvider {
  readonly provideLanguageModelChatInformation: () => readonly object[];
  readonly provideLanguageModelChatResponse: (
    model: object,
    messages: readonly object[],
    options: { readonly modelOptions?: Options },
    progress: { readonly report: (part: object) => void },
    token: vscode.CancellationToken,
  ) => Promise<void>;
  readonly provideTokenCount: (model: object, text: unknown) => Promise<number>;
}

/** What the extension that declares the vendor offers. */
interface Registry {
  readonly register: (provider: RegisteredProvider) => vscode.Disposable | undefined;
}

type Options = Readonly<Record<string, unknown>>;

/** How the model answers a request: it says text, piece by piece, until it is done or told to stop. */
export type Respond = (
  say: (text: string) => void,
  token: vscode.CancellationToken,
  options: Options | undefined,
) => Promise<void>;

/** A chat model that a test has really registered with the editor. */
export interface EditorWriter {
  /** As the editor offers it. */
  readonly name: string;
  /** Requests so far, with the options that each had. */
  readonly asked: readonly (Options | undefined)[];
  readonly answer: (respond: Respond) => void;
  readonly dispose: () => void;
}

/** A token a word, so that a count tells what was counted. */
export const wordTokens = (text: string): number => text.match(/[\w']+/g)?.length ?? 0;

/** Registers the model, and waits until the editor offers it. Undefined where the editor is too old for such models. */
export async function registerWriter(): Promise<EditorWriter | undefined> {
  const extension = vscode.extensions.getExtension<Registry>(VENDOR_EXTENSION);
  assert.ok(extension, 'the extension of the vendor is there');
  const asked: (Options | undefined)[] = [];
  let respond: Respond = () => Promise.resolve();
  const { LanguageModelTextPart: Text } = vscode as unknown as {
    readonly LanguageModelTextPart: new (text: string) => object;
  };
  const registry = await extension.activate();
  const registration = registry.register({
    provideLanguageModelChatInformation: () => [
      {
        ...{ id: 'writer', name: 'Writer', family: 'writer', version: '1' },
        ...{ maxInputTokens: 8000, maxOutputTokens: 2000, capabilities: {} },
      },
    ],
    provideLanguageModelChatResponse: (_, __, { modelOptions }, progress, token) => {
      asked.push(modelOptions);
      const say = (text: string): void => {
        progress.report(new Text(text));
      };
      return respond(say, token, modelOptions);
    },
    provideTokenCount: (_, text) => Promise.resolve(wordTokens(JSON.stringify(text))),
  });
  if (registration === undefined) return undefined;
  for (let tries = 0; tries < 100; tries++) {
    if ((await vscode.lm.selectChatModels({ vendor: VENDOR })).length > 0) break;
    await new Promise((later) => setTimeout(later, 100));
  }
  return {
    name: `vscode:${VENDOR}/writer`,
    asked,
    answer: (next) => (respond = next),
    dispose: () => {
      registration.dispose();
    },
  };
}
