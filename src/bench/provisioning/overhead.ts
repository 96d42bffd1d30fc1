import { constants } from 'node:fs';
import { access, mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Caps } from '../../core/budget/caps';
import { Ledger } from '../../core/budget/ledger';
import { Meter } from '../../core/budget/meter';
import { TokenCounter } from '../../core/budget/tokens';
import { bundledCatalogue } from '../../core/catalogue/bundled';
import { usd } from '../../core/money';
import type { ChatProvider } from '../../core/providers/chat';
import type { ChatMessage } from '../../core/providers/message';
import { priceModels } from '../../core/provisioning/estimate';
import { provision } from '../../core/provisioning/provision';
import { type Spread, spreadOf, timed } from '../micro/stats';

/** What the engine adds to a model call, up to its events but without who listens to them; ms each. */
export interface Overhead {
  /** Pricing all models of the catalogue for the conversation and provisioning with what is left. */
  readonly provisioning: Spread;
  /** A call through the meter: counting, reserving, recording it as sent, settling, all of it on a real ledger on the disk. */
  readonly metered: Spread;
  /** What that comes to in the fastest tenth of the calls: next to other work, the nearest to a machine of one's own. */
  readonly undisturbed: number;
  /** Of that, the wait until what was written is on the disk, twice a call: measured by itself. */
  readonly sync: Spread;
  /** Provisioning and the call that follows it, together. */
  readonly both: Spread;
  /** The same with the ledger in a folder of memory; undefined where the system has none. */
  readonly withoutDisk: Spread | undefined;
}

const RUNS = 1000;
const WARM = 200;
const MEMORY = '/dev/shm';
const CALL = { role: 'executor', maxTokens: 384, temperature: 0 } as const;
const TASK =
  'Write this Python code, whole, in one code block, without explanation.\n\ndef ring_area(inner: float, outer: float)' +
  ' -> float:\n    """The area between two circles with one centre; 0 where the inner one is not smaller."""\n\n' +
  'It must pass:\nassert ring_area(2, 1) == 0\nassert abs(ring_area(1, 2) - 9.42477796076938) < 1e-9';
/** As most users have them: every call is held against both. */
const CAPS: Caps = { user: { day: usd(1000), month: usd(10_000) }, workspace: {} };
const ANSWER =
  '```python\nimport math\n\n\ndef ring_area(inner, outer):\n    if inner >= outer:\n        return 0\n' +
  '    return math.pi * (outer ** 2 - inner ** 2)\n```';

/** A model that answers at once, with a report of what it used. */
const AT_ONCE: ChatProvider = {
  complete: (_request, onText) => {
    onText(ANSWER);
    const usage = {
      ...{ promptTokens: 120, completionTokens: 48 },
      ...{ cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
    };
    return Promise.resolve({ kind: 'complete', text: ANSWER, truncated: false, usage });
  },
};

export async function overhead(): Promise<Overhead> {
  const memory = await access(MEMORY, constants.W_OK).then(
    () => true,
    () => false,
  );
  const onDisk = await inFolder(os.tmpdir(), measure);
  const inMemory = memory ? await inFolder(MEMORY, measure) : undefined;
  return {
    ...onDisk,
    sync: await inFolder(os.tmpdir(), syncs),
    withoutDisk: inMemory?.both,
  };
}

async function measure(folder: string) {
  const ledger = await Ledger.open(folder);
  const tokens = new TokenCounter((model) => ledger.learned(model));
  const catalogue = bundledCatalogue();
  const [model] = catalogue.models;
  if (model === undefined) throw new Error('The bundled catalogue is empty.');
  const budget = usd(1000);
  const about = { run: 'bench', task: 'bench', workspace: '', caps: CAPS, budget, limit: budget };
  const { signal } = new AbortController();
  const meter = new Meter({ ...about, ledger, tokens, signal, provider: AT_ONCE, emit: () => undefined });
  const metered = meter.metered(model);
  let asked = 0;
  // No two prompts are the same: a text that was counted before is not counted again.
  const messages = (): readonly ChatMessage[] => [{ role: 'user', content: `${TASK}\n# ${++asked}` }];
  const plan = async (prompt = messages()): Promise<void> => {
    const { priced } = await priceModels(catalogue, tokens, prompt);
    provision({ models: priced, budget: await meter.affordable(), made: meter.account.calls });
  };
  const call = async (prompt = messages()): Promise<void> => {
    const answer = await metered.ask({ ...CALL, messages: prompt });
    if (answer.kind !== 'answer') throw new Error(`The call ended as '${answer.kind}'.`);
  };
  try {
    const provisioning = spreadOf(await timed(RUNS, WARM, () => plan()));
    const calls = await timed(RUNS, WARM, () => call());
    return {
      provisioning,
      metered: spreadOf(calls),
      undisturbed: [...calls].sort((a, b) => a - b)[Math.floor(calls.length / 10)] ?? NaN,
      both: spreadOf(
        await timed(RUNS, WARM, async () => {
          const prompt = messages();
          await plan(prompt);
          await call(prompt);
        }),
      ),
    };
  } finally {
    await ledger.close();
  }
}

/** What the disk takes for two lines of a call, each synced by itself. */
async function syncs(folder: string): Promise<Spread> {
  const file = await open(path.join(folder, 'lines'), 'a');
  try {
    const twice = async (): Promise<number> => {
      let waited = 0;
      for (let line = 0; line < 2; line++) {
        await file.write(`${'x'.repeat(300)}\n`);
        const began = performance.now();
        await file.datasync();
        waited += performance.now() - began;
      }
      return waited;
    };
    const waits: number[] = [];
    for (let run = 0; run < WARM + RUNS; run++) waits.push(await twice());
    return spreadOf(waits.slice(WARM));
  } finally {
    await file.close();
  }
}

async function inFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(parent, 'solvent-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
