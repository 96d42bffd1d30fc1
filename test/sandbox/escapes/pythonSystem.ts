import { attack, type HostileProgram, type Outside, type Place, quoted, refused } from './hostileProgram';

const SHOWN: Outside = { shownIn: 'python3' };
const PRIVILEGED: Outside = { notShown: 'whether it works outside depends on the privileges of the account' };
const HARMFUL: Outside = { notShown: 'it would harm this machine' };

const program = (name: string, mustNot: string, outside: Outside, body: (place: Place) => string): HostileProgram => ({
  ...{ name, mustNot, outside, language: 'python', check: refused },
  code: (place) => attack(body(place)),
});

const FILES = 'read files of the user';
const RIGHTS = 'gain any right';
const OTHERS = 'touch other processes';
const NET = 'reach the network';
const MEMORY = 'hold memory beyond its limits';
const OUT = 'change anything outside';

/**
 * Programs that attack a system of processes, accounts, devices and mounts, which WebAssembly does not have. Where one acts when its
 * test is over, that nothing outside has changed is seen at the end.
 */
export const PYTHON_SYSTEM: readonly HostileProgram[] = [
  program(
    'reads a file of home by the C library',
    FILES,
    SHOWN,
    ({ secret, text }) => `import ctypes
libc = ctypes.CDLL(None)
descriptor = libc.open(${quoted(secret)}.encode(), 0)
buffer = ctypes.create_string_buffer(1000)
libc.read(descriptor, buffer, 1000)
return buffer.value.decode() == ${quoted(text)}`,
  ),
  program(
    'reads a file of home by a shell',
    FILES,
    SHOWN,
    ({ secret, text }) => `import subprocess
return subprocess.run(['/bin/sh', '-c', 'cat "$1"', 'sh', ${quoted(secret)}], capture_output=True, text=True).stdout == ${quoted(text)}`,
  ),
  program(
    'reads a file of home in a process of its own session',
    FILES,
    SHOWN,
    ({ secret, text }) => `import os
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        try: os.write(writing, open(${quoted(secret)}, 'rb').read())
        finally: os._exit(0)
    os._exit(0)
os.close(writing)
return os.read(reading, 1000).decode() == ${quoted(text)}`,
  ),
  program(
    'leaves a daemon that writes outside after the verdict',
    OUT,
    SHOWN,
    ({ folder }) => `import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(0.3)
        open(${quoted(`${folder}/daemon`)}, 'w').write('here')
        os._exit(0)
    os._exit(0)
for _ in range(40):
    if os.path.exists(${quoted(`${folder}/daemon`)}): return True
    time.sleep(0.05)
return False`,
  ),
  program(
    'removes a file outside at its exit',
    OUT,
    { notShown: 'it acts when its test is over' },
    ({ folder }) => `import atexit, os
def remove():
    os.remove(${quoted(`${folder}/victim`)})
atexit.register(remove)
return False`,
  ),
  program(
    'removes a file outside when an object of its dies',
    OUT,
    { notShown: 'the folder must stay as it is for the programs after it' },
    ({ folder }) => `import os
class Late:
    def __del__(self): os.remove(${quoted(`${folder}/victim`)})
Late()
return False`,
  ),
  program(
    'writes outside in a thread that outlives its test',
    OUT,
    SHOWN,
    ({ folder }) => `import os, threading, time
path = ${quoted(`${folder}/thread`)}
threading.Thread(target=lambda: open(path, 'w').write('x')).start()
for _ in range(20):
    if os.path.exists(path): return True
    time.sleep(0.05)
return False`,
  ),
  program(
    'signals every process',
    OTHERS,
    HARMFUL,
    () => 'import os\nos.kill(-1, 0)\nreturn len(os.listdir("/proc")) > 60',
  ),
  program(
    'ends the program that started it',
    OTHERS,
    HARMFUL,
    () => 'import os\nparent = os.getppid()\nreturn parent > 1 and os.kill(parent, 15) is None',
  ),
  program(
    'traces the program that started it',
    OTHERS,
    HARMFUL,
    () => `import ctypes, os
ATTACH = 16
return os.getppid() > 1 and ctypes.CDLL(None, use_errno=True).ptrace(ATTACH, os.getppid(), None, None) == 0`,
  ),
  program(
    'reads the memory of the first process',
    OTHERS,
    HARMFUL,
    () => "return len(open('/proc/1/mem', 'rb', 0).read(1)) >= 0",
  ),
  program(
    'finds the processes of the host in /proc',
    OTHERS,
    SHOWN,
    () => `import os
mine = {str(os.getpid()), str(os.getppid()), '1', '2'}
return any(name.isdigit() and name not in mine for name in os.listdir('/proc'))`,
  ),
  program(
    'becomes the superuser',
    RIGHTS,
    PRIVILEGED,
    () => "import os\nos.setuid(0)\nreturn os.path.exists('/root/.')",
  ),
  program(
    'mounts a file system',
    RIGHTS,
    PRIVILEGED,
    () => "import ctypes\nreturn ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0",
  ),
  program(
    'mounts a file system in a namespace of its own',
    RIGHTS,
    PRIVILEGED,
    () => `import ctypes, os
libc = ctypes.CDLL(None)
NEW_USER, NEW_MOUNTS = 0x10000000, 0x20000
return libc.unshare(NEW_USER | NEW_MOUNTS) == 0 or libc.unshare(NEW_MOUNTS) == 0`,
  ),
  program(
    'starts a process in namespaces of its own',
    RIGHTS,
    PRIVILEGED,
    () => `import ctypes, os, platform
libc = ctypes.CDLL(None)
CLONE = 56 if platform.machine() == 'x86_64' else 220
CLONE3 = 435
NEW_USER, SIGCHLD = 0x10000000, 17
for made in (
    lambda: libc.syscall(CLONE, NEW_USER | SIGCHLD, 0, 0, 0, 0),
    lambda: libc.syscall(CLONE3, (ctypes.c_uint64 * 8)(NEW_USER, 0, 0, 0, SIGCHLD, 0, 0, 0), 64),
):
    pid = made()
    if pid == 0: os._exit(0)
    if pid > 0: return True
return False`,
  ),
  program(
    'enters the namespaces of another process',
    RIGHTS,
    PRIVILEGED,
    () => `import ctypes, os
libc = ctypes.CDLL(None)
for name in os.listdir('/proc/1/ns') if os.path.exists('/proc/1/ns') else []:
    if libc.setns(os.open('/proc/1/ns/' + name, 0), 0) == 0: return True
return libc.setns(os.pidfd_open(os.getpid()), 0x10000000) == 0`,
  ),
  program(
    'leaves a key with its user',
    'leave anything behind',
    { notShown: 'it would leave something with the user' },
    () => `import ctypes, platform
ADD_KEY, USER_KEYRING = (248 if platform.machine() == 'x86_64' else 217), -4
return ctypes.CDLL(None).syscall(ADD_KEY, b'user', b'solvent', b'secret', 6, USER_KEYRING) > 0`,
  ),
  program(
    'talks to the host of a virtual machine',
    NET,
    PRIVILEGED,
    () => 'import socket\nreturn socket.socket(40, socket.SOCK_STREAM).fileno() > 0',
  ),
  program(
    'makes packets of its own below the network',
    NET,
    PRIVILEGED,
    () => 'import socket\nreturn socket.socket(17, socket.SOCK_RAW, 0x300).fileno() > 0',
  ),
  program(
    'asks the kernel to compute for it',
    RIGHTS,
    PRIVILEGED,
    () => 'import socket\nreturn socket.socket(38, socket.SOCK_SEQPACKET).fileno() > 0',
  ),
  program(
    'loads a program into the kernel',
    RIGHTS,
    PRIVILEGED,
    () => `import ctypes, platform
BPF = 321 if platform.machine() == 'x86_64' else 280
return ctypes.CDLL(None).syscall(BPF, 0, (ctypes.c_uint32 * 16)(2, 4, 4, 1), 64) >= 0`,
  ),
  program(
    'reads the memory of another process',
    OTHERS,
    PRIVILEGED,
    () => `import ctypes, os
class Part(ctypes.Structure): _fields_ = [('at', ctypes.c_void_p), ('size', ctypes.c_size_t)]
child = os.fork()
if child == 0:
    import time
    time.sleep(5)
    os._exit(0)
secret, read = ctypes.create_string_buffer(b'secret'), ctypes.create_string_buffer(6)
try:
    here, there = Part(ctypes.addressof(read), 6), Part(ctypes.addressof(secret), 6)
    return ctypes.CDLL(None).process_vm_readv(child, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) == 6
finally: os.kill(child, 9)`,
  ),
  program(
    'keeps files in memory that no limit counts',
    MEMORY,
    SHOWN,
    () => "import os\nreturn os.write(os.memfd_create('mine'), b'x') == 1",
  ),
  program(
    'keeps memory that belongs to no process',
    MEMORY,
    SHOWN,
    () => `import ctypes
PRIVATE, CREATE, REMOVE = 0, 0o1600, 0
libc = ctypes.CDLL(None)
made = libc.shmget(PRIVATE, 4096, CREATE)
if made >= 0: libc.shmctl(made, REMOVE, None)
return made >= 0`,
  ),
  program(
    'keeps messages that belong to no process',
    MEMORY,
    SHOWN,
    () => `import ctypes
PRIVATE, CREATE, REMOVE = 0, 0o1600, 0
libc = ctypes.CDLL(None)
made = libc.msgget(PRIVATE, CREATE)
if made >= 0: libc.msgctl(made, REMOVE, None)
return made >= 0`,
  ),
  program(
    'has the kernel act for it in a ring',
    RIGHTS,
    PRIVILEGED,
    () => 'import ctypes\nreturn ctypes.CDLL(None).syscall(425, 8, ctypes.create_string_buffer(120)) >= 0',
  ),
  program(
    'calls the kernel by the numbers of another architecture',
    RIGHTS,
    PRIVILEGED,
    () => `import ctypes, platform
X32, UNSHARE, NEW_USER = 0x40000000, 272, 0x10000000
return platform.machine() == 'x86_64' and ctypes.CDLL(None).syscall(X32 + UNSHARE, NEW_USER) == 0`,
  ),
  program(
    'makes read-only folders writable again',
    RIGHTS,
    PRIVILEGED,
    () => "import ctypes\nREMOUNT = 32\nreturn ctypes.CDLL(None).mount(None, b'/usr', None, REMOUNT, None) == 0",
  ),
  program(
    'leaves its root directory',
    RIGHTS,
    PRIVILEGED,
    ({ secret, text }) => `import os
os.makedirs('/tmp/jail', exist_ok=True)
os.chroot('/tmp/jail')
for _ in range(64): os.chdir('..')
os.chroot('.')
return open(${quoted(secret)}).read() == ${quoted(text)}`,
  ),
  program(
    'makes a device',
    RIGHTS,
    PRIVILEGED,
    () =>
      "import os, stat\nos.mknod('/tmp/kmem', 0o600 | stat.S_IFCHR, os.makedev(1, 1))\nreturn len(open('/tmp/kmem', 'rb').read(1)) == 1",
  ),
  program(
    'reads a disk',
    RIGHTS,
    PRIVILEGED,
    () => `import glob
for path in glob.glob('/dev/[svx]d?') + glob.glob('/dev/nvme*') + ['/dev/mem', '/dev/kmsg', '/dev/port']:
    try:
        if open(path, 'rb', 0).read(1): return True
    except OSError: pass
return False`,
  ),
  program(
    'changes a setting of the kernel',
    RIGHTS,
    PRIVILEGED,
    () =>
      "open('/proc/sys/kernel/domainname', 'w').write('mine')\nreturn open('/proc/sys/kernel/domainname').read() == 'mine'",
  ),
  program(
    'types into the terminal that it was started from',
    OTHERS,
    { notShown: 'tests have no terminal' },
    () => "import fcntl, termios\nfor typed in 'id\\n': fcntl.ioctl(0, termios.TIOCSTI, typed.encode())\nreturn True",
  ),
  program(
    'finds descriptors that were left open',
    'inherit anything of the host',
    { notShown: 'what is open depends on who starts it' },
    () => `import os, stat
def is_file(number):
    try: return stat.S_ISREG(os.fstat(number).st_mode) or stat.S_ISDIR(os.fstat(number).st_mode)
    except OSError: return False
return any(is_file(number) and not os.readlink('/proc/self/fd/%d' % number).startswith('/tmp') for number in range(3, 256))`,
  ),
  program(
    'asks the metadata service of a cloud',
    NET,
    { notShown: 'there is none here' },
    () => "import socket\nreturn socket.create_connection(('169.254.169.254', 80), 0.5) is not None",
  ),
  program(
    'resolves a name',
    NET,
    { notShown: 'there may be no network here' },
    () => "import socket\nreturn len(socket.getaddrinfo('example.com', 80)) > 0",
  ),
  program(
    'sends packets of its own making',
    NET,
    PRIVILEGED,
    () => 'import socket\nreturn socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).fileno() > 0',
  ),
  program(
    'finds a network device',
    NET,
    SHOWN,
    () =>
      "return any(':' in line and not line.strip().startswith('lo:') for line in open('/proc/net/dev').readlines()[2:])",
  ),
  program(
    'asks the session bus for secrets',
    FILES,
    { notShown: 'tests have no session' },
    () => `import os
found = os.environ.get('DBUS_SESSION_BUS_ADDRESS') or os.path.exists('/run/user') or os.path.exists('/run/dbus/system_bus_socket')
return bool(found)`,
  ),
];
