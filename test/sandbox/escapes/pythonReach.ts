import { attack, type HostileProgram, type Place, quoted, refused } from './hostileProgram';

const FILES = 'read files of the user';
const OUT = 'change anything outside';
const NET = 'reach the network';

function program(name: string, mustNot: string, body: (place: Place) => string): HostileProgram {
  return {
    ...{ name, mustNot, language: 'python', outside: { shownIn: 'python3' }, check: refused },
    code: (place) => attack(body(place)),
  };
}

/** Programs that reach for what lies outside: files, environment, other programs, the network. */
export const PYTHON_REACH: readonly HostileProgram[] = [
  program(
    'opens a file of home',
    FILES,
    ({ secret, text }) => `return open(${quoted(secret)}).read() == ${quoted(text)}`,
  ),
  program(
    'reads a file of home by descriptors',
    FILES,
    ({ secret, text }) => `import os
return os.read(os.open(${quoted(secret)}, os.O_RDONLY), 1000).decode() == ${quoted(text)}`,
  ),
  program(
    'reads a file of home relative to the root directory',
    FILES,
    ({ secret, text }) => `import os
root = os.open('/', os.O_RDONLY)
return os.read(os.open(${quoted(secret.slice(1))}, os.O_RDONLY, dir_fd=root), 1000).decode() == ${quoted(text)}`,
  ),
  program(
    'reads a file of home through the root of its process',
    FILES,
    ({ secret, text }) => `return open('/proc/self/root' + ${quoted(secret)}).read() == ${quoted(text)}`,
  ),
  program(
    'reads a file of home through a link',
    FILES,
    ({ secret, text }) => `import os, tempfile
link = os.path.join(tempfile.mkdtemp(), 'link')
os.symlink(${quoted(secret)}, link)
return open(link).read() == ${quoted(text)}`,
  ),
  program(
    'reads a file of home through a hard link',
    FILES,
    ({ secret, text }) => `import os
link = ${quoted(secret)} + '.link'
os.link(${quoted(secret)}, link)
try: return open(link).read() == ${quoted(text)}
finally: os.remove(link)`,
  ),
  program(
    'maps a file of home into memory',
    FILES,
    ({ secret, text }) => `import mmap, os
with mmap.mmap(os.open(${quoted(secret)}, os.O_RDONLY), 0, access=mmap.ACCESS_READ) as view:
    return view[:].decode() == ${quoted(text)}`,
  ),
  program(
    'has the traceback machinery read a file of home',
    FILES,
    ({ secret, text }) => `import linecache
return linecache.getline(${quoted(secret)}, 1).strip() == ${quoted(text)}`,
  ),
  program(
    'copies a file of home',
    FILES,
    ({ secret, text }) => `import shutil, tempfile, os
copy = os.path.join(tempfile.mkdtemp(), 'copy')
shutil.copyfile(${quoted(secret)}, copy)
return open(copy).read() == ${quoted(text)}`,
  ),
  program(
    'lists home',
    FILES,
    ({ secret }) => `import os
return os.path.basename(${quoted(secret)}) in os.listdir(os.path.dirname(${quoted(secret)}))`,
  ),
  program(
    'asks whether a file of home exists',
    FILES,
    ({ secret }) => `import os\nreturn os.stat(${quoted(secret)}).st_size > 0`,
  ),
  program(
    'imports a module from outside',
    'run code from outside',
    ({ folder, text }) => `import sys
sys.path.insert(0, ${quoted(folder)})
import planted
return planted.VALUE == ${quoted(text)}`,
  ),
  program(
    'runs a script from outside',
    'run code from outside',
    ({ folder, text }) => `import runpy
return runpy.run_path(${quoted(`${folder}/planted.py`)})['VALUE'] == ${quoted(text)}`,
  ),
  program(
    'reads the environment',
    'see the environment',
    ({ variable, text }) => `import os\nreturn os.environ[${quoted(variable)}] == ${quoted(text)}`,
  ),
  program(
    'reads the environment of its process from /proc',
    'see the environment',
    ({ text }) => `return ${quoted(text)} in open('/proc/self/environ').read()`,
  ),
  program(
    'looks at other programs',
    'see other programs',
    ({ text }) => `import os
found = []
for name in os.listdir('/proc'):
    try: found.append(open('/proc/%s/environ' % int(name)).read())
    except (OSError, ValueError): pass
return any(${quoted(text)} in one for one in found)`,
  ),
  program(
    'writes a file outside',
    OUT,
    ({ folder }) => `import os
path = ${quoted(`${folder}/new`)}
with open(path, 'w') as file: file.write('x')
return os.path.exists(path)`,
  ),
  program(
    'deletes a file outside',
    OUT,
    ({ folder }) => `import os\nos.remove(${quoted(`${folder}/victim`)})\nreturn True`,
  ),
  program(
    "makes a file outside everybody's",
    OUT,
    ({ secret }) => `import os\nos.chmod(${quoted(secret)}, 0o666)\nreturn True`,
  ),
  program(
    'writes a file outside by the shell',
    OUT,
    ({ folder }) => `import os
os.system('touch ' + ${quoted(`${folder}/touched`)})
return os.path.exists(${quoted(`${folder}/touched`)})`,
  ),
  program(
    'leaves a process that writes outside later',
    OUT,
    ({ folder }) => `import subprocess, time, os
subprocess.Popen(['sh', '-c', 'sleep 0.1; touch ' + ${quoted(`${folder}/later`)}], start_new_session=True)
for _ in range(40):
    if os.path.exists(${quoted(`${folder}/later`)}): return True
    time.sleep(0.05)
return False`,
  ),
  program(
    'connects to a server on this machine',
    NET,
    ({ port, text }) => `import socket
return socket.create_connection(('127.0.0.1', ${port}), 5).recv(1000).decode() == ${quoted(text)}`,
  ),
  program(
    'connects without the resolver',
    NET,
    ({ port, text }) => `import socket
with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
    client.connect(('127.0.0.1', ${port}))
    return client.recv(1000).decode() == ${quoted(text)}`,
  ),
  program(
    'connects by asyncio',
    NET,
    ({ port, text }) => `import asyncio
async def main():
    reader, _ = await asyncio.open_connection('127.0.0.1', ${port})
    return (await reader.read(1000)).decode() == ${quoted(text)}
return asyncio.run(main())`,
  ),
  program(
    'fetches a page',
    NET,
    ({ port, text }) => `import urllib.request
try: return ${quoted(text)} in urllib.request.urlopen('http://127.0.0.1:${port}/', timeout=5).read().decode()
except Exception as error: return ${quoted(text)} in str(error)`,
  ),
  program(
    'sends a datagram',
    NET,
    ({ udpPort, text }) => `import socket
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(5)
client.sendto(b'x', ('127.0.0.1', ${udpPort}))
return client.recv(1000).decode() == ${quoted(text)}`,
  ),
  program(
    'connects to a Unix socket',
    NET,
    ({ socket, text }) => `import socket
client = socket.socket(socket.AF_UNIX)
client.connect(${quoted(socket)})
return client.recv(1000).decode() == ${quoted(text)}`,
  ),
];
