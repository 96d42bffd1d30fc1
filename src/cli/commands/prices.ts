import { type CurrentPrices, currentPrices, storePrices } from '../../core/catalogue/current';
import { RefreshError } from '../../core/catalogue/download';
import { type Refreshed, refreshPrices } from '../../core/catalogue/refresh';
import { ageNotes } from '../../core/catalogue/validity';
import { modelListOf } from '../../core/catalogue/writeModelList';
import { type Money, times } from '../../core/money';
import { userDataFolder } from '../../core/userData';
import { oneLine } from '../../report/text';
import type { PricesOptions } from '../args';
import { REFRESH } from '../endpoint';
import { CommandError, EXIT, type ExitCode } from '../exitCode';
import { toJson } from '../json';
import { changeLines, priceLines } from '../view/priceLines';
import { type Screen, screenOn } from '../view/screen';
import { wrapped } from '../view/wrap';
import type { World } from '../world';

/** Shows the prices in use, or fetches new ones, shows what changed and stores them. Spends nothing. */
export async function pricesCommand({ refreshFrom, json }: PricesOptions, world: World): Promise<ExitCode> {
  const folder = userDataFolder(world);
  const current = await currentPrices(folder);
  const screen = screenOn(world.stdout, world.env);
  if (refreshFrom === undefined) show(current, json, world, screen);
  else await refresh(current, folder, refreshFrom, json, world, screen);
  return EXIT.ok;
}

function show(current: CurrentPrices, json: boolean, world: World, screen: Screen): void {
  const { catalogue, origin, file } = current;
  const notes = [...(catalogue.notes ?? []), ...ageNotes(catalogue, Date.now(), REFRESH)];
  if (json) {
    // The list comes as `--models` would take it, to start one's own from.
    world.stdout.write(`${toJson({ ...modelListOf(catalogue), origin, file, notes })}\n`);
    return;
  }
  for (const line of priceLines(current, screen)) screen.line(line);
  print(notes, screen, screen.paint.yellow);
}

async function refresh(
  { catalogue: inUse, file }: CurrentPrices,
  folder: string,
  url: string,
  json: boolean,
  world: World,
  screen: Screen,
): Promise<void> {
  try {
    const refreshed = await refreshPrices({ inUse, url, now: Date.now(), signal: world.interrupt });
    if (json) world.stdout.write(`${toJson(refreshObject(refreshed, file))}\n`);
    else showRefreshed(refreshed, screen);
    await storePrices(folder, refreshed.catalogue);
    if (!json) showStored(refreshed, file, screen);
  } catch (error) {
    if (error instanceof RefreshError) throw new CommandError(error.message);
    throw error;
  }
}

function showRefreshed({ catalogue, changes, notes }: Refreshed, screen: Screen): void {
  screen.line(`Prices as of ${catalogue.asOf}, in USD per million tokens.`);
  screen.line(screen.paint.dim(`Source: ${oneLine(catalogue.source)}.`));
  screen.line();
  for (const line of changeLines(changes, screen)) screen.line(line);
  print(notes, screen, screen.paint.dim);
}

function showStored({ changes }: Refreshed, file: string, screen: Screen): void {
  const unusual = changes.some((change) => change.unusual)
    ? ['Unusual prices may be mistakes: compare them with what the provider says.']
    : [];
  const stored = `These prices hold from now on. They are in ${file}: delete it to go back to the bundled ones.`;
  print([...unusual, stored, 'What is on the ledger keeps its cost.'], screen);
}

function print(sentences: readonly string[], screen: Screen, shade = (text: string): string => text): void {
  if (sentences.length > 0) screen.line();
  for (const sentence of sentences) {
    for (const line of wrapped(oneLine(sentence, 2000), screen.width())) screen.line(shade(line));
  }
}

/** What `prices --refresh --json` prints. Prices are exact, in USD per million tokens. */
function refreshObject({ catalogue: { asOf, source }, changes, notes }: Refreshed, file: string): object {
  const perMillion = (price: Money | undefined): Money | undefined => price && times(price, 1_000_000);
  return {
    ...{ asOf, source, file },
    changes: changes.map(({ model, kind, before, after, factor, unusual }) => ({
      ...{ model, kind, beforeUsdPerMTok: perMillion(before), afterUsdPerMTok: perMillion(after), factor, unusual },
    })),
    notes,
  };
}
