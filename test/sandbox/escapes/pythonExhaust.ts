import type { LimitStruck, Limits } from '../../../src/core/sandbox/verdict';
import { attack, crowded, type HostileProgram, inVain, struck } from './hostileProgram';

const LIMITS: Partial<Limits> = { testSeconds: 2, memoryMb: 96, outputBytes: 200_000, scratchMb: 16 };
/** Time to reach a limit at the pace of a busy machine. */
const PATIENT: Partial<Limits> = { ...LIMITS, testSeconds: 20 };

function program(
  name: string,
  mustNot: string,
  body: string,
  check: HostileProgram['check'],
  notShown: string,
  limits = LIMITS,
): HostileProgram {
  return {
    ...{ name, mustNot, language: 'python', limits, outside: { notShown }, check },
    code: () => `def first(): return 1\n${attack(body)}`,
    tests: ['assert first() == 1', 'assert attack() is True', 'assert first() == 1'],
  };
}

const endless = (name: string, body: string): HostileProgram =>
  program(name, 'run for longer than it may', body, struck('time'), 'it would never end');
const large = (name: string, body: string, ...limits: readonly LimitStruck[]): HostileProgram =>
  program(
    name,
    'take more memory than it may',
    body,
    struck(...limits),
    'it would take the memory of this machine',
    limits.includes('time') ? LIMITS : PATIENT,
  );
const loud = (name: string, body: string): HostileProgram =>
  program(name, 'print more than it may', body, struck('output'), 'it would never end', PATIENT);
const many = (name: string, body: string): HostileProgram =>
  program(name, 'make more files than it may', body, crowded, 'it would take the memory of the kernel', PATIENT);
const deep = (name: string, body: string): HostileProgram =>
  program(name, 'leave the run without a verdict', body, inVain, 'a plain interpreter just crashes');

/** Programs that use up time, memory, stack, files or outputs. Where either of two limits may strike first, both count. */
export const PYTHON_EXHAUST: readonly HostileProgram[] = [
  endless('loops', 'while True: pass'),
  endless('loops in C', 'import itertools\nreturn sum(itertools.count()) > 0'),
  endless('raises an enormous power', 'return 10 ** 10 ** 8 > 5'),
  endless('matches an expression that backtracks', "import re\nreturn re.match('(a+)+$', 'a' * 60 + 'b') is None"),
  endless('sleeps', 'import time\ntime.sleep(600)\nreturn True'),
  endless('waits for an event that never comes', 'import asyncio\nasyncio.run(asyncio.Event().wait())\nreturn True'),
  endless(
    'swallows what would stop it',
    'while True:\n    try:\n        while True: pass\n    except BaseException: pass',
  ),
  endless(
    'prints a number of many digits',
    'import sys\nsys.set_int_max_str_digits(0)\nreturn len(str(7 ** (10 ** 8))) > 0',
  ),
  large('lets a list of blocks grow', 'blocks = []\nwhile True: blocks.append(bytes(1 << 20))', 'memory'),
  large('lets a list of small things grow', 'small = []\nwhile True: small.append([0])', 'memory', 'time'),
  large('lets a dict grow', 'grown = {}\nwhile True: grown[len(grown)] = str(len(grown))', 'memory', 'time'),
  large('lets a string grow', "text = 'x'\nwhile True: text += text", 'memory'),
  large('squares a number without end', 'number = 7\nwhile True: number *= number', 'memory', 'time'),
  large('asks for everything at once', "return len('x' * (1 << 30)) > 0", 'memory'),
  large('asks for an array of a gigabyte', 'return len(bytearray(1 << 30)) > 0', 'memory'),
  program(
    'opens files without closing them',
    'take more memory or files than it may',
    "kept = []\nwhile True: kept.append(open('/dev/null', 'rb', 0)); kept.append(bytes(1 << 16))",
    // Where files are counted, it is refused the next one; elsewhere its memory ends first.
    (verdict) => {
      if (verdict.killed === undefined) inVain(verdict);
      else struck('memory', 'time')(verdict);
    },
    'it would take the memory of this machine',
  ),
  program(
    'answers with more than a message may hold',
    'leave the run without a verdict',
    "return 'x' * (33 << 20)",
    inVain,
    'a plain interpreter has no messages',
  ),
  program(
    'fills its scratch directory with one file',
    'take more room for files than it may',
    "with open('/tmp/big', 'wb') as file:\n    while True: file.write(bytes(1 << 20))",
    inVain,
    'it would fill the disk of this machine',
  ),
  program(
    'fills its scratch directory with many files',
    'take more room for files than it may',
    "for number in range(10 ** 9):\n    with open('/tmp/%d' % number, 'wb') as file: file.write(bytes(1 << 20))",
    inVain,
    'it would fill the disk of this machine',
  ),
  program(
    'claims the size of a file that is not written',
    'take more room for files than it may',
    "with open('/tmp/sparse', 'wb') as file:\n    file.truncate(1 << 36)\n    file.seek(1 << 35)\n    file.write(b'x')\nreturn True",
    inVain,
    'it would fill the disk of this machine',
  ),
  many('makes directories without end', "import os\nfor number in range(10 ** 9): os.mkdir('/tmp/d%d' % number)"),
  many('makes empty files without end', "for number in range(10 ** 9): open('/tmp/f%d' % number, 'w').close()"),
  many('makes links without end', "import os\nfor number in range(10 ** 9): os.symlink('x', '/tmp/l%d' % number)"),
  many(
    'makes empty files and swallows every refusal',
    `refusals = []
for number in range(10 ** 9):
    try: open('/tmp/%d' % number, 'w').close()
    except OSError as error: refusals.append(error)
    if len(refusals) > 1000: raise refusals[0]`,
  ),
  program(
    'keeps what it has deleted',
    'take more room for files than it may',
    `import os
kept = []
for number in range(10 ** 9):
    file = open('/tmp/gone', 'wb', 0)
    os.remove('/tmp/gone')
    file.write(bytes(1 << 20))
    kept.append(file)`,
    inVain,
    'it would fill the disk of this machine',
  ),
  loud('prints without end', "while True: print('x' * 1000)"),
  loud('prints one endless line', "import sys\nwhile True: sys.stdout.write('x' * 5000)"),
  loud('writes errors without end', "import os\nwhile True: os.write(2, b'x' * 1000)"),
  deep('recurses', 'return attack()'),
  deep(
    'recurses without its limit',
    'import sys\nsys.setrecursionlimit(10 ** 9)\nreturn sorted([1], key=lambda _: attack())[0] == 1',
  ),
  deep(
    'shows a deeply nested list',
    'nested = []\nfor _ in range(10 ** 5): nested = [nested]\nreturn repr(nested) == 1',
  ),
  deep(
    'lets go of a deeply nested tuple',
    'nested = None\nfor _ in range(10 ** 6): nested = (nested,)\ndel nested\nreturn 1',
  ),
  deep(
    'compares deeply nested lists',
    'a, b = [], []\nfor _ in range(10 ** 5): a, b = [a], [b]\nreturn (a == b) is None',
  ),
  deep('reads deeply nested JSON', "import json\nreturn json.loads('[' * 10 ** 5 + ']' * 10 ** 5) is None"),
  deep('compiles a deeply nested expression', "return eval('-' * 10 ** 5 + '1') is None"),
  deep('answers with a deeply nested list', 'nested = []\nfor _ in range(10 ** 4): nested = [nested]\nreturn nested'),
  deep(
    'raises a chain of exceptions',
    'try: raise ValueError\nexcept ValueError as error:\n    for _ in range(10 ** 5):\n        new = ValueError(); new.__context__ = error; error = new\nraise error',
  ),
  deep('aborts', 'import os\nos.abort()'),
  deep('kills its own process', 'import os\nos.kill(os.getpid(), 9)'),
  deep('crashes its interpreter', 'import faulthandler\nfaulthandler._sigsegv()'),
];

/** As {@link PYTHON_EXHAUST}, for a system that has signals, threads and programs. */
export const PYTHON_SYSTEM_EXHAUST: readonly HostileProgram[] = [
  endless(
    'ignores every signal',
    `import signal, time
for number in range(1, 32):
    if number not in (9, 17, 19): signal.signal(number, signal.SIG_IGN)
time.sleep(600)`,
  ),
  endless('stops its own process', 'import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nreturn True'),
  endless('waits for a thread that never comes', 'import threading\nreturn threading.Event().wait()'),
  loud('has another program print without end', "import os\nreturn os.system('yes') == 0"),
  many(
    'makes files in processes of its own',
    `import os
for child in range(4):
    if os.fork() == 0:
        for number in range(10 ** 9): os.mkdir('/tmp/%d-%d' % (child, number))
os.wait()`,
  ),
];
