import type { ProofNote } from '../../report/record';
import type { BaselineFacts } from '../../report/terminalView';
import { counted, duration, oneLine } from '../../report/text';
import { firstLine } from './said';
import type { Paint } from './paint';
import { LABEL, labelled } from './planLines';

/** Failing tests that are named. */
const SHOWN = 12;

/** What the project's tests said before anything was spent, and what a proof by them is worth. */
export function proofLines({ facts, note }: Proof, width: number, paint: Paint): string[] {
  const { command, summary, failing, durationMs } = facts;
  const named = failing
    .slice(0, SHOWN)
    .map((name) => `${paint.red('✗')} ${oneLine(firstLine(name), width - LABEL - 2)}`);
  const more = failing.length > SHOWN ? [paint.dim(`… and ${counted(failing.length - SHOWN, 'more test')}`)] : [];
  return [
    ...labelled('Proof', `the project's own tests: ${command}`, width, paint),
    ...labelled('Before', `${summary} ${paint.dim(`(${duration(durationMs)})`)}`, width, paint),
    ...[...named, ...more].map((line) => ' '.repeat(LABEL) + line),
    ...labelled('Note', note.caveat, width, paint),
  ];
}

interface Proof {
  readonly facts: BaselineFacts;
  readonly note: ProofNote;
}
