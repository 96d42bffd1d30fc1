import * as vscode from 'vscode';
import type { Target, TestOrigin } from '../core/task/extraction';
import type { Task } from '../core/task/task';
import type { Pytest } from '../core/task/testFile';
import { counted } from '../report/text';
import type { ProjectProof } from './projectProof';
import { showProblem } from './problem';
import type { TestPlace } from './testPlace';

/** Where an answer goes in a document; offsets of the target are those of `snapshot`. */
export interface Destination {
  readonly source: vscode.Uri;
  readonly snapshot: string;
  readonly target: Target;
}

/** What the user wants solved. */
export interface Question {
  readonly task: Task;
  /** Where its tests come from: "3 tests from the docstring". */
  readonly tests: string;
  /** Where each test of the task stands, in their order; undefined where that is not known. */
  readonly places: readonly (TestPlace | undefined)[];
  /** Where the answer goes; undefined means a new document. */
  readonly destination: Destination | undefined;
  /** The project's own tests, where these decide in place of the task's. */
  readonly proof?: ProjectProof;
}

const ORIGINS: Readonly<Record<TestOrigin, string>> = {
  selection: ' from the selection',
  docstring: ' from the docstring',
  file: ' from this file',
  none: '',
};

/** "3 tests from the docstring", "no tests". */
export function describeTests(count: number, origin: string): string {
  return count === 0 ? 'no tests' : `${counted(count, 'test')}${origin}`;
}

/** What may be a test that only pytest can run: then it is worth finding out whether there is one. */
const OF_PYTEST = /\bpytest\b|\bdef test\w*\(\s*\w/;

/**
 * Takes the task from the selection or the cursor of the active editor; with nothing to be taken there, asks for a
 * typed one. Undefined where the user gave it up.
 * @param pytest finds out whether tests can be run by pytest itself
 */
export async function askQuestion(
  pytest: () => Promise<Pytest> = () => Promise.resolve(false),
): Promise<Question | undefined> {
  const editor = vscode.window.activeTextEditor;
  const { languageOf, extractTask } = await import('../core/task');
  if (editor === undefined) return typedQuestion('python', 'No editor is open.');
  const { document, selection } = editor;
  const language = languageOf(document.languageId);
  const snapshot = document.getText();
  const extraction = await extractTask({
    text: snapshot,
    selection: { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) },
    languageId: document.languageId,
    fileName: document.fileName,
    pytest: language === 'python' && OF_PYTEST.test(snapshot) && (await pytest()),
  });
  if (extraction.ok) {
    const { task, target, testOrigin, testPlaces } = extraction;
    const here = { source: document.uri, snapshot };
    const places = testPlaces.map((range) => range && { ...here, range });
    const tests = describeTests(task.tests.length, ORIGINS[testOrigin]);
    return { task, tests, places, destination: { ...here, target } };
  }
  if (extraction.kind === 'too-large') {
    await showProblem(extraction.message);
    return undefined;
  }
  return typedQuestion(language ?? 'python', extraction.message);
}

/** @param why the sentence that says why nothing was taken from the editor */
async function typedQuestion(language: Task['language'], why: string): Promise<Question | undefined> {
  const typed = await vscode.window.showInputBox({
    title: `Solvent: what should be written in ${languageName(language)}?`,
    placeHolder: 'Write slugify(text), which …; asserts in it are taken as tests',
    prompt: `${why} Type the task instead`,
    ignoreFocusOut: true,
    validateInput: (text) => (text !== '' && text.trim() === '' ? 'Say what to write.' : undefined),
  });
  if (typed === undefined || typed.trim() === '') return undefined;
  const { taskFromPrompt } = await import('../core/task');
  const task = await taskFromPrompt(typed, language);
  const tests = describeTests(task.tests.length, ' from the text');
  return { task, tests, places: task.tests.map(() => undefined), destination: undefined };
}

function languageName(language: Task['language']): string {
  return { python: 'Python', javascript: 'JavaScript', typescript: 'TypeScript' }[language];
}
