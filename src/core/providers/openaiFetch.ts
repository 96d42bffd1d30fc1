/** Statuses whose answers have no body. */
const BODILESS = new Set([204, 205, 304]);

/** So much of an error is read, in bytes: it is quoted in a sentence, and a server may answer without end. */
const MOST_BYTES = 64 * 1024;

/**
 * `fetch`, with errors in the one shape that the `openai` client reads, `{error: {message, code, type}}`: servers write
 * `{message}`, `{detail}` and plain text as well, and what they say would be lost.
 */
export async function openaiFetch(...args: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...args);
  if (response.ok || BODILESS.has(response.status)) return response;
  const text = await beginningOf(response);
  const { status, headers } = response;
  return new Response(text.trim() === '' ? '' : JSON.stringify({ error: errorOf(text) }), { status, headers });
}

/** The body, as far as it is read. An error whose body breaks off is an error all the same. */
async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of body as ReadableStream<Uint8Array>) {
      parts.push(part);
      bytes += part.byteLength;
      if (bytes > MOST_BYTES) break;
    }
  } catch {
    return '';
  }
  return Buffer.concat(parts).toString('utf8', 0, MOST_BYTES);
}

function errorOf(text: string): object {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { message: text };
  }
  const error: unknown = isObject(json) && 'error' in json ? json.error : json;
  if (isObject(error) && 'message' in error) return error;
  if (isObject(error) && 'detail' in error) return { message: error.detail };
  return { message: error };
}

/** Whether something read from JSON has fields. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
