import * as vscode from 'vscode';
import type { Language } from '../core/task/task';
import type { Pytest } from '../core/task/testFile';
import { leftOutText } from '../report/leftOut';
import { nameOf } from './place';
import { describeTests, type Question } from './question';

const PATTERNS: Readonly<Record<Language, string>> = {
  python: '**/{test_*,*_test,tests,conftest}.py',
  javascript: '**/*{.test,.spec,_test}.{js,jsx,mjs,cjs,ts,tsx}',
  typescript: '**/*{.test,.spec,_test}.{ts,tsx,mts,cts,js,jsx}',
};
const EXCLUDED = '**/{node_modules,.venv,venv,site-packages,dist,out,build}/**';
const MOST_FILES = 500;
/** Larger files are no tests that a model could be shown the reason of; in bytes. */
const LARGEST_FILE = 1_000_000;

interface FileItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri | undefined;
}

/**
 * Lets the user pick a test file and adds its tests of the task's entry point. Undefined where nothing came of it.
 * @param pytest finds out whether tests can be run by pytest itself
 */
export async function addTestsFromFile(
  question: Question,
  pytest: () => Promise<Pytest>,
): Promise<Question | undefined> {
  const uri = await pickTestFile(question);
  if (uri === undefined) return undefined;
  const entryPoint = question.task.entryPoint ?? (await askEntryPoint());
  if (entryPoint === undefined) return undefined;
  const bytes = await vscode.workspace.fs.readFile(uri);
  const name = nameOf(uri);
  if (bytes.length > LARGEST_FILE) {
    warn(`${name} is larger than 1 MB. Pick a smaller file of tests.`);
    return undefined;
  }
  const { testsFromFile } = await import('../core/task');
  const snapshot = new TextDecoder().decode(bytes);
  const { language } = question.task;
  const found = await testsFromFile(snapshot, entryPoint, language, language === 'python' && (await pytest()));
  const left = leftOutText(found.skipped);
  if (found.tests.length === 0) {
    warn(
      [`${name} holds no test of ${entryPoint} that can be run.`, left].filter((part) => part !== undefined).join(' '),
    );
    return undefined;
  }
  if (left !== undefined) warn(`Of the tests of ${entryPoint} in ${name}, ${left}`);
  const { task } = question;
  const places = new Map(task.tests.map((test, index) => [test, question.places[index]]));
  found.tests.forEach((test, index) => {
    const range = found.testPlaces[index];
    if (!places.has(test)) places.set(test, range && { source: uri, snapshot, range });
  });
  const tests = [...places.keys()];
  const origin = task.tests.length === 0 ? ` from ${name}` : `, ${found.tests.length} of them from ${name}`;
  return {
    ...question,
    task: { ...task, entryPoint, tests, setup: [task.setup, found.setup].filter((part) => part !== '').join('\n') },
    tests: describeTests(tests.length, origin),
    places: [...places.values()],
  };
}

async function pickTestFile({ task, destination }: Question): Promise<vscode.Uri | undefined> {
  const stem = destination === undefined ? '' : nameOf(destination.source).replace(/\.\w+$/, '');
  const found = await vscode.workspace.findFiles(PATTERNS[task.language], EXCLUDED, MOST_FILES);
  const items: FileItem[] = found
    .map((uri) => ({ uri, label: nameOf(uri), description: vscode.workspace.asRelativePath(uri) }))
    .sort((a, b) => Number(b.label.includes(stem)) - Number(a.label.includes(stem)) || (a.label < b.label ? -1 : 1));
  const picked = await vscode.window.showQuickPick<FileItem>(
    [...items, { uri: undefined, label: '$(folder-opened) Another file…' }],
    { title: 'Solvent: take tests from a file', placeHolder: 'Its tests of the function decide what counts as solved' },
  );
  if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  const [opened] = (await vscode.window.showOpenDialog({ openLabel: 'Take Tests' })) ?? [];
  return opened;
}

async function askEntryPoint(): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: 'Solvent: which function do the tests call?',
    placeHolder: 'slugify',
    ignoreFocusOut: true,
    validateInput: (text) => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text.trim()) ? undefined : 'The name of a function.'),
  });
  return name?.trim();
}

function warn(message: string): void {
  void vscode.window.showWarningMessage(message);
}
