/** Why a request never left this machine. */
export interface ConnectFailure {
  /** A sentence that says what to check. */
  readonly message: string;
  /** Whether it may go through a moment later. */
  readonly retryable: boolean;
}

/**
 * Reads from an error of `fetch` that no connection came about, so that nothing was sent and nothing can be billed.
 * Undefined where that is not certain: a reset, for one, comes before and after sending alike.
 */
export function connectFailure(error: unknown, host: string): ConnectFailure | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const found = ofCause(cause, host);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofCause(error: Error, host: string): ConnectFailure | undefined {
  // Where a name has several addresses, each was tried; the last one's reason is as good as any.
  const tried = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [];
  if (tried.length > 0) {
    const reasons = tried.map((each) => connectFailure(each, host));
    return reasons.every((reason) => reason !== undefined) ? reasons.at(-1) : undefined;
  }
  const code = textOf(error, 'code');
  switch (code) {
    case 'ECONNREFUSED':
      return {
        message: `Nothing answers at ${host}: check that the server is running and that the base URL is right.`,
        retryable: true,
      };
    case 'ENOTFOUND':
      return {
        message: `There is no host ${host}: check the base URL and your network connection.`,
        retryable: false,
      };
    case 'EAI_AGAIN':
      return {
        message: `The name ${host} cannot be looked up at the moment: check your network connection.`,
        retryable: true,
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'ETIMEDOUT':
      return textOf(error, 'syscall') === 'connect' ? unreachable(host) : undefined;
    case 'UND_ERR_CONNECT_TIMEOUT':
      return unreachable(host);
    case undefined:
      // The one rejection of `fetch` itself without a code: ports that browsers do not connect to.
      return error.message === 'bad port'
        ? { message: `The port of ${host} is one that requests are not sent to: use another.`, retryable: false }
        : undefined;
    default:
      return isHandshake(code, error.message) ? insecure(host, error.message) : undefined;
  }
}

function unreachable(host: string): ConnectFailure {
  return {
    message: `${host} cannot be reached from here: check your network connection, proxy and VPN.`,
    retryable: true,
  };
}

function insecure(host: string, reason: string): ConnectFailure {
  const why = reason.replace(/\s+/g, ' ').slice(0, 120).trim();
  return {
    message: `No secure connection to ${host} came about (${why}): check that the base URL starts with the right one of http and https, and the certificate (NODE_EXTRA_CA_CERTS).`,
    retryable: false,
  };
}

/** Codes and words of a handshake that failed; later trouble of TLS has others. */
function isHandshake(code: string, message: string): boolean {
  return (
    /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_UNSUPPORTED_PROTOCOL)/.test(
      code,
    ) ||
    (code === 'EPROTO' && /wrong version number|handshake failure/.test(message)) ||
    message.includes('before secure TLS connection was established')
  );
}

function textOf(error: Error, name: 'code' | 'syscall'): string | undefined {
  const value: unknown = (error as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}
