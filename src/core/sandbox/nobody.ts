import { randomInt } from 'node:crypto';

/** Accounts above those of containers and below the sign bit: no real account has such a number. */
const FIRST_ACCOUNT = 1_900_000_000;
const ACCOUNTS = 200_000_000;

/** The number of an account that is nobody's, another one for each process that is to be kept from others. */
export function nobody(): number {
  return FIRST_ACCOUNT + randomInt(ACCOUNTS);
}
