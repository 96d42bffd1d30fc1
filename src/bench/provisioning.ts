import { provisioningBench } from './provisioning/report';

// `npm run bench:provisioning`: the integer program against solvers of others, and what the engine adds to a call.
provisioningBench((line) => {
  process.stdout.write(`${line}\n`);
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
