import path from 'node:path';
import * as vscode from 'vscode';
import type { Baseline } from '../core/sandbox/project/baseline';
import type { Edit } from '../core/sandbox/project/copy';
import type { Project } from '../core/sandbox/project/project';
import type { Sandbox } from '../core/sandbox/sandbox';
import type { ProofNote } from '../report/record';
import type { Destination } from './question';

/** Where an answer goes in a project on disk. */
export interface ProjectPlace {
  /** The workspace folder. */
  readonly folder: vscode.Uri;
  /** The file that the answer goes to, relative to the folder, with `/`. */
  readonly file: string;
}

/** The project's own tests as what proves an answer. */
export interface ProjectProof {
  readonly place: ProjectPlace;
  /** The command line that was confirmed. */
  readonly command: string;
  /** What the tests said of the workspace before anything was written. */
  readonly baseline: Baseline;
  /** Judges answers by it. Usable until the project is disposed of. */
  readonly sandbox: Sandbox;
  readonly project: Project;
  readonly note: ProofNote;
}

/**
 * Where an answer lies in a project. Undefined where it has no file on disk yet, or one outside of the workspace: then
 * there is no project whose tests could be run.
 */
export function projectPlace(destination: Destination | undefined): ProjectPlace | undefined {
  const source = destination?.source;
  const folder = source?.scheme === 'file' ? vscode.workspace.getWorkspaceFolder(source)?.uri : undefined;
  if (source === undefined || folder?.scheme !== 'file') return undefined;
  const file = path.relative(folder.fsPath, source.fsPath).split(path.sep).join('/');
  return file === '' || file.startsWith('../') || path.isAbsolute(file) ? undefined : { folder, file };
}

/** The texts of unsaved editors of a folder, besides that of one file. */
export function unsavedEdits({ folder, file }: ProjectPlace): Edit[] {
  return vscode.workspace.textDocuments.flatMap((document): Edit[] => {
    const { uri } = document;
    if (!document.isDirty || document.isClosed || uri.scheme !== 'file') return [];
    const relative = path.relative(folder.fsPath, uri.fsPath).split(path.sep).join('/');
    const outside = relative === '' || relative === '..' || relative.startsWith('../') || path.isAbsolute(relative);
    return outside || relative === file ? [] : [{ path: relative, text: document.getText() }];
  });
}
