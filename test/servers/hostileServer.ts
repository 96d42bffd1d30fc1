import type { ServerResponse } from 'node:http';
import { Bill, firstTokens, promptTokensOf } from './bill';
import { type Asked, HostileCall, refuse, type ServedCall } from './hostileCall';
import { drawnFates, type Fate, type Fates, type Fault, NO_FAULTS } from './hostileFaults';
import { faultless, HONEST, type Reply } from './hostileHonest';
import { LYING } from './hostileLies';
import { type LocalServer, type Received, startLocalServer } from './httpServer';
import type { Message } from './recordings';

/** Headers by which the server bills and knows roles, as a gateway would; prompts tell it nothing of the kind. */
export const BILLING_HEADERS = { 'x-solvent-run': '{runId}', 'x-solvent-role': '{role}' } as const;

/** What a model is asked. */
export interface Question {
  readonly role: string;
  readonly model: string;
  readonly messages: readonly Message[];
  readonly seed: number | null;
}

/** What models say; undefined where they have no answer. */
export type Answers = (question: Question) => string | undefined;

export interface HostileParts {
  readonly answers: Answers;
  /** The text of a model list: the models there are, and their prices. */
  readonly models: string;
  /** What goes wrong; nothing where absent. */
  readonly fates?: Fates;
}

/** An OpenAI-compatible server that keeps a bill of its own, by call and by run, and may go wrong or lie. */
export interface HostileServer extends LocalServer {
  readonly bill: Bill;
  /** All calls that were answered so far, in the order in which they were billed. */
  readonly calls: readonly ServedCall[];
  /** Resolves when no call is under way: a client may know its answer's end, or have left, before the server does. */
  readonly idle: () => Promise<void>;
}

interface Body {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly stream?: boolean;
}

/** Starts a server. Faults befall streams only; an answer that is not streamed is always whole. */
export async function startHostileServer({
  answers,
  models,
  fates = drawnFates(NO_FAULTS),
}: HostileParts): Promise<HostileServer> {
  const bill = new Bill(models);
  const calls: ServedCall[] = [];
  const underWay = new Set<Promise<void>>();

  const serve = async (received: Received, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(received.body) as Body;
    const { model, messages, seed = null } = body;
    if (!bill.knows(model)) {
      refuse(response, 404, `The model '${model}' does not exist.`);
      return;
    }
    const { run, role } = tagsOf(received);
    const whole = answers({ role, model, messages, seed });
    const drawn = fates(JSON.stringify([role, model, messages, seed]));
    const asked = askedOf(body, run, role, whole ?? '');
    const faulty = body.stream === true && whole !== undefined;
    const fate = faulty ? drawn : { ...drawn, fault: undefined };
    const call = new HostileCall(asked, fate, response, bill, (served) => calls.push(served));
    await replyTo(body, whole, fate)(call);
    if (!call.isBilled) throw new Error(`A call with the fault '${fate.fault ?? 'none'}' was not billed.`);
  };
  const server = await startLocalServer((received, response) => {
    const call = serve(received, response).finally(() => underWay.delete(call));
    underWay.add(call);
    return call;
  });
  const idle = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.allSettled([...underWay]);
  };
  return { ...server, bill, calls, idle };
}

/** All replies to a stream, by their fault. */
const REPLIES: Readonly<Record<Fault, Reply>> = { ...HONEST, ...LYING };

function replyTo({ stream }: Body, whole: string | undefined, { fault }: Fate): Reply {
  if (whole === undefined) return unanswered;
  if (stream !== true) return unstreamed;
  return fault === undefined ? faultless : REPLIES[fault];
}

const unanswered: Reply = (call) => {
  call.chargeNothing();
  call.refuse(400, 'There is no answer to this prompt.');
  return Promise.resolve();
};

const unstreamed: Reply = (call) => {
  call.chargeWhole();
  call.whole();
  return Promise.resolve();
};

function askedOf(body: Body, run: string, role: string, whole: string): Asked {
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? Number.MAX_SAFE_INTEGER;
  const text = firstTokens(whole, maxTokens);
  const finish = text === whole ? 'stop' : 'length';
  return { run, role, model: body.model, promptTokens: promptTokensOf(body.messages), maxTokens, text, finish };
}

function tagsOf({ headers }: Received): { readonly run: string; readonly role: string } {
  const text = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  return { run: decodeURIComponent(text('x-solvent-run')), role: text('x-solvent-role') };
}
