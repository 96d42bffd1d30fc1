import type { Task } from '../../task/task';

/** The visible tests that a text does not show already: a prompt by their calls, as a doctest or in prose. */
export function unseenTests({ tests }: Task, text: string): readonly string[] {
  return tests.filter((test) => !isShown(test, text));
}

function isShown(test: string, text: string): boolean {
  const call = /^\s*assert\s+(.+?)\s*(?:==|is\b|in\b|<|>|!=)/s.exec(test)?.[1] ?? test;
  return squeeze(text).includes(squeeze(call));
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '').replaceAll('"', "'");
}
