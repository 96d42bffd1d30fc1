import { micro } from './micro/report';

// `npm run bench:micro`: what small things cost here, as ratios where the machine's own speed would show.
micro((line) => {
  process.stdout.write(`${line}\n`);
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
