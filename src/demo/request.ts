import type { IncomingMessage } from 'node:http';
import type { ChatMessage } from '../core/providers/message';

/** What the demo server reads of a request for a completion. */
export interface CompletionRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** Bound of the answer, in tokens. */
  readonly maxTokens: number;
  readonly stream: boolean;
}

/** Larger bodies hold no prompt of the demo. */
const MOST_BYTES = 1_000_000;

/** Reads the body of a request; undefined where it is no request for a completion. */
export async function readRequest(incoming: IncomingMessage): Promise<CompletionRequest | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming) {
    const bytes = part as Buffer;
    size += bytes.length;
    if (size > MOST_BYTES) return undefined;
    parts.push(bytes);
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isFields(json) || typeof json['model'] !== 'string' || !Array.isArray(json['messages'])) return undefined;
  const messages = json['messages'].filter(isMessage);
  if (messages.length !== json['messages'].length) return undefined;
  const bound = json['max_completion_tokens'] ?? json['max_tokens'];
  return {
    model: json['model'],
    messages,
    maxTokens: typeof bound === 'number' ? bound : Number.POSITIVE_INFINITY,
    stream: json['stream'] === true,
  };
}

function isMessage(value: unknown): value is ChatMessage {
  return isFields(value) && typeof value['content'] === 'string' && typeof value['role'] === 'string';
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
