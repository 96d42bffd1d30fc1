import * as vscode from 'vscode';
import type { ListItem } from '../report/planView';

/** A line of a quick pick and what it does; undefined where it only informs. */
export interface ActionItem<Action> extends vscode.QuickPickItem {
  readonly action: Action | undefined;
}

/** The lines of a list as the editor's quick pick takes them. */
export function quickPickItems<Action>(items: readonly ListItem<Action>[]): ActionItem<Action>[] {
  return items.map(({ separator, action, ...item }) => ({
    ...item,
    action,
    kind: separator === true ? vscode.QuickPickItemKind.Separator : vscode.QuickPickItemKind.Default,
  }));
}
