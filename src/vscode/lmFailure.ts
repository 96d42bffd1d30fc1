import * as vscode from 'vscode';
import type { ChatOutcome } from '../core/providers/chat';
import { quoted } from '../core/providers/providerText';

/** How a request to a model of the editor ended that brought no answer. */
type LmFailure = Exclude<ChatOutcome, { readonly kind: 'complete' }>;

/**
 * What an error of the editor's models means (https://code.visualstudio.com/api/extension-guides/ai/language-model): the
 * user's consent is missing, the model is gone, the quota is used up, or, whatever it was, nobody knows what was billed.
 * @param text what has arrived
 */
export function lmFailure(error: unknown, model: string, text = ''): LmFailure {
  switch (error instanceof vscode.LanguageModelError ? error.code : undefined) {
    case 'NoPermissions':
      return {
        kind: 'unsent',
        message: `Solvent may not use ${model} yet: allow it when the editor asks, or in the menu of your account under "Manage Language Model Access".`,
        retryable: false,
      };
    case 'NotFound':
      return {
        kind: 'refused',
        status: 404,
        message: `The editor offers no ${model} any more: sign in to what it belongs to, or use another model.`,
        retryable: false,
      };
    case 'Blocked':
      return {
        kind: 'refused',
        status: 429,
        message: `The editor admits no request to ${model}: its quota is used up, or it is blocked for you.${said(error)}`,
        retryable: false,
      };
    default:
      return { kind: 'cut', text, message: `${model} broke off.${said(error)}`, retryable: true };
  }
}

/** The innermost reason of an error, in words. */
export function reasonOf(error: unknown): string {
  let root: unknown = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return quoted(root instanceof Error ? root.message : String(root), []).replace(/\.+$/, '');
}

function said(error: unknown): string {
  const reason = reasonOf(error);
  return reason === '' ? '' : ` It said: ${reason}.`;
}
