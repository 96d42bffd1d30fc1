import type { Entry } from '../../core/budget/entry';
import { Ledger, LedgerDamage, readHistory, repairLedger } from '../../core/budget/ledger';
import type { Money } from '../../core/money';
import { exact } from '../../report/exactMoney';
import { repairTexts } from '../../report/repairText';
import { shortIds } from '../../report/shortId';
import { oneLine } from '../../report/text';
import { timeText } from '../../report/when';
import { CommandError } from '../exitCode';
import { openLedger } from '../folders';
import type { LedgerAction } from '../ledgerAction';
import { nearest } from '../nearest';
import { screenOn } from '../view/screen';
import { wrapped } from '../view/wrap';
import type { World } from '../world';
import { severalText } from './ledgerRun';

/** Books an unconfirmed call at the provider's own figure. @throws CommandError where there is no such call */
export async function clearCall(
  folder: string,
  { call: prefix, billed }: LedgerAction & { readonly kind: 'clear' },
  world: World,
): Promise<void> {
  const ledger = await openLedger(folder);
  const entry = await clearable(ledger, prefix);
  if (!(await ledger.clear(entry.id, billed))) {
    throw new CommandError(`Call ${prefix} was cleared or settled just now by another process: nothing was changed.`);
  }
  await ledger.close();
  const { at, model, role, task, cost, unconfirmed, reserved } = entry;
  tell(world, [
    `Cleared: the call to ${model} as ${role} of ${timeText(at)}, for ${task}.`,
    `Before: ${exact(cost)}, ${unconfirmed === cost ? 'all' : exact(unconfirmed)} of it unconfirmed.`,
    `Now:    ${exact(billed)}, confirmed by your account.`,
    ...(billed > reserved ? [`That is more than the ${exact(reserved)} that were reserved for it.`] : []),
  ]);
}

/** The one call that can be cleared and begins so; else why there is none. */
async function clearable(ledger: Ledger, prefix: string): Promise<Entry> {
  const found = (await ledger.unconfirmed()).filter(({ id }) => id.startsWith(prefix));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (second !== undefined)
    throw new CommandError(severalText('unconfirmed call', prefix, [...shortIds(found.map(({ id }) => id)).values()]));
  const awaited = (await ledger.open()).find(({ id }) => id.startsWith(prefix));
  if (awaited !== undefined) {
    const until = awaited.state === 'sent' ? ` It can be cleared from ${timeText(awaited.until)} on.` : '';
    throw new CommandError(`The outcome of call ${prefix} is still awaited.${until}`);
  }
  for await (const record of readHistory(ledger.folder)) {
    if (record.type !== 'call' || !record.entry.id.startsWith(prefix)) continue;
    const { unconfirmed } = record.entry;
    throw new CommandError(
      unconfirmed === '0'
        ? `Call ${prefix} is not unconfirmed: there is nothing to clear.`
        : `Call ${prefix} can no longer be cleared: it was cleared before, or is older than 70 days.`,
    );
  }
  throw new CommandError(`No call on the ledger has an id that begins with '${prefix}'. See solvent ledger.`);
}

/** Forgets what was learned of a model. @throws CommandError where there was nothing */
export async function forgetModel(folder: string, model: string, world: World): Promise<void> {
  const ledger = await openLedger(folder);
  if (!(await ledger.forget(model))) {
    const known = [...ledger.models.keys()];
    const meant = nearest(model, known);
    const hint = meant === undefined ? '' : ` Did you mean ${oneLine(meant)}?`;
    throw new CommandError(`Nothing was learned of '${model}'.${hint}`);
  }
  await ledger.close();
  tell(world, [`What was learned of ${model} is forgotten: its calls are bounded as those of a new model.`]);
}

/** Sets a damaged ledger aside and goes on with what can be read of it; a whole one is left as it is. */
export async function repairDamage(folder: string, assume: Money, world: World): Promise<void> {
  try {
    await (await Ledger.open(folder)).close();
  } catch (error) {
    if (!(error instanceof LedgerDamage)) throw error;
    tell(world, [error.message, ...repairTexts(await repairLedger(folder, assume, Date.now()), assume)]);
    return;
  }
  tell(world, ['The ledger is not damaged: there is nothing to repair, and nothing was changed.']);
}

function tell({ stdout, env }: World, sentences: readonly string[]): void {
  const screen = screenOn(stdout, env);
  for (const sentence of sentences) {
    for (const line of wrapped(oneLine(sentence, 2000), screen.width())) screen.line(line);
  }
}
