import type { Repair } from '../core/budget/ledger';
import { type Money, subtract } from '../core/money';
import { exact } from './exactMoney';
import { counted } from './text';

/** Lines that are named. */
const NAMED = 10;

/**
 * What setting a damaged file aside means, in plain words.
 * @param file the damaged file's name
 * @param unreadable lines of it that cannot be read; 0 where it is missing
 */
export function damageText(file: string, unreadable: number): string {
  const what = unreadable === 0 ? `${file} is missing.` : `${counted(unreadable, 'line')} of ${file} cannot be read.`;
  const kept = unreadable === 0 ? '' : ' Nothing is deleted: the damaged file stays in the same folder.';
  return (
    `${what} Once it is set aside, what stood there no longer counts against your caps and is missing in all totals. ` +
    `All that can be read still counts.${kept}\n\nYou are asked next what the unreadable part may have cost today.`
  );
}

/** What a repair did, a sentence each. @param assume what the user said that the unreadable part may have cost */
export function repairTexts({ setAside, unreadable, assumed }: Repair, assume: Money): string[] {
  const found = subtract(assumed, assume);
  return [
    ...unreadable.slice(0, NAMED).map(({ line, excerpt }) => `Line ${line} cannot be read: ${excerpt}…`),
    ...(unreadable.length > NAMED ? [`And ${counted(unreadable.length - NAMED, 'more line')}.`] : []),
    setAside === undefined
      ? 'The file is missing: the ledger goes on with what the files before it say.'
      : `The damaged file is kept as ${setAside}, and the ledger goes on with all of it that can be read.`,
    ...(found > 0n
      ? [
          `${exact(found)} of calls whose reservation cannot be read, but whose bill can, are booked today as unconfirmed.`,
        ]
      : []),
    ...(assume > 0n ? [`${exact(assume)} for what cannot be read are booked today as unconfirmed.`] : []),
    'Spending goes on.',
  ];
}
