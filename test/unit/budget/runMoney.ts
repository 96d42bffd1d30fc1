import { NO_CAPS } from '../../../src/core/budget/caps';
import type { Ledger } from '../../../src/core/budget/ledger';
import { Meter, type MeterParts } from '../../../src/core/budget/meter';
import type { MeterEvent } from '../../../src/core/budget/meterEvent';
import { TokenCounter } from '../../../src/core/budget/tokens';
import type { Money } from '../../../src/core/money';
import { openLedger } from '../../support/ledger';
import { type Script, ScriptedProvider } from '../../support/scripted';

export { inFolder } from '../../support/ledger';

/** The meter of one run over a real ledger and a scripted provider, with everything that it reported. */
export interface MeteredRun {
  readonly meter: Meter;
  readonly ledger: Ledger;
  readonly provider: ScriptedProvider;
  readonly events: MeterEvent[];
  readonly cancel: () => void;
}

let runs = 0;

/** Opens a run in the ledger of `folder`; `onEvent` sees each event as it is reported. */
export async function meteredRun(
  folder: string,
  budget: Money,
  script: Script,
  more: Partial<Pick<MeterParts, 'caps' | 'workspace' | 'limit' | 'provider'>> & {
    readonly now?: () => number;
    readonly onEvent?: (event: MeterEvent, cancel: () => void) => void;
  } = {},
): Promise<MeteredRun> {
  const ledger = await openLedger(folder, more.now);
  const provider = new ScriptedProvider(script);
  const events: MeterEvent[] = [];
  const abort = new AbortController();
  const cancel = (): void => {
    abort.abort();
  };
  const caps = more.caps ?? NO_CAPS;
  const meter = new Meter({
    ledger,
    provider: more.provider ?? provider,
    tokens: new TokenCounter((model) => ledger.learned(model)),
    caps,
    budget,
    limit: more.limit ?? budget,
    run: `run-${++runs}`,
    task: 'task/1',
    workspace: more.workspace ?? '',
    ...(more.now === undefined ? {} : { now: more.now }),
    signal: abort.signal,
    emit: (event) => {
      events.push(event);
      more.onEvent?.(event, cancel);
    },
  });
  return { meter, ledger, provider, events, cancel };
}

/** The events of one kind. */
export function eventsOf<T extends MeterEvent['type']>(
  events: readonly MeterEvent[],
  type: T,
): Extract<MeterEvent, { readonly type: T }>[] {
  return events.filter((event): event is Extract<MeterEvent, { readonly type: T }> => event.type === type);
}
