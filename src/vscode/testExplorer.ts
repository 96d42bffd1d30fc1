import * as vscode from 'vscode';
import type { RunEvent } from '../core/events';
import type { RunRecord } from '../report/record';
import { oneLine } from '../report/text';
import type { Pipeline } from './pipeline';
import { sentence } from './problem';
import type { ProjectTests } from './projectTests';
import type { Question } from './question';
import type { RunView } from './runs';
import { atIndices, currentAnswer, withTests } from './testExplorerRerun';
import { crlf, ShownTask, taskKey } from './testExplorerTask';

/** Tasks whose tests a window shows. */
const KEPT = 50;
/** How long a document must be left alone before its tests are looked up again, in ms. */
const SETTLE_MS = 300;

/** Some tests of one task. */
interface Chosen {
  readonly task: ShownTask;
  /** Their indices, ascending. */
  readonly tests: readonly number[];
}

/** What is made when the first task is shown, so that activation does not wait for it. */
interface Opened {
  readonly controller: vscode.TestController;
  readonly profile: vscode.TestRunProfile;
  readonly edits: vscode.Disposable;
}

/**
 * The tests of this window's tasks in the Test Explorer: a test run for every answer that is tested, and a profile that
 * runs them again on their documents as they are now, without any model. An item has no description, because a screen
 * reader would be told that in place of its label.
 */
export class TestExplorer implements RunView, vscode.Disposable {
  #opened: Opened | undefined;
  readonly #tasks = new Map<string, ShownTask>();
  #current: ShownTask | undefined;
  #testing: vscode.TestRun | undefined;
  #edited = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param create makes the controller, once there is a task to show; it is disposed with this. */
  constructor(
    private readonly create: () => vscode.TestController,
    private readonly pipeline: Pick<Pipeline, 'sandbox'>,
    private readonly projectTests: Pick<ProjectTests, 'again'>,
  ) {}

  begun({ heading }: RunRecord, question: Question): void {
    this.#current = undefined;
    if (question.task.tests.length === 0) return;
    const { controller } = this.#open();
    const shown = new ShownTask(controller, question, heading);
    this.#current = shown;
    this.#keep(controller, taskKey(question), shown);
    void shown.find();
  }

  happened(event: RunEvent, { heading }: RunRecord): void {
    const shown = this.#current;
    if (shown === undefined) return;
    if (event.type === 'testing') this.#begin(shown, `Answer ${event.attempt}, by ${oneLine(event.model)}`);
    else if (event.type === 'verdict' && this.#testing !== undefined) {
      const run = this.#testing;
      this.#testing = undefined;
      void shown.report(run, event.verdict, [...shown.tests.keys()], heading).finally(() => {
        run.end();
      });
    } else if (event.type === 'finished') {
      // A run that was cancelled may leave an answer without its verdict.
      this.#testing?.end();
      this.#testing = undefined;
    }
  }

  /** Runs tests again, in the sandbox, on their documents as they are now. Calls no model and spends nothing. */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.#open().controller.createTestRun(request, 'Documents as they are now', false);
    const abort = new AbortController();
    const cancelling = token.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      for (const chosen of this.#chosen(request)) await this.#runAgain(run, chosen, abort.signal);
    } finally {
      cancelling.dispose();
      run.end();
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#testing?.end();
    this.#opened?.edits.dispose();
    this.#opened?.controller.dispose();
  }

  #open(): Opened {
    this.#opened ??= this.#make();
    return this.#opened;
  }

  #make(): Opened {
    const controller = this.create();
    const profile = controller.createRunProfile(
      'Run on the Documents as They Are Now',
      vscode.TestRunProfileKind.Run,
      (request, token) => this.run(request, token),
      true,
    );
    const edits = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.#follow(document.uri);
    });
    return { controller, profile, edits };
  }

  #begin(shown: ShownTask, name: string): void {
    this.#testing?.end();
    // The focus stays in the editor, and no result opens by itself over what the user looks at.
    const { controller, profile } = this.#open();
    const request = new vscode.TestRunRequest([shown.item], undefined, profile, false, true);
    this.#testing = controller.createTestRun(request, name, false);
    this.#testing.appendOutput(crlf([oneLine(`${shown.question.task.id} · ${name}`)]));
    for (const test of shown.tests) this.#testing.started(test);
  }

  async #runAgain(run: vscode.TestRun, chosen: Chosen, signal: AbortSignal): Promise<void> {
    const { task, tests } = chosen;
    const { question, item } = task;
    const items = tests.flatMap((index) => task.tests[index] ?? []);
    const refuse = (why: string): void => {
      for (const test of items) run.skipped(test);
      run.errored(item, new vscode.TestMessage(why));
      run.appendOutput(crlf([oneLine(why, 500)]));
    };
    for (const test of items) run.started(test);
    if (!vscode.workspace.isTrusted) {
      refuse('Running tests is off in Restricted Mode. Trust the workspace to turn it on.');
      return;
    }
    try {
      if (question.proof !== undefined) {
        run.appendOutput(crlf([oneLine(`${question.task.id} · the project's tests on the documents as they are now`)]));
        await task.report(run, atIndices(await this.projectTests.again(question, signal), tests), tests, task.heading);
        return;
      }
      const answer = await currentAnswer(question);
      const sandbox = await this.pipeline.sandbox();
      if (answer.kind === 'none') refuse(answer.why);
      else if (!sandbox.languages.includes(question.task.language)) {
        const { language } = question.task;
        refuse(sandbox.missing(language) ?? `This version cannot run tests in ${language}.`);
      } else {
        run.appendOutput(crlf([oneLine(`${question.task.id} · ${answer.name} as it is now`)]));
        const verdict = await sandbox.run({ task: withTests(question.task, tests), code: answer.code }, signal);
        const where = await sandbox.describe(question.task.language);
        await task.report(run, verdict, tests, { ...task.heading, sandbox: where });
      }
    } catch (error) {
      if (!signal.aborted) refuse(sentence(error));
      else for (const test of items) run.skipped(test);
    }
  }

  /** The tests that a request asks for, by task; a task stands for all of its tests. */
  #chosen({ include, exclude = [] }: vscode.TestRunRequest): Chosen[] {
    const isIn = (items: readonly vscode.TestItem[], task: ShownTask, test: vscode.TestItem): boolean =>
      items.includes(test) || items.includes(task.item);
    return [...this.#tasks.values()]
      .map((task) => ({
        task,
        tests: task.tests.flatMap((test, index) =>
          (include === undefined || isIn(include, task, test)) && !isIn(exclude, task, test) ? [index] : [],
        ),
      }))
      .filter(({ tests }) => tests.length > 0);
  }

  #keep({ items }: vscode.TestController, key: string, shown: ShownTask): void {
    this.#tasks.delete(key);
    this.#tasks.set(key, shown);
    items.add(shown.item);
    const [oldest] = this.#tasks.keys();
    if (this.#tasks.size <= KEPT || oldest === undefined) return;
    this.#tasks.delete(oldest);
    items.delete(oldest);
  }

  /** Looks the tests of a document up again once it is left alone. */
  #follow(uri: vscode.Uri): void {
    this.#edited.add(uri.toString());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const edited = [...this.#edited].map((text) => vscode.Uri.parse(text));
      this.#edited.clear();
      for (const task of this.#tasks.values()) if (edited.some((one) => task.standsIn(one))) void task.find();
    }, SETTLE_MS);
  }
}
