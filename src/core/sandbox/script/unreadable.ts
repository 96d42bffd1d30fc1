import type { LimitStruck } from '../verdict';

/** The code, or its tests, cannot be made ready to run. The message says why, such as "reading the code took longer than 10 s". */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  /** @param limit the limit that was struck, undefined where there was none */
  constructor(
    message: string,
    readonly limit?: LimitStruck,
  ) {
    super(message);
  }
}
