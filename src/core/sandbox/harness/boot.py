"""The trusted first steps of both processes: give up privileges, set limits, then nothing of this is needed again."""

import sys


def enter():
    """Applies the confinement given in the first argument and returns it as a dict. Call before anything else."""
    import json
    import os

    config = json.loads(sys.argv[1])
    sys.argv[:] = ['']
    del sys.path[0]
    if 'rpcPath' in config:
        # In WebAssembly: the channels are devices, and the limits are those of the process around the interpreter.
        for name in ('rpc', 'report'):
            if name + 'Path' in config:
                config[name] = os.open(config[name + 'Path'], os.O_RDWR)
        return config
    import resource

    os.set_blocking(config['rpc'], True)
    sys.path.extend(path for path in config['path'] if path not in sys.path)
    if config['uid'] is not None:
        os.chmod('/tmp', 0o1777)
        os.setgroups([])
        os.setresgid(config['uid'], config['uid'], config['uid'])
        os.setresuid(config['uid'], config['uid'], config['uid'])
    os.chdir(config['scratch'])
    os.closerange(config['report'] + 1 if 'report' in config else config['rpc'] + 1, 256)
    mib = 1 << 20
    if sys.platform != 'darwin':
        # There an address space cannot be limited: what is used is watched from outside.
        hard('AS', config['memoryMb'] * mib, resource)
    hard('FSIZE', min(config['fileMb'], config['scratchMb']) * mib, resource)
    # Of one process; all of them together are counted outside.
    hard('CPU', config['cpuSeconds'] + 2, resource)
    hard('CORE', 0, resource)
    hard('NOFILE', 128, resource)
    limit_processes(config['processes'], os, resource)
    return config


def hard(name, value, resource):
    kind = getattr(resource, 'RLIMIT_' + name)
    top = resource.getrlimit(kind)[1]
    if top != resource.RLIM_INFINITY:
        value = min(value, top)
    resource.setrlimit(kind, (value, value))


def limit_processes(count, os, resource):
    """Kernels before 5.14 count the account's processes outside the sandbox too: find where the count stands."""
    kind = resource.RLIMIT_NPROC
    top = resource.getrlimit(kind)[1]
    base = 0
    while True:
        wanted = base + count if top == resource.RLIM_INFINITY else min(base + count, top)
        resource.setrlimit(kind, (wanted, top))
        try:
            child = os.fork()
        except OSError:
            if wanted == top or base > 1 << 20:
                break
            base = max(64, base * 2)
            continue
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        break
    resource.setrlimit(kind, (wanted, wanted))
