import { createHash } from 'node:crypto';
import type { CapName } from '../denial';
import type { Booking, CallBound } from '../entry';
import type { Violation } from '../violation';
import type { Learned } from '../learned';
import type { WrittenSums } from './quarters';

/** The version of the lines; a ledger of a newer one is not touched. */
export const VERSION = 1;

/** A limit as it held when a call was reserved: the sum since a moment must not exceed it. Amounts are decimal USD. */
export type WrittenLimit = readonly [cap: CapName, since: number, usd: string];

/** A call as a checkpoint carries it over. */
export interface WrittenEntry extends Booking {
  readonly id: string;
  readonly at: number;
  readonly until: number;
  readonly state: 'reserved' | 'sent' | 'settled';
  readonly reserved: string;
  readonly bound: CallBound;
  readonly cost: string;
  readonly unconfirmed: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reported: boolean;
  readonly violations: readonly Violation[];
}

/** A threshold of a cap that the user was warned about. */
export interface WrittenWarning {
  readonly cap: CapName;
  readonly workspace: string;
  readonly since: number;
  readonly percent: number;
}

/** The first line of every segment: all that the segments before it add up to. */
export interface CheckpointLine {
  readonly type: 'checkpoint';
  readonly version: number;
  readonly segment: number;
  readonly at: number;
  readonly sums: WrittenSums;
  readonly entries: readonly WrittenEntry[];
  readonly learned: Readonly<Record<string, Learned>>;
  readonly warned: readonly WrittenWarning[];
}

/**
 * What is appended to the ledger, one JSON object a line. What a line says takes effect only where it fits the lines
 * before it: {@link LedgerState.apply} decides, the same for every reader. Times are ms since the epoch, amounts are
 * exact decimal USD in strings.
 */
export type LedgerLine =
  | CheckpointLine
  /** A run begins, or its budget is raised. */
  | {
      readonly type: 'run';
      readonly run: string;
      readonly task: string;
      readonly workspace: string;
      readonly at: number;
      readonly budget: string;
      readonly expected: string;
      readonly worst: string;
    }
  | { readonly type: 'end'; readonly run: string; readonly at: number; readonly status: string }
  | ({
      readonly type: 'reserve';
      readonly id: string;
      readonly at: number;
      readonly until: number;
      readonly reserved: string;
      readonly bound: CallBound;
      readonly limits: readonly WrittenLimit[];
    } & Booking)
  | { readonly type: 'sent'; readonly id: string; readonly until: number }
  | {
      readonly type: 'settle';
      readonly id: string;
      readonly cost: string;
      readonly unconfirmed: string;
      readonly promptTokens: number;
      readonly completionTokens: number;
      readonly reported: boolean;
      readonly violations: readonly Violation[];
    }
  /** The request never left: its owner gives the reservation back. */
  | { readonly type: 'release'; readonly id: string }
  /** A reservation that was never sent has lapsed; anybody may say so. */
  | { readonly type: 'lapse'; readonly id: string; readonly at: number }
  /** The user says what the provider billed for a call without a known outcome. */
  | {
      readonly type: 'clear';
      readonly id: string;
      readonly at: number;
      readonly cost: string;
    }
  | ({ readonly type: 'warned'; readonly by: string } & WrittenWarning)
  /** What was learned of a model is forgotten. */
  | { readonly type: 'forget'; readonly model: string }
  /** No line of this segment counts from here on: the next segment goes on. */
  | { readonly type: 'seal'; readonly at: number };

export type LineType = LedgerLine['type'];

/** What a piece of text is that stands between two newlines, or is glued to others there. */
export type ReadLine =
  | { readonly kind: 'line'; readonly line: LedgerLine; readonly text: string }
  /** An append that was cut short: its writer never learned that it was there, and did nothing on the strength of it. */
  | { readonly kind: 'torn' }
  /** Written by a newer version. */
  | { readonly kind: 'newer' }
  | { readonly kind: 'damaged' };

/** How every line begins. Inside a line these quotes are escaped, and nothing in it has a type of its own. */
const START = '{"type":"';
const CHECK = /,"check":"([0-9a-f]{8})"\}$/;

/** The line with its checksum, without a newline. */
export function writeLine(line: LedgerLine): string {
  return checked(line);
}

/** A JSON object that begins with its type, with a checksum at its end. */
export function checked(value: { readonly type: string }): string {
  const body = JSON.stringify(value).slice(0, -1);
  return `${body},"check":"${checksum(body)}"}`;
}

/** Reads what {@link checked} wrote; undefined where it was changed since. */
export function readChecked(text: string): unknown {
  const check = CHECK.exec(text);
  if (check === null) return undefined;
  const body = text.slice(0, check.index);
  return checksum(body) === check[1] ? JSON.parse(`${body}}`) : undefined;
}

/**
 * Reads what stands between two newlines: one line, or several where an append was cut short and others went on right
 * behind it.
 */
export function readLines(text: string): readonly ReadLine[] {
  if (text === '') return [];
  const whole = readWhole(text);
  if (whole !== undefined) return [whole];
  return apart(text).map((part) => readWhole(part) ?? { kind: isTorn(part) ? 'torn' : 'damaged' });
}

/** What the checksum vouches for was written by some version of this file, so its fields are what its type says. */
function readWhole(text: string): ReadLine | undefined {
  const line = readChecked(text) as LedgerLine | undefined;
  if (line === undefined) return undefined;
  const newer = !TYPES.has(line.type) || (line.type === 'checkpoint' && line.version > VERSION);
  return newer ? { kind: 'newer' } : { kind: 'line', line, text };
}

/** The text, taken apart wherever a line begins. */
function apart(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let next = text.indexOf(START, 1); next > 0; next = text.indexOf(START, next + 1)) {
    parts.push(text.slice(from, next));
    from = next;
  }
  return [...parts, text.slice(from)];
}

const CONTROL = /[^ -\uffff]/;
const STRINGS = /"(?:[^"\\]|\\.)*(?:"|\\?$)/gs;
/** How every line ends, `#` being any digit of the checksum. */
const END = ',"check":"########"}';
/** An end that was cut off. */
const CUT_CHECK = /,"check":"(?:[0-9a-f]{0,7}|[0-9a-f]{8}"?)$/;

/** Whether a text can be how a line begins, and nothing but that: what was cut off lacks its end, and has no more. */
function isTorn(text: string): boolean {
  if (!START.startsWith(text.slice(0, START.length)) || CONTROL.test(text)) return false;
  if (text.includes(',"check":"')) return CUT_CHECK.test(text);
  if (endsAlmostWhole(text)) return false;
  const bare = text.replace(STRINGS, '');
  return bare.split('{').length > bare.split('}').length;
}

/** Whether no more than two characters of a line's end are others. */
function endsAlmostWhole(text: string): boolean {
  const end = text.slice(-END.length).padStart(END.length);
  let others = 0;
  for (let at = 0; at < END.length; at++) {
    const same = END[at] === '#' ? /[0-9a-f]/.test(end.charAt(at)) : END[at] === end[at];
    if (!same) others += 1;
  }
  return others <= 2;
}

const TYPES: ReadonlySet<string> = new Set<LineType>([
  'checkpoint',
  'run',
  'end',
  'reserve',
  'sent',
  'settle',
  'release',
  'lapse',
  'clear',
  'warned',
  'forget',
  'seal',
]);

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
