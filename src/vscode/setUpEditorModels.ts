import * as vscode from 'vscode';
import { editorTexts } from '../report/providerSetUp';
import { counted } from '../report/text';
import type { LmModels } from './lmModels';
import type { Pipeline } from './pipeline';
import { consents } from './providerQuestions';
import { writeSettings } from './providerSettings';
import { SETTING, type Settings } from './settings';

/** What the set-up of the editor's own models works with. */
export interface EditorSetUpTools {
  readonly settings: Pick<Settings, 'editorModels'>;
  readonly pipeline: Pick<Pipeline, 'editorModels'>;
  readonly lm: Pick<LmModels, 'offered'>;
  readonly provided: () => void;
}

/**
 * Lets the editor's own models be used, once the user has seen what they are known to cost. Sends nothing: the editor asks
 * for its own consent when the first of them is called.
 */
export async function setUpEditorModels({ settings, pipeline, lm, provided }: EditorSetUpTools): Promise<void> {
  const offered = await lm.offered();
  if (offered.length === 0) {
    void vscode.window.showWarningMessage(
      'This editor offers no models to Solvent: sign in to GitHub Copilot, or install an extension that brings some. Nothing was changed.',
    );
    return;
  }
  const found = await pipeline.editorModels(true);
  const agreed = await consents({
    name: 'the models of this editor',
    changes: settings.editorModels.use ? [] : [`Sets '${SETTING.editorUse}' in your settings to true.`],
    facts: editorTexts(found),
  });
  if (!agreed) return;
  await writeSettings({ [SETTING.editorUse]: true });
  provided();
  const usable = counted(found.models.length, 'model');
  const done =
    found.missing.length === 0 ? '' : ` ${counted(found.missing.length, 'model')} cannot, for want of a price.`;
  void vscode.window.showInformationMessage(
    `The models of this editor are set up: ${usable} can be used, at estimated prices.${done}`,
  );
}
