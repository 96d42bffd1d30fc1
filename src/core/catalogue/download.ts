/** Prices could not be refreshed. The message says what happened, what to do, and which prices stay in use. */
export class RefreshError extends Error {
  override readonly name = 'RefreshError';
}

/** What an answer may take at most. */
export interface DownloadLimits {
  /** Bytes of the answer, unpacked. */
  readonly bytes: number;
  /** Milliseconds from the request to the answer's end. */
  readonly ms: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = { bytes: 20 * 1024 * 1024, ms: 30_000 };

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;

/** Whether prices may be taken from an address: over https, or over http from a server on this machine. */
export function isTrustworthy({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/**
 * Fetches JSON. Redirects are followed within the same server only.
 * @throws RefreshError where there is none, also when `signal` is aborted
 */
export async function download(url: string, signal: AbortSignal, limits: DownloadLimits): Promise<unknown> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !isTrustworthy(address)) {
    throw new RefreshError('Prices are fetched over https only, or over http from this machine.');
  }
  const timeout = AbortSignal.timeout(limits.ms);
  try {
    const response = await follow(address, AbortSignal.any([signal, timeout]));
    return parse(await textOf(response, limits.bytes, address), address);
  } catch (error) {
    if (signal.aborted) throw new RefreshError('The refresh was cancelled.');
    if (timeout.aborted) {
      throw new RefreshError(`${address.host} took longer than ${limits.ms / 1000} s: try again later.`);
    }
    if (error instanceof RefreshError) throw error;
    throw new RefreshError(
      `${address.host} cannot be reached (${reasonOf(error)}): check your network connection and try again.`,
    );
  }
}

async function follow(start: URL, signal: AbortSignal): Promise<Response> {
  let address = start;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(address, { redirect: 'manual', signal, headers: { accept: 'application/json' } });
    if (response.ok) return response;
    await response.body?.cancel();
    if (!REDIRECTS.has(response.status)) {
      throw new RefreshError(`${address.host} answered with status ${response.status}: try again later.`);
    }
    const target = response.headers.get('location');
    const next = target !== null && URL.canParse(target, address.href) ? new URL(target, address.href) : undefined;
    if (next?.origin !== start.origin) {
      const where = next === undefined ? 'nowhere' : `to ${next.origin}`;
      throw new RefreshError(`${address.host} redirects ${where}, which is not followed.`);
    }
    address = next;
  }
  throw new RefreshError(`${start.host} redirects again and again: try again later.`);
}

async function textOf(response: Response, mostBytes: number, { host }: URL): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > mostBytes) {
      throw new RefreshError(
        `${host} sent more than ${Math.floor(mostBytes / 1024 / 1024)} MiB, which is no price list.`,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string, { host }: URL): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says would quote the answer, which nobody has vouched for.
    throw new RefreshError(`${host} sent something that is not JSON: try again later.`);
  }
}

/** The innermost reason of a failed request, such as "getaddrinfo ENOTFOUND models.dev". */
function reasonOf(error: unknown): string {
  let reason = String(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const tried = cause instanceof AggregateError ? (cause.errors as readonly unknown[]) : [];
    const [first] = tried;
    reason = first instanceof Error ? first.message : cause.message || reason;
  }
  return reason.replace(/\s+/g, ' ').slice(0, 120);
}
