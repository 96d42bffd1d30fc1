import * as vscode from 'vscode';
import type { Verdict } from '../core/sandbox/verdict';
import { judgeOf, type RunHeading } from '../report/record';
import { sandboxText, verdictLines } from '../report/terminalView';
import { testLabel, type TestResult, testResults } from '../report/testResults';
import type { Question } from './question';
import { documentOf, failingPlace, locate, rangeIn, type TestPlace } from './testPlace';

/** A task in the Test Explorer, with an item for each of its tests. */
export class ShownTask {
  readonly item: vscode.TestItem;
  readonly tests: readonly vscode.TestItem[];

  constructor(
    controller: vscode.TestController,
    readonly question: Question,
    readonly heading: RunHeading,
  ) {
    const { task, places, destination } = question;
    this.item = controller.createTestItem(taskKey(question), task.id, destination?.source);
    this.tests = task.tests.map((test, index) => {
      const item = controller.createTestItem(String(index), testLabel(test), places[index]?.source);
      item.sortText = String(index).padStart(6, '0');
      return item;
    });
    this.item.children.replace(this.tests);
  }

  /** Whether the task or one of its tests stands in a document. */
  standsIn(uri: vscode.Uri): boolean {
    const { destination, places } = this.question;
    return [destination?.source, ...places.map((place) => place?.source)].some(
      (source) => source?.toString() === uri.toString(),
    );
  }

  /** Looks up where task and tests stand now. */
  async find(): Promise<void> {
    const { destination, places } = this.question;
    if (destination !== undefined) {
      const { source, snapshot, target } = destination;
      await setRange(this.item, { source, snapshot, range: { start: target.start, end: target.start } });
    }
    for (const [index, item] of this.tests.entries()) await setRange(item, places[index]);
  }

  /**
   * Reports a verdict to a run.
   * @param chosen the indices of the tests that the verdict is about
   */
  async report(run: vscode.TestRun, verdict: Verdict, chosen: readonly number[], heading: RunHeading): Promise<void> {
    for (const [at, result] of testResults(verdict, chosen.length, judgeOf(heading)).entries()) {
      const index = chosen[at] ?? 0;
      const item = this.tests[index];
      if (item !== undefined) await reportOne(run, item, result, this.question.places[index]);
    }
    const lines = verdictLines(verdict, heading).map(({ text }) => text);
    run.appendOutput(crlf([...lines, `  ${sandboxText(heading.sandbox)}`]));
  }
}

/** Under which id the tests of a question are shown: those of a task that is solved again take the place of the old. */
export function taskKey({ task, destination }: Question): string {
  return `${destination?.source.toString() ?? ''}#${task.id}`;
}

/** Lines as the output of a test run has them. */
export function crlf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join('');
}

async function reportOne(
  run: vscode.TestRun,
  item: vscode.TestItem,
  result: TestResult,
  place: TestPlace | undefined,
): Promise<void> {
  const { state, durationMs } = result;
  if (state === 'skipped') run.skipped(item);
  else if (state === 'passed') run.passed(item, durationMs);
  else {
    const message = messageOf(result);
    const location = place && (await locate(failingPlace(place, result.message)));
    if (location !== undefined) message.location = location;
    if (state === 'failed') run.failed(item, message, durationMs);
    else run.errored(item, message, durationMs);
  }
}

function messageOf({ message, comparison }: TestResult): vscode.TestMessage {
  if (comparison === undefined) return new vscode.TestMessage(message);
  return vscode.TestMessage.diff(message, comparison.expected, comparison.actual);
}

async function setRange(item: vscode.TestItem, place: TestPlace | undefined): Promise<void> {
  const document = place && (await documentOf(place.source));
  item.range = document && rangeIn(document, place);
}
