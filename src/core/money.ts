/**
 * Exact money: whole femto-dollars (10^-15 USD). A price is quoted in USD per million tokens, and one token at
 * $0.000000001 per million still costs one whole unit, so tokens x price is exact and nothing is accumulated in floats.
 * The paper's unit, the micro-dollar (10^-6 USD), is 10^9 of ours.
 */
export type Money = bigint & { readonly unit: 'femto-dollar' };

const DIGITS = 15;
const PER_USD = 10n ** BigInt(DIGITS);

export const ZERO = 0n as Money;

/** Sum of amounts. */
export function add(...amounts: readonly Money[]): Money {
  return amounts.reduce<bigint>((sum, amount) => sum + amount, 0n) as Money;
}

/** `a - b`, which may be negative. */
export function subtract(a: Money, b: Money): Money {
  return (a - b) as Money;
}

/** `amount` times a whole number of times. */
export function times(amount: Money, count: number): Money {
  return (amount * BigInt(count)) as Money;
}

export function smallest(first: Money, ...rest: readonly Money[]): Money {
  return rest.reduce((least, amount) => (amount < least ? amount : least), first);
}

export function largest(first: Money, ...rest: readonly Money[]): Money {
  return rest.reduce((most, amount) => (amount > most ? amount : most), first);
}

/** How many times `price` fits into `amount`; `limit` where the price is 0. */
export function countWithin(amount: Money, price: Money, limit: number): number {
  if (amount < 0n) return 0;
  if (price === 0n) return limit;
  const count = amount / price;
  return count < BigInt(limit) ? Number(count) : limit;
}

/**
 * Reads USD from decimal notation ("0.0005", "5e-4", 0.0005); digits beyond a femto-dollar are rounded up.
 * @throws RangeError for anything that is not a finite, non-negative decimal number.
 */
export function usd(value: string | number): Money {
  return read(value, 'up');
}

/** As {@link usd}, rounded down: for limits, which must not admit more than they say. */
export function usdAtMost(value: string | number): Money {
  return read(value, 'down');
}

function read(value: string | number, rounding: 'up' | 'down'): Money {
  const text = String(value).trim();
  const match = /^(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  const whole = match?.[1] ?? '';
  const fraction = match?.[2] ?? '';
  if (!match || whole + fraction === '') {
    throw new RangeError(`'${text}' is not an amount of USD: write a decimal number such as 0.002.`);
  }
  const shift = Number(match[3] ?? 0) - fraction.length + DIGITS;
  const digits = BigInt(whole + fraction);
  if (shift >= 0) return (digits * 10n ** BigInt(shift)) as Money;
  const divisor = 10n ** BigInt(-shift);
  return ((rounding === 'up' ? digits + divisor - 1n : digits) / divisor) as Money;
}

/** The largest limit that is taken at its word, in USD: a larger one is a slip of the hand. */
const LARGEST_LIMIT = 1_000_000_000;

/** Reads a budget or a cap as {@link usdAtMost} does. @throws RangeError also for what is beyond any budget, such as 1e400. */
export function limitUsd(value: string | number): Money {
  const limit = usdAtMost(value);
  if (limit <= usd(LARGEST_LIMIT)) return limit;
  throw new RangeError(`That is more than ${LARGEST_LIMIT} USD: write an amount such as 0.002.`);
}

/** The price of one token, from the USD per million tokens that providers publish. @throws RangeError as {@link usd}. */
export function perToken(usdPerMillionTokens: string | number): Money {
  return ((usd(usdPerMillionTokens) + 999_999n) / 1_000_000n) as Money;
}

/** USD per million tokens as a decimal string: the inverse of {@link perToken}. */
export function perMillion(price: Money): string {
  return toDecimal(times(price, 1_000_000));
}

/** Exact decimal USD without exponent or trailing zeros, "0.0001537". Valid as a JSON number. */
export function toDecimal(amount: Money): string {
  const sign = amount < 0n ? '-' : '';
  const digits = magnitude(amount)
    .toString()
    .padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return sign + digits.slice(0, -DIGITS) + (fraction ? `.${fraction}` : '');
}

/** Short form for people: cents from a dollar on, below it about three significant digits: "$12.35", "$0.25", "$0.000154". */
export function formatUsd(amount: Money): string {
  return format(amount, 'nearest');
}

/** As {@link formatUsd}, rounded up: for amounts that must do when they are typed in as shown. */
export function formatUsdUp(amount: Money): string {
  return format(amount, 'up');
}

function format(amount: Money, rounding: 'nearest' | 'up'): string {
  const sign = amount < 0n ? '-' : '';
  const size = magnitude(amount);
  if (size === 0n) return '$0.00';
  if (size >= PER_USD) return `${sign}$${roundTo(size, 2, rounding)}`;
  const leading = DIGITS - size.toString().length;
  return `${sign}$${roundTo(size, Math.min(DIGITS, Math.max(4, leading + 3)), rounding)}`;
}

/** The paper's unit: micro-dollars, as a number for tables and features (not for accounts). */
export function toMicroUsd(amount: Money): number {
  return Number(amount) / 1e9;
}

function magnitude(amount: Money): Money {
  return amount < 0n ? subtract(ZERO, amount) : amount;
}

function roundTo(size: Money, decimals: number, rounding: 'nearest' | 'up'): string {
  const step = 10n ** BigInt(DIGITS - decimals);
  const rounded = ((size + (rounding === 'up' ? step - 1n : step / 2n)) / step) * step;
  const [whole = '0', fraction = ''] = toDecimal(rounded as Money).split('.');
  return decimals === 0 ? whole : `${whole}.${fraction.padEnd(2, '0')}`;
}
