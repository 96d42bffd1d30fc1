import * as vscode from 'vscode';

/** What a test run was told of a test. */
export interface ToldResult {
  readonly state: 'passed' | 'failed' | 'errored' | 'skipped';
  readonly message?: vscode.TestMessage;
  readonly duration?: number;
}

/** A test run as its controller has seen it. */
export interface ToldRun {
  readonly name: string | undefined;
  readonly request: vscode.TestRunRequest;
  readonly persisted: boolean;
  /** By the label of the test; the last result counts. */
  readonly results: Map<string, ToldResult>;
  output: string;
  ended: boolean;
}

/** A test controller of the editor whose runs can be read, which the editor's own cannot. */
export interface ReadableController {
  readonly controller: vscode.TestController;
  readonly runs: readonly ToldRun[];
}

export function readableController(id: string): ReadableController {
  const runs: ToldRun[] = [];
  const controller = vscode.tests.createTestController(id, id);
  const create = controller.createTestRun.bind(controller);
  const createTestRun: typeof create = (request, name, persisted = true) => {
    const told: ToldRun = { name, request, persisted, results: new Map(), output: '', ended: false };
    runs.push(told);
    return readable(create(request, name, persisted), told);
  };
  return { controller: withMembers(controller, { createTestRun }), runs };
}

function readable(run: vscode.TestRun, told: ToldRun): vscode.TestRun {
  const note = (item: vscode.TestItem, result: ToldResult): void => {
    told.results.set(item.label, result);
  };
  const members: Partial<vscode.TestRun> = {
    passed: (item, duration) => {
      note(item, { state: 'passed', ...(duration === undefined ? {} : { duration }) });
      run.passed(item, duration);
    },
    failed: (item, message, duration) => {
      note(item, { state: 'failed', message: first(message), ...(duration === undefined ? {} : { duration }) });
      run.failed(item, message, duration);
    },
    errored: (item, message, duration) => {
      note(item, { state: 'errored', message: first(message), ...(duration === undefined ? {} : { duration }) });
      run.errored(item, message, duration);
    },
    skipped: (item) => {
      note(item, { state: 'skipped' });
      run.skipped(item);
    },
    appendOutput: (output, location, item) => {
      told.output += output;
      run.appendOutput(output, location, item);
    },
    end: () => {
      told.ended = true;
      run.end();
    },
  };
  return withMembers(run, members);
}

function first(message: vscode.TestMessage | readonly vscode.TestMessage[]): vscode.TestMessage {
  return message instanceof vscode.TestMessage ? message : message[0]!;
}

function withMembers<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get: (object, name: string) => (name in members ? members[name as keyof T] : object[name as keyof T]),
    set: (object, name: string, value: T[keyof T]) => {
      object[name as keyof T] = value;
      return true;
    },
  });
}
