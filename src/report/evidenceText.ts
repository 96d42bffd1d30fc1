import type { ComparedEvent, RepeatedEvent } from '../core/events';
import type { EvidenceEnd } from '../core/result';
import { counted } from './text';

const NOTHING_TOLD = 'a result is not the same twice, no plain data, or differs in a trifle, which tells nothing';

/** "same code as call 1". */
export function sameAsText(call: number): string {
  return `same code as call ${call}`;
}

/** "The answer of call 2 is the very code of call 1." */
export function repeatedText({ call, of }: Pick<RepeatedEvent, 'call' | 'of'>): string {
  return `The answer of call ${call} is the very code of call ${of}.`;
}

/** "The answers of calls 1 and 2 do the same on all 36 inputs that were tried." */
export function comparedText({ call, other, agreement }: Omit<ComparedEvent, 'type'>): string {
  const { probes, same, unclear, untold, differing } = agreement;
  const answers = `The answers of calls ${call} and ${other}`;
  const tried = counted(probes, 'input');
  const [example] = differing;
  if (example !== undefined) return `${answers} do otherwise on ${differing.length} of ${tried}, such as ${example}.`;
  if (same === probes) return `${answers} do the same on all ${tried} that were tried.`;
  const others = [
    ...(unclear > 0 ? [`at the edge, only one gives a result${untold > 0 ? ` (${unclear})` : ''}`] : []),
    ...(untold > 0 ? [`${NOTHING_TOLD}${unclear > 0 ? ` (${untold})` : ''}`] : []),
  ];
  return `${answers} do the same on ${same} of ${tried}; on the others, ${others.join(', or ')}.`;
}

const ENDS: Readonly<Record<EvidenceEnd, string>> = {
  'no inputs': 'from the tests no inputs could be made to compare answers on',
  'no telling inputs':
    'on the inputs made from the tests, this answer does not even do the same twice, not in time, or gives no plain data',
  enough: 'as many answers do the same as the mode asks for',
  decided: 'where answers do otherwise, a stronger model or a judge has decided',
  undecided: 'answers do otherwise, and the judge named none of them',
  settled: 'no further one could have changed the result',
  repeating: 'the models that can be paid came back with the very code that they had written before',
  incomparable: 'comparisons were ended half way or told nothing, and so would further ones',
  unaffordable: 'the budget pays none',
  'asked out': 'as many were asked for as the mode pays',
  interrupted: 'the run was cancelled, or its sandbox broke',
};

/** "No further answer was asked for: the budget pays none." */
export function evidenceEndText(end: EvidenceEnd): string {
  return `No further answer was asked for: ${ENDS[end]}.`;
}
