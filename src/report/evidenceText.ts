import type { ComparedEvent } from '../core/events';
import { counted } from './text';

/** "The answers of calls 1 and 2 do the same on all 36 inputs that were tried." */
export function comparedText({ call, other, agreement }: Omit<ComparedEvent, 'type'>): string {
  const { probes, same, unclear, differing } = agreement;
  const answers = `The answers of calls ${call} and ${other}`;
  const [example] = differing;
  if (example === undefined && unclear > 0) {
    return `${answers} do the same on ${same} of ${counted(probes, 'input')}; on the others, at the edge, only one gives a result.`;
  }
  if (example === undefined) return `${answers} do the same on all ${counted(probes, 'input')} that were tried.`;
  return `${answers} do otherwise on ${differing.length} of ${counted(probes, 'input')}, such as ${example}.`;
}
