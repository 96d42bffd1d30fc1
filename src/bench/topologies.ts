import { dataFolder, NO_DATA } from './topologies/recordings';
import { topologiesBench } from './topologies/report';

// `npm run bench:topologies`: recorded answers of real models through every topology, profile and mode: to HumanEval, and
// with --typed to MBPP with typed stubs;
// with --quick, one draw of the recordings instead of three; with names, only the rows that contain one of them.
async function main(args: readonly string[]): Promise<void> {
  const data = dataFolder();
  if (data === undefined) {
    process.stderr.write(`${NO_DATA}\n`);
    process.exitCode = 2;
    return;
  }
  const [typed, quick] = [args.includes('--typed'), args.includes('--quick')];
  const only = args.filter((name) => !name.startsWith('-'));
  await topologiesBench(
    { data, typed, quick, only },
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
