import type { Model } from '../catalogue/model';
import type { ChatOutcome } from './chat';
import { connectFailure } from './connectFailure';
import type { Address } from './openaiAddress';
import { quoted } from './providerText';
import { retryAfter } from './retryAfter';

/** What a message about a failed call may name, and what it must not hold. */
export interface Called extends Pick<Address, 'host' | 'key' | 'secrets'> {
  readonly model: Model;
}

type Failure = Exclude<ChatOutcome, { readonly kind: 'complete' }>;

/** What the `openai` client throws for an answer with an error status. */
interface StatusError {
  readonly status: number;
  readonly headers: Headers;
  readonly message: string;
  readonly code?: unknown;
  readonly type?: unknown;
}

/**
 * Error answers after which the completion may exist and be billed: gateways send them when the model behind them took
 * too long or broke off. After every other error status nothing was billed.
 */
export function mayBeBilled(status: number): boolean {
  return status === 408 || status === 499 || (status >= 500 && status !== 500 && status !== 501 && status !== 503);
}

/** How a request ended that failed before its answer began: refused, unsent, or cut when nobody can know. */
export function failureOf(error: unknown, called: Called, now: number): Failure {
  if (isStatusError(error)) return ofStatus(error, called, now);
  const connect = connectFailure(error, called.host);
  if (connect !== undefined) return { kind: 'unsent', ...connect };
  return cut('', `The connection to ${called.host} broke before the answer: ${rootMessage(error, called)}.`);
}

/** An answer that was under way, or may have been: booked at its worst case. */
export function cut(text: string, message: string, retryable = true): Failure {
  return { kind: 'cut', text, message, retryable };
}

/** The innermost reason of an error, in words. */
export function rootMessage(error: unknown, { secrets }: Pick<Called, 'secrets'>): string {
  let root: unknown = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  const message = root instanceof Error ? root.message : String(root);
  return quoted(message, secrets).replace(/\.+$/, '') || 'no reason given';
}

function ofStatus(error: StatusError, called: Called, now: number): Failure {
  const { status } = error;
  if (mayBeBilled(status)) {
    const said = wordsOf(error, called);
    return cut('', `${called.host} gave no answer in time or broke it off (HTTP ${status}${said && `: ${said}`}).`);
  }
  const wait = retryAfter(error.headers, now);
  return {
    kind: 'refused',
    status,
    message: sentence(error, called),
    retryable: isPassing(error),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

/** Whether the same request may go through later. */
function isPassing(error: StatusError): boolean {
  if (error.status === 429) return !isQuota(error);
  return error.status === 500 || error.status === 503;
}

function isQuota({ code, type, message }: StatusError): boolean {
  return [code, type].includes('insufficient_quota') || /insufficient_quota|exceeded your current quota/i.test(message);
}

function sentence(error: StatusError, called: Called): string {
  const { host, model, key } = called;
  const said = wordsOf(error, called);
  const why = said === '' ? '' : ` It said: ${said}`;
  switch (error.status) {
    case 400:
    case 413:
    case 422:
      if (isTooLong(error)) {
        return `The prompt and the answer asked for are too long for ${model.id} at ${host}; correct its contextWindow in the model list if it is smaller.${why}`;
      }
      return `${host} did not accept the request to ${model.id} (HTTP ${error.status}).${why}`;
    case 401: {
      const env = `the environment variable ${model.apiKeyEnv ?? 'OPENAI_API_KEY'} on the command line`;
      const set = `with "Solvent: Set API Key" in the editor, or in ${env}`;
      return key !== undefined
        ? `${host} rejected the API key. Set another ${set}.${why}`
        : `${host} wants an API key and none is set. Set it ${set}.${why}`;
    }
    case 402:
      return `The account at ${host} has no credit left: add some, or choose another model.${why}`;
    case 403:
      return `${host} does not let this API key use ${model.id}: choose another model or another key.${why}`;
    case 404:
      return `${host} knows no model '${model.id}' at this address: check the model's id, and that the base URL is right (it often ends in /v1).${why}`;
    case 429:
      return isQuota(error)
        ? `The account at ${host} has no quota left: check its plan and billing.${why}`
        : `${host} limits how often ${model.id} may be asked (HTTP 429).${why}`;
    case 500:
    case 503:
      return `${host} has trouble of its own (HTTP ${error.status}); nothing was billed.${why}`;
    default:
      if (error.status >= 300 && error.status < 400) {
        const to = error.headers.get('location');
        return `${host} redirects to another address${to === null ? '' : `, ${quoted(to, called.secrets)}`}: keys are not sent on. Set that address as the base URL if you trust it.`;
      }
      return `${host} refused the request to ${model.id} (HTTP ${error.status}).${why}`;
  }
}

function isTooLong({ code, message, status }: StatusError): boolean {
  if (code === 'context_length_exceeded' || status === 413) return true;
  return /context.{0,20}(?:length|window|size)|too many tokens|too long/i.test(message);
}

/** The server's words; the client puts the status before them. */
function wordsOf({ status, message }: StatusError, { secrets }: Called): string {
  const words = quoted(message, secrets).replace(new RegExp(`^${status} `), '');
  return words === 'status code (no body)' ? '' : words;
}

function isStatusError(error: unknown): error is StatusError {
  return (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    'headers' in error &&
    error.headers instanceof Headers
  );
}
