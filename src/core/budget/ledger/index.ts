export { LedgerDamage, LedgerError } from './errors';
export { type HistoryRecord, readHistory, signedUsd } from './history';
export { Ledger, type PeriodTotals, type RunHeading, type Sized } from './ledger';
export { type Repair, repairLedger } from './repair';
