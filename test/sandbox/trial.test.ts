import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBubblewrap, type Identity } from '../../src/core/sandbox/bubblewrap';
import { BubblewrapSandbox } from '../../src/core/sandbox/bubblewrapSandbox';
import type { Command } from '../../src/core/sandbox/command';
import { nodeSource } from '../../src/core/sandbox/nodeRuntime';
import { pythonSource } from '../../src/core/sandbox/pythonRuntime';
import type { RuntimeSource } from '../../src/core/sandbox/runtime';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import type { Guest, Room, SystemSandbox } from '../../src/core/sandbox/systemSandbox';
import { ATTEMPTS, breaches, visit } from '../../src/core/sandbox/trial';
import { HARNESS } from './bench';

const SOURCES: readonly (readonly [string, RuntimeSource])[] = [
  ['Python', pythonSource(undefined)],
  ['Node.js', nodeSource(undefined, HARNESS)],
];
const IDENTITIES: readonly Identity[] = process.getuid?.() === 0 ? ['drop', 'namespace'] : ['namespace'];

/** A system that closes nobody in: what is to be found out must be found out there. */
class Nothing implements SystemSandbox {
  readonly name = 'nothing';
  readonly identities = ['namespace'] as const;
  readonly proved = false;

  /** @param harness may be written to */
  constructor(private readonly harness: string) {}

  room({ runtime, role, limits, channels, extra = [] }: Guest): Promise<Room> {
    const scratch = mkdtempSync(join(tmpdir(), 'sv-scratch-'));
    const place = { ...channels, harness: this.harness, scratch, uid: null };
    // A descriptor that is left open: that of the file whose text is looked for.
    const { secret } = JSON.parse(extra[0] ?? '{}') as { readonly secret?: string };
    const lent = ['/bin/sh', '-c', 'exec 7< "$0"; exec "$@"', secret ?? '/dev/null'];
    const [path = '', ...args] = [...lent, ...runtime.command(role, place, limits), ...extra];
    return Promise.resolve({
      command: { path, args, env: { ...process.env, ...runtime.environment(scratch) } as Command['env'] },
      leave: () => {
        rmSync(scratch, { recursive: true, force: true });
        return Promise.resolve();
      },
    });
  }

  refusal(reason: string): SandboxError {
    return new SandboxError(`nothing cannot hold anybody: ${reason}`);
  }
}

/** Bubblewrap with one more mount, or one wall less. */
class Leaky implements SystemSandbox {
  readonly name = 'leaky';
  readonly identities = IDENTITIES;
  readonly proved = false;

  constructor(
    private readonly whole: SystemSandbox,
    private readonly change: (args: readonly string[]) => readonly string[],
  ) {}

  async room(guest: Guest): Promise<Room> {
    const room = await this.whole.room(guest);
    return { ...room, command: { ...room.command, args: this.change(room.command.args) } };
  }

  refusal(reason: string): SandboxError {
    return this.whole.refusal(reason);
  }
}

describe('A trial of a sandbox', function () {
  this.timeout(120_000);
  let copy: string;
  let bubblewrap: SystemSandbox;

  before(async () => {
    copy = mkdtempSync(join(tmpdir(), 'sv-harness-'));
    cpSync(HARNESS, copy, { recursive: true });
    bubblewrap = new BubblewrapSandbox(await findBubblewrap(undefined), realpathSync(HARNESS), IDENTITIES);
  });

  after(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  for (const [name, source] of SOURCES) {
    describe(`by ${name}`, () => {
      it('finds every way out where nothing holds it', async () => {
        const found = await breaches(new Nothing(copy), { runtime: await source.open(), identity: 'namespace' });
        // The first steps of Python's harness close what was left open.
        const closed = name === 'Python' ? ['descriptor'] : [];
        assert.deepEqual(
          found,
          Object.entries(ATTEMPTS).flatMap(([attempt, words]) => (closed.includes(attempt) ? [] : [words])),
        );
      });

      for (const identity of IDENTITIES) {
        it(`finds no way out of bubblewrap (${identity})`, async () => {
          assert.deepEqual(await breaches(bubblewrap, { runtime: await source.open(), identity }), []);
        });
      }

      const leaks: readonly (readonly [string, (args: readonly string[]) => readonly string[], readonly string[]])[] = [
        ['shares the network', (args) => args.filter((arg) => arg !== '--unshare-net'), ['tcp', 'udp']],
        ['shows home', (args) => shown(args, '--ro-bind', homedir()), ['home', 'names']],
        ['lends the temporary folder', (args) => shown(args, '--bind', tmpdir()), ['outside', 'write', 'unix']],
      ];
      for (const [leak, change, expected] of leaks) {
        it(`finds the one hole of a sandbox that ${leak}`, async () => {
          const identity = IDENTITIES.at(-1) ?? 'namespace';
          const found = await breaches(new Leaky(bubblewrap, change), { runtime: await source.open(), identity });
          assert.deepEqual(found, expected.map((one) => ATTEMPTS[one])); // prettier-ignore
        });
      }

      it('says that nothing is known where it cannot be made', async () => {
        const broken = new Leaky(bubblewrap, (args) => ['--no-such-option', ...args]);
        const visitor = { runtime: await source.open(), identity: 'namespace' } as const;
        await assert.rejects(
          breaches(broken, visitor),
          /^SandboxError: the program that tries to get out .* does not run: /,
        );
      });
    });
  }

  it('leaves nothing behind', async () => {
    const visitor = { runtime: await SOURCES[0]![1].open(), identity: 'namespace', role: 'probe' } as const;
    assert.deepEqual(await visit(bubblewrap, visitor), { failed: false, text: 'ready', haunted: false });
  });
});

/** The arguments with one more mount, after all others. */
function shown(args: readonly string[], how: string, path: string): string[] {
  const at = args.indexOf('--remount-ro');
  return [...args.slice(0, at), how, path, path, ...args.slice(at)];
}
