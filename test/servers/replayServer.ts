import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ServerResponse } from 'node:http';
import { Bill, firstTokens, promptTokensOf, tokensOf } from './bill';
import { type LocalServer, type Received, startLocalServer } from './httpServer';
import { type Message, readRecordings, Recordings } from './recordings';
import { type Fault, FaultDice, type FaultPlan } from './replayFaults';
import { beginStream, delta, DONE, event, finished, reset, usageChunk, write } from './sse';

/** The models of the replay server with the prices of their time. */
export const REPLAY_MODELS = path.resolve(import.meta.dirname, '../replay/models.json');

/** Headers by which it bills and knows roles, as a gateway would; prompts tell it nothing of the kind. */
export const REPLAY_HEADERS = ['x-solvent-run: {runId}', 'x-solvent-role: {role}'] as const;

/** A call as the server saw it. */
export interface ReplayCall {
  readonly run: string;
  readonly role: string;
  readonly model: string;
  readonly fault: Fault | undefined;
  readonly promptTokens: number;
  /** Billed completion tokens. */
  readonly completionTokens: number;
}

/** An OpenAI-compatible server that answers with recorded completions of real models, and bills on its own. */
export interface ReplayServer extends LocalServer {
  readonly bill: Bill;
  readonly calls: readonly ReplayCall[];
}

interface Body {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly stream?: boolean;
}

const TEXT_PER_CHUNK = 48;
const DRIP_MS = 15;

/** Starts a server over the recordings in a folder of third-party data. */
export async function startReplayServer(dataFolder: string, faults?: FaultPlan): Promise<ReplayServer> {
  const recordings = new Recordings(await readRecordings(dataFolder));
  const bill = new Bill(await readFile(REPLAY_MODELS, 'utf8'));
  const dice = new FaultDice(faults);
  const calls: ReplayCall[] = [];
  const server = await startLocalServer(async (received, response) => {
    const body = JSON.parse(received.body) as Body;
    const { model, messages } = body;
    if (!bill.knows(model)) {
      fail(response, 404, `The model '${model}' does not exist.`);
      return;
    }
    const { run, role } = tagsOf(received);
    const whole = answerOf(recordings, role, body);
    if (whole === undefined) {
      fail(response, 400, 'Nothing was recorded for this prompt.');
      return;
    }
    const fault = dice.roll(JSON.stringify([role, model, messages, body.seed ?? null]));
    const text = firstTokens(whole, body.max_tokens ?? Number.MAX_SAFE_INTEGER);
    const answer: Answer = { text, finish: text === whole ? 'stop' : 'length', promptTokens: promptTokensOf(messages) };
    const charge = (completion: string | undefined): void => {
      const completionTokens = completion === undefined ? 0 : tokensOf(completion);
      const promptTokens = completion === undefined ? 0 : answer.promptTokens;
      calls.push({ run, role, model, fault, promptTokens, completionTokens });
      bill.charge(run, model, promptTokens, completionTokens);
    };
    if (body.stream === true) await send(response, answer, fault, charge);
    else sendWhole(response, answer, charge);
  });
  return { ...server, bill, calls };
}

interface Answer {
  readonly text: string;
  readonly finish: string;
  readonly promptTokens: number;
}

/** Charges for a completion, or for nothing at all. */
type Charge = (completion: string | undefined) => void;

function tagsOf({ headers }: Received): { readonly run: string; readonly role: string } {
  const text = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  return { run: decodeURIComponent(text('x-solvent-run')), role: text('x-solvent-role') };
}

function answerOf(recordings: Recordings, role: string, { model, messages, seed }: Body): string | undefined {
  if (role === 'critic') return critiqueOf(messages);
  return role === 'executor' || role === '' ? recordings.answer(model, messages, seed ?? null) : undefined;
}

/**
 * There are no recorded critics of single answers. This one knows nothing of the task: it repeats the last line of its
 * prompt that reports a failure, and says to mend that.
 */
function critiqueOf(messages: readonly Message[]): string {
  const lines = messages.flatMap(({ content }) => content.split('\n'));
  const failure = lines.findLast((line) => /\b(?:assert|\w*error|exception|expected|failed|timed out)\b/i.test(line));
  return failure === undefined
    ? 'No failure is shown. Check the edge cases of the task once more.'
    : `This fails: ${failure.trim().slice(0, 200)} Follow that case through the code by hand and correct the step where it goes wrong.`;
}

async function send(
  response: ServerResponse,
  { text, finish, promptTokens }: Answer,
  fault: Fault | undefined,
  charge: Charge,
): Promise<void> {
  if (fault === 'rate limit' || fault === 'server error' || fault === 'rejected key') {
    charge(undefined);
    if (fault === 'rate limit') fail(response, 429, 'Rate limit reached.', { 'retry-after': '1' });
    else if (fault === 'server error') fail(response, 500, 'The server had an error.');
    else fail(response, 401, 'Incorrect API key provided.');
    return;
  }
  const pieces = text.match(new RegExp(`[^]{1,${TEXT_PER_CHUNK}}`, 'gu')) ?? [];
  const half = Math.ceil(pieces.length / 2);
  beginStream(response);
  let sent = '';
  for (const [index, piece] of pieces.entries()) {
    if (index === half && fault === 'reset') break;
    if (index === half && fault === 'malformed chunk') await write(response, 'data: {"choices": [{"delta": {"con\n\n');
    if (fault === 'slow drip') await pause(DRIP_MS);
    const arrived = await write(response, event(delta(piece)));
    if (!arrived && fault === undefined) break;
    sent += piece;
  }
  if (fault === 'reset') {
    charge(sent);
    // A reset discards what the client has not read yet; it is given time to.
    await pause(20);
    reset(response);
    return;
  }
  // Whoever leaves early pays for what was sent; a malformed answer was written, and is billed, to its end.
  charge(fault === 'malformed chunk' ? text : sent);
  const completionTokens = tokensOf(sent);
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  await write(response, event(finished(finish)) + (fault === 'no usage' ? '' : event(usageChunk(usage))) + DONE);
  response.end();
}

function sendWhole(response: ServerResponse, { text, finish, promptTokens }: Answer, charge: Charge): void {
  charge(text);
  const usage = { prompt_tokens: promptTokens, completion_tokens: tokensOf(text) };
  const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'chat.completion', choices, usage }));
}

function fail(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error: { message } }));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
