import { add, type Money, ZERO } from '../core/money';
import type { Role } from '../core/providers/message';
import { type Section, type Table, unlessZero } from './sheet';

/** A call as far as it is added up. `cost` is what it is booked at. */
export interface GroupedCall {
  readonly role: Role;
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reserved: Money;
  readonly cost: Money;
  readonly unconfirmed: Money;
}

/** Calls of a run added up by model and by role, reserved against billed; none where there is nothing to add up. */
export function groupSections(calls: readonly GroupedCall[]): Section[] {
  if (calls.length < 2) return [];
  return [
    { title: 'By model', table: groupTable('model', calls, ({ model }) => model) },
    { title: 'By role', table: groupTable('role', calls, ({ role }) => role) },
  ];
}

function groupTable(title: string, calls: readonly GroupedCall[], name: (call: GroupedCall) => string): Table {
  const names = [...new Set(calls.map(name))].sort();
  const row = (first: string, group: readonly GroupedCall[]): Table['rows'][number] => [
    first,
    group.length,
    group.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    group.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
    add(ZERO, ...group.map(({ reserved }) => reserved)),
    add(ZERO, ...group.map(({ cost }) => cost)),
    unlessZero(add(ZERO, ...group.map(({ unconfirmed }) => unconfirmed))),
  ];
  const rows = names.map((one) =>
    row(
      one,
      calls.filter((call) => name(call) === one),
    ),
  );
  return {
    columns: [
      { title, kind: 'text', least: 12 },
      { title: 'calls', kind: 'count' },
      { title: 'in', kind: 'count', rank: 2 },
      { title: 'out', kind: 'count', rank: 2 },
      { title: 'reserved', kind: 'amount', rank: 1 },
      { title: 'billed', kind: 'amount' },
      { title: 'unconfirmed', kind: 'amount', rank: 3, optional: true },
    ],
    rows,
    family: 'groups of a run',
  };
}

/** "1.64 times what the plan expected". Undefined where nothing was expected, or nothing was spent. */
export function estimateText(actual: Money, expected: Money, plan = 'the plan'): string | undefined {
  return expected === 0n || actual === 0n ? undefined : ratioText(Number(actual) / Number(expected), plan);
}

/** "0.82 times what their plans expected". */
export function ratioText(ratio: number, plan: string): string {
  const rounded = Number(ratio.toPrecision(ratio < 1 ? 2 : 3));
  return `${rounded === 1 ? 'about' : `${rounded} times`} what ${plan} expected`;
}
