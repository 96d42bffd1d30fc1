"""Keeps one folder the same in both processes, which share no part of the file system: what has changed is told."""

import os
import stat

LARGEST = 8 * 1024 * 1024
DEEPEST = 64
KINDS = ('folder', 'file', 'gone')


class Mirror:
    """One side's folder. Links are not followed and not told: they could lead out of it."""

    def __init__(self, root):
        self.root = root
        self.known = {}  # path in the folder -> what it was when it was last told

    def changes(self):
        """What has changed since this was last asked: [(path, kind, mode, modified in ns, content), ...], folders first."""
        now, found, size = {}, [], 0
        for path, state in self.walk(''):
            now[path] = mark = self.mark(state)
            if self.known.get(path) == mark:
                continue
            content = b''
            if stat.S_ISREG(state.st_mode):
                size += state.st_size
                if size > LARGEST:
                    raise OSError('the files of a test may have %d MiB in all' % (LARGEST >> 20))
                with open(self.place(path), 'rb') as file:
                    content = file.read(LARGEST)
            kind = 'folder' if stat.S_ISDIR(state.st_mode) else 'file'
            found.append((path, kind, state.st_mode & 0o777, state.st_mtime_ns, content))
        gone = [(path, 'gone', 0, 0, b'') for path in sorted(self.known, reverse=True) if path not in now]
        self.known = now
        return gone + found

    def apply(self, changes):
        """Takes over what the other side has told. Raises ValueError where it makes no sense, OSError where it cannot."""
        if type(changes) is not list:
            raise ValueError('no list of files')
        for change in changes:
            if type(change) is not tuple or tuple(map(type, change)) != (str, str, int, int, bytes):
                raise ValueError('no file')
            path, kind, mode, modified, content = change
            if kind not in KINDS or not proper(path) or self.blocked(path):
                raise ValueError('a file that makes no sense')
            self.take(path, kind, mode & 0o777, modified, content)
        self.known = {path: self.mark(state) for path, state in self.walk('')}

    def take(self, path, kind, mode, modified, content):
        place = self.place(path)
        there = os.path.lexists(place)
        if kind != 'folder' and there and os.path.isdir(place) and not os.path.islink(place):
            os.rmdir(place)
        elif there and (kind == 'gone' or os.path.islink(place) or (kind == 'folder') != os.path.isdir(place)):
            os.remove(place)
        if kind == 'folder':
            os.makedirs(place, exist_ok=True)
            os.chmod(place, mode | 0o700)
        elif kind == 'file':
            if os.path.exists(place):
                os.chmod(place, 0o600)
            with open(place, 'wb') as file:
                file.write(content)
            os.utime(place, ns=(modified, modified))
            os.chmod(place, mode)

    def walk(self, folder):
        """(path, state) of all files and folders below a folder, folders before what is in them."""
        try:
            entries = sorted(os.scandir(self.place(folder)), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            try:
                state = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            path = entry.name if folder == '' else folder + '/' + entry.name
            if stat.S_ISDIR(state.st_mode):
                yield path, state
                for inner in self.walk(path):
                    yield inner
            elif stat.S_ISREG(state.st_mode):
                yield path, state

    def blocked(self, path):
        """Whether something that is no folder of its own leads to a path."""
        parts = path.split('/')[:-1]
        above = ['/'.join(parts[: count + 1]) for count in range(len(parts))]
        return any(os.path.islink(self.place(one)) or not os.path.isdir(self.place(one)) for one in above)

    def place(self, path):
        return os.path.join(self.root, *path.split('/')) if path else self.root

    @staticmethod
    def mark(state):
        if stat.S_ISDIR(state.st_mode):
            return ('folder', state.st_mode)
        return (state.st_ino, state.st_size, state.st_mtime_ns, state.st_mode)


def proper(path):
    parts = path.split('/')
    return len(parts) <= DEEPEST and '\0' not in path and not any(part in ('', '.', '..') for part in parts)
