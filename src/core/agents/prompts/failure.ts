import type { Verdict } from '../../sandbox/verdict';

/** Tests that a report shows, and characters of one test's message; every one of them is paid for as prompt. */
const SHOWN = 3;
const MESSAGE_LENGTH = 300;

/** What failed, for the prompt of a critic or of a revision: the first failing tests with their messages. */
export function failureReport(verdict: Verdict): string {
  const failed = verdict.tests.filter(({ ok }) => !ok);
  const lines = failed.slice(0, SHOWN).map(({ name, message }) => {
    const said = message ?? 'failed';
    return shorten(said.startsWith(name) ? said : `${name}: ${said}`);
  });
  const distinct = [...new Set(lines)];
  const more = failed.length - SHOWN;
  return more > 0 ? [...distinct, `and ${more} more`].join('\n') : distinct.join('\n');
}

function shorten(text: string): string {
  return text.length <= MESSAGE_LENGTH ? text : `${text.slice(0, MESSAGE_LENGTH)}...`;
}
