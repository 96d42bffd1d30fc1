import type { Violation } from '../../src/core/budget/violation';
import type { Lie } from '../servers/hostileFaults';

/** What can be proved of a lie, about a model whose tokenizer is known and about another. */
export interface Proved {
  readonly known: readonly Violation[];
  readonly unknown: readonly Violation[];
  /** What is proved as well where all of an answer has arrived before it could be ended. */
  readonly perhaps?: Violation;
}

const LONGER: readonly Violation[] = ['completion above limit', 'billed above reserved'];
const NOTHING: readonly Violation[] = [];

/** What is proved of each lie in a call of 400 tokens that has some room in its budget. */
export const PROVED: Readonly<Record<Lie, Proved>> = {
  'usage below answer': { known: ['usage below answer'], unknown: ['usage below answer'] },
  // The bound of a prompt in bytes leaves so much room that one token more is not more than was reserved.
  'one token over': { known: LONGER, unknown: ['completion above limit'] },
  'ten times over': { known: LONGER, unknown: LONGER },
  // An unknown tokenizer may need half the tokens that ours does, so that up to twice the limit proves nothing.
  'over in secret': { known: LONGER, unknown: NOTHING, perhaps: 'usage below answer' },
  'never-ending': { known: LONGER, unknown: LONGER },
  'never-ending thoughts': { known: LONGER, unknown: LONGER },
  // Hidden reasoning looks the same.
  'usage above answer': { known: NOTHING, unknown: NOTHING },
  'usage above limit': { known: LONGER, unknown: LONGER },
  'prompt above bound': {
    known: ['prompt above bound', 'billed above reserved'],
    unknown: ['prompt above bound', 'billed above reserved'],
  },
  'cost above limit': { known: ['billed above reserved'], unknown: ['billed above reserved'] },
  // A report that cannot be true is none: the answer is counted, or booked at its worst case.
  'negative count': { known: NOTHING, unknown: NOTHING },
  'impossible count': { known: NOTHING, unknown: NOTHING },
  'huge count': { known: LONGER, unknown: LONGER },
  'negative cost': { known: NOTHING, unknown: NOTHING },
  // Nobody can see it before the invoice.
  'billed error': { known: NOTHING, unknown: NOTHING },
};
