/** Numbers of a system call: on x86-64, and on arm64, which has those of the generic table; null where it has none. */
type Numbers = readonly [x64: number, arm64: number | null];

/**
 * What no tested code needs. Each lets a program leave what it was put into, look into others, or take memory that no
 * limit counts: a namespace of its own can be mounted in, and what lies on such a mount, in a file without a name or in
 * shared memory belongs to no process.
 */
const DENIED: Readonly<Record<string, Numbers>> = {
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],

  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],

  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],

  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  syslog: [103, 116],
  acct: [163, 89],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
};

/** As {@link DENIED}, but told that the kernel does not have it: what can do without, then does. */
const ABSENT: Readonly<Record<string, Numbers>> = {
  // Its flags lie in memory, where a filter cannot see them; libraries then use clone.
  clone3: [435, 435],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  msgget: [68, 186],
  semget: [64, 190],
};

const CLONE: Numbers = [56, 220];
const SOCKET: Numbers = [41, 198];
const IOCTL: Numbers = [16, 29];

/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET (linux/sched.h). */
const NEW_NAMESPACES = 0x7e02_0080;
/** AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK; others, such as AF_VSOCK, are not confined by a network namespace. */
const FAMILIES = [1, 2, 10, 16];
/** TIOCSTI, which types into a terminal, and TIOCLINUX, which pastes into a console. */
const TERMINAL = [0x5412, 0x541c];

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** Instructions of classic BPF (linux/bpf_common.h) and what a filter answers with (linux/seccomp.h). */
const LOAD = 0x20;
const EQUAL = 0x15;
const AT_LEAST = 0x35;
const ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const ERROR = 0x0005_0000;

/** Offsets in `struct seccomp_data`. Of arguments, the lower halves: the kernel looks at no more of these. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST = 16;
const SECOND = 24;

/** `AUDIT_ARCH_*` (linux/audit.h), and the column of {@link Numbers}. */
const ARCHITECTURES: Readonly<
  Partial<Record<NodeJS.Architecture, { readonly audit: number; readonly column: 0 | 1 }>>
> = { x64: { audit: 0xc000_003e, column: 0 }, arm64: { audit: 0xc000_00b7, column: 1 } };
/** From here on, numbers are those of x32, under which every call could be made by another name. */
const X32 = 0x4000_0000;

/** One instruction: its code, its operand, and how many instructions to skip where its question holds or does not. */
type Instruction = readonly [code: number, operand: number, skipWhereTrue: number, skipWhereFalse: number];

/**
 * The filter of system calls for what runs in a sandbox, as bubblewrap's `--seccomp` takes it: an array of
 * `struct sock_filter` in the byte order of the machine (seccomp(2)). Undefined for a processor whose numbers of system
 * calls are not known here.
 */
export function systemCallFilter(processor: NodeJS.Architecture = process.arch): Uint8Array | undefined {
  const architecture = ARCHITECTURES[processor];
  if (architecture === undefined) return undefined;
  const { audit, column } = architecture;
  const numbersOf = (table: Readonly<Record<string, Numbers>>): number[] =>
    Object.values(table).flatMap((numbers) => numbers[column] ?? []);
  return encoded([
    [LOAD, ARCHITECTURE, 0, 0],
    // Programs of another architecture have other numbers.
    ...unless(EQUAL, audit, ENOSYS),
    [LOAD, NUMBER, 0, 0],
    ...(column === 0 ? where(AT_LEAST, X32, ENOSYS) : []),
    ...numbersOf(DENIED).flatMap((number) => where(EQUAL, number, EPERM)),
    ...numbersOf(ABSENT).flatMap((number) => where(EQUAL, number, ENOSYS)),
    ...ofCall(CLONE[column], FIRST, where(ANY_BIT, NEW_NAMESPACES, EPERM)),
    ...ofCall(
      IOCTL[column],
      SECOND,
      TERMINAL.flatMap((request) => where(EQUAL, request, EPERM)),
    ),
    ...ofCall(SOCKET[column], FIRST, [
      ...FAMILIES.flatMap((family): Instruction[] => [
        [EQUAL, family, 0, 1],
        [RETURN, ALLOW, 0, 0],
      ]),
      [RETURN, ERROR | EAFNOSUPPORT, 0, 0],
    ]),
    [RETURN, ALLOW, 0, 0],
  ]);
}

function where(question: number, operand: number, error: number): Instruction[] {
  return [
    [question, operand, 0, 1],
    [RETURN, ERROR | error, 0, 0],
  ];
}

function unless(question: number, operand: number, error: number): Instruction[] {
  return [
    [question, operand, 1, 0],
    [RETURN, ERROR | error, 0, 0],
  ];
}

/** What is asked of one argument of one call, which is allowed where nothing is said. */
function ofCall(number: number | null, argument: number, questions: readonly Instruction[]): Instruction[] {
  if (number === null) return [];
  const body: Instruction[] = [[LOAD, argument, 0, 0], ...questions, [RETURN, ALLOW, 0, 0]];
  return [[EQUAL, number, 0, body.length], ...body];
}

function encoded(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(instructions.length * 8));
  // Both processors are little-endian.
  instructions.forEach(([code, operand, whereTrue, whereFalse], index) => {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, whereTrue);
    bytes.setUint8(index * 8 + 3, whereFalse);
    bytes.setUint32(index * 8 + 4, operand, true);
  });
  return new Uint8Array(bytes.buffer);
}
