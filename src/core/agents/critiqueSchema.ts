import { jsonIn } from './jsonIn';

/** What a critic said, as far as it can be read. */
export interface Critique {
  /** Only where it says so in so many words: whatever cannot be read approves nothing. */
  readonly approved: boolean;
  /** What is wrong and how to mend it; empty where it says nothing. */
  readonly issues: string;
}

/**
 * Reads a critic's answer, `{"approved": false, "issues": "..."}` with whatever around it. Prose is taken as issues, as
 * models that do not keep to a form still say what is wrong.
 */
export function readCritique(text: string): Critique {
  const said = jsonIn(text, ['{', '}']);
  if (typeof said !== 'object' || said === null) return { approved: false, issues: text.trim() };
  const { approved, issues } = said as Readonly<Record<string, unknown>>;
  const lines = Array.isArray(issues) ? issues.filter((line) => typeof line === 'string').join('\n') : issues;
  const written = typeof lines === 'string' ? lines.trim() : '';
  return { approved: approved === true, issues: written === '' && approved !== true ? text.trim() : written };
}
