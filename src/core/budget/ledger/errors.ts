/** The ledger cannot be read or written; the message names the file and what to do. Nothing is spent meanwhile. */
export class LedgerError extends Error {
  override readonly name: string = 'LedgerError';
}

/** The ledger is damaged: spending stops until the user decides what to do. Nothing of it was changed or dropped. */
export class LedgerDamage extends LedgerError {
  override readonly name = 'LedgerDamage';

  constructor(
    /** The file that is damaged, or missing. */
    readonly file: string,
    what: string,
  ) {
    super(`The ledger ${file} ${what}. Nothing is spent until you decide: set it aside and go on, or mend it.`);
  }
}

/** Why something went wrong, in words; where it is the rights of the account, also what to do about that. */
export function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const denied = ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '');
  return denied ? `${message} (make it one that your account may read and write)` : message;
}

/** The code of an error of the file system, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
