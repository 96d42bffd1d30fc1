import { release } from 'node:os';
import { join } from 'node:path';
import { AS_NODE, locateNode, type Node, type NodePlace, resolveNode } from './node';
import type { Place, Role, Runtime, RuntimeSource } from './runtime';
import { SandboxError, type TestRun } from './sandbox';
import { scriptJob } from './script/job';
import { Stripper } from './script/stripTypes';
import type { Limits } from './verdict';

/** What Node.js takes for itself beside what the code asks for: MiB of data, and threads. */
const OWN_MB = 128;
const OWN_THREADS = 12;
const DESCRIPTORS = 512;

/**
 * Sets limits and becomes the program. The limit on processes is called -u or -p, depending on the shell. A limit that
 * cannot be set is lower already. Data counts what V8 uses, unlike the address space, of which it reserves gigabytes.
 */
const LAUNCH = `
ulimit -c 0; ulimit -n ${DESCRIPTORS}; ulimit -f "$1"; ulimit -d "$2"; ulimit -t "$3"
if [ "$4" != 0 ]; then ulimit -u "$4" 2>/dev/null || ulimit -p "$4"; fi
shift 4; trap '' XFSZ; exec "$@"
`;

const PROBE = `require(JSON.parse(process.argv[2]).harness + '/script-boot.cjs').enter(); console.log('ready')`;

/**
 * JavaScript and TypeScript tasks.
 * @param chosen path of Node.js; without it, `node` on PATH, else what runs now
 * @param harness directory of the harness
 */
export function nodeSource(chosen: string | undefined, harness: string): RuntimeSource {
  let place: NodePlace | undefined;
  let missing: string | undefined;
  try {
    place = locateNode(chosen);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    missing = error.message;
  }
  return {
    languages: ['javascript', 'typescript'],
    missing,
    async open() {
      return new NodeRuntime(await resolveNode(place ?? locateNode(chosen)), new Stripper(harness));
    },
  };
}

class NodeRuntime implements Runtime {
  readonly name: string;

  constructor(
    private readonly node: Node,
    private readonly stripper: Stripper,
  ) {
    this.name = `Node.js ${node.version}`;
  }

  environment(scratch: string): Readonly<Record<string, string>> {
    const basic = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: scratch, MALLOC_ARENA_MAX: '2', NO_COLOR: '1' };
    return this.node.electron ? { ...basic, ...AS_NODE } : basic;
  }

  get paths(): readonly string[] {
    return this.node.paths;
  }

  command(role: Role, place: Place, limits: Limits): readonly string[] {
    const { memoryMb, cpuSeconds, scratchMb, fileMb, processes } = limits;
    const counted = place.uid !== null || countsInside(release());
    return [
      ...['/bin/sh', '-c', LAUNCH, 'sh'],
      // Blocks of 512 bytes, KiB, seconds of one process, processes with threads.
      ...[
        Math.min(fileMb, scratchMb) * 2048,
        (memoryMb + OWN_MB) * 1024,
        Math.ceil(cpuSeconds) + 2,
        counted ? processes + OWN_THREADS : 0,
      ].map(String),
      ...[this.node.executable, `--max-old-space-size=${memoryMb}`, '--v8-pool-size=1'],
      ...(role === 'probe' ? ['-e', PROBE, ''] : [join(place.harness, `script-${role}.cjs`)]),
      JSON.stringify(place),
    ];
  }

  job(run: TestRun, { testSeconds }: Limits): unknown {
    return scriptJob(run, this.stripper, testSeconds);
  }
}

/** Kernels before 5.14 count the processes that the account has outside of the sandbox too. */
function countsInside(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}
