/** Statuses whose answers have no body. */
const BODILESS = new Set([204, 205, 304]);

/**
 * `fetch`, with errors in the one shape that the `openai` client reads, `{error: {message, code, type}}`: servers write
 * `{message}`, `{detail}` and plain text as well, and what they say would be lost.
 */
export async function openaiFetch(...args: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...args);
  if (response.ok || BODILESS.has(response.status)) return response;
  // An error whose body breaks off is an error all the same.
  const text = await response.text().catch(() => '');
  const { status, headers } = response;
  return new Response(text.trim() === '' ? '' : JSON.stringify({ error: errorOf(text) }), { status, headers });
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
