import type * as vscode from 'vscode';

/** A state of a workspace that lives as long as the test. */
export function memento(): Pick<vscode.Memento, 'get' | 'update'> {
  const values = new Map<string, unknown>();
  return {
    get: (key: string, other?: unknown) => (values.has(key) ? values.get(key) : other) as undefined,
    update: (key: string, value: unknown) => {
      // As the editor keeps it: as JSON.
      if (value === undefined) values.delete(key);
      else values.set(key, JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  };
}
