import { ledgerBench } from './ledger/report';

// `npm run bench:ledger`: how fast calls are booked by many processes, and how a ledger of a million calls behaves;
// with a number, of so many calls.
ledgerBench(Number(process.argv[2] ?? 1_000_000), (line) => {
  process.stdout.write(`${line}\n`);
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
