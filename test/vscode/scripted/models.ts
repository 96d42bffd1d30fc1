import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { startDemoServer } from '../../../src/demo/server';
import { Bill } from '../../servers/bill';
import { type Received, startLocalServer } from '../../servers/httpServer';
import { beginStream, write } from '../../servers/sse';
import { SAMPLES } from './samples';

/** The scripted models as the setting `solvent.models` lists them. The prices are made up. */
export const MODEL_LIST = {
  asOf: '2026-01-01',
  models: [
    { id: 'demo-strong', tier: 1, inputUsdPerMTok: 0.4, outputUsdPerMTok: 1.4, ...size() },
    { id: 'demo-cheap', tier: 2, inputUsdPerMTok: 0.04, outputUsdPerMTok: 0.14, ...size() },
  ],
};

/** The same with a strong model that is hardly dearer: twice a budget of cheap calls pays for it. */
export const CLOSE_MODEL_LIST: typeof MODEL_LIST = {
  ...MODEL_LIST,
  models: [
    { id: 'demo-strong', tier: 1, inputUsdPerMTok: 0.06, outputUsdPerMTok: 0.3, ...size() },
    { id: 'demo-cheap', tier: 2, inputUsdPerMTok: 0.04, outputUsdPerMTok: 0.14, ...size() },
  ],
};

/** The same models with short answers only, so that a call's worst case is hardly more than what it comes to. */
export const TERSE_MODEL_LIST: typeof MODEL_LIST = {
  ...MODEL_LIST,
  models: MODEL_LIST.models.map((model) => ({ ...model, maxOutputTokens: 150 })),
};

/** A call that a model was asked. */
export interface AskedCall {
  readonly model: string;
  /** The key that came with it, if one did. */
  readonly key: string | undefined;
  /** What it is billed once it was answered to its end, in USD x 10^-18. */
  billed: bigint;
}

/** An answer that stands still half way. */
export interface Hold {
  /** Resolves when the first words of the held answer were sent. */
  readonly reached: Promise<void>;
  /** Lets it go on. */
  readonly release: () => void;
}

/** Scripted models on this machine, with a bill of their own that knows nothing of Solvent's. */
export interface ScriptedModels {
  readonly baseUrl: string;
  /** All calls so far. */
  readonly calls: readonly AskedCall[];
  /** Holds an answer back after its first words: the next one, or the one after so many others. */
  readonly hold: (others?: number) => Hold;
  /** From now on only calls with this key are answered; undefined means all are. */
  readonly requireKey: (key: string | undefined) => void;
  readonly stop: () => Promise<void>;
}

/** Events of an answer that pass before it is held. */
const FIRST_WORDS = 4;

interface Gate extends Hold {
  others: number;
  readonly arrive: () => void;
  readonly opened: Promise<void>;
}

/** @param list the models with the prices that are billed */
export async function startScriptedModels(list: typeof MODEL_LIST = MODEL_LIST): Promise<ScriptedModels> {
  const demo = await startDemoServer(SAMPLES, 0);
  const bill = new Bill(JSON.stringify(list));
  const calls: AskedCall[] = [];
  let required: string | undefined;
  let gate: Gate | undefined;

  const answer = async (received: Received, response: ServerResponse): Promise<void> => {
    const key = received.headers.authorization?.replace(/^Bearer /, '');
    const { model } = JSON.parse(received.body) as { model: string };
    const call: AskedCall = { model, key, billed: 0n };
    const name = String(calls.push(call));
    if (required !== undefined && key !== required) {
      refuse(response, 401, 'Incorrect API key provided.');
      return;
    }
    const mine = gate !== undefined && gate.others-- === 0 ? gate : undefined;
    const upstream = await fetch(`${demo.baseUrl}/chat/completions`, { method: 'POST', body: received.body });
    if (!upstream.ok) {
      refuse(response, upstream.status, await upstream.text());
      return;
    }
    beginStream(response);
    let count = 0;
    // The script's server does not pace: all of an answer is there at once.
    for (const event of (await upstream.text()).split(/(?<=\n\n)/)) {
      if (mine !== undefined && count++ === FIRST_WORDS) {
        mine.arrive();
        await Promise.race([mine.opened, once(response, 'close')]);
      }
      const usage = /"prompt_tokens":(\d+),"completion_tokens":(\d+)/.exec(event);
      if (usage !== null) {
        bill.charge(name, model, Number(usage[1]), Number(usage[2]));
        call.billed = bill.of(name);
      }
      if (!(await write(response, event))) return;
    }
    response.end();
  };

  const front = await startLocalServer(answer);
  return {
    baseUrl: front.baseUrl,
    calls,
    hold: (others = 0) => (gate = newGate(others)),
    requireKey: (key) => (required = key),
    stop: async () => {
      await front.stop();
      await demo.close();
    },
  };
}

function newGate(others: number): Gate {
  const [reached, arrive] = signal();
  const [opened, release] = signal();
  return { others, reached, arrive, opened, release };
}

function signal(): [Promise<void>, () => void] {
  let give = (): void => undefined;
  const given = new Promise<void>((done) => (give = done));
  return [given, give];
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
}

function size(): object {
  return { contextWindow: 8192, maxOutputTokens: 2048, tokenizer: 'o200k_base' };
}
