"""
Makes a Python on Linux miss what Windows has not, and refuse what it refuses; read by every process that finds it.

Modules and names of POSIX are gone, descriptors of folders cannot be had, files that are open cannot be renamed or
removed, nor folders with such files in them, a name that is taken is not given again by `os.rename`, pipes cannot be
waited for by `select`, `os.fsync` needs a file that can be written, a byte that is locked is locked for all others, and
`sys.platform` says so.
"""

from __future__ import annotations

import errno
import fcntl
import os
import platform
import select
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import types
from importlib import import_module
from pathlib import Path

BEFORE = (
    *("asyncio", "ctypes", "getpass", "multiprocessing.connection", "tempfile", "uuid"),
    *("click", "jinja2", "numpy.random", "pandas", "pyarrow.dataset", "pyarrow.parquet", "pydantic"),
    *("rich.console", "rich.progress", "rich.table", "ruamel.yaml", "simpy"),
)
"""Imported before: on Linux these need themselves what is taken away."""
GONE_MODULES = ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "crypt", "posix", "readline", "syslog")
GONE_NAMES = {
    os: (
        *("fork", "forkpty", "killpg", "setsid", "getpgid", "getpgrp", "setpgid", "getuid", "geteuid", "getgid"),
        *("chown", "lchown", "fchown", "fchmod", "fchdir", "uname", "getloadavg", "nice", "mkfifo", "mknod", "statvfs"),
        *("sched_getaffinity", "sched_setaffinity", "sysconf", "wait", "wait3", "wait4", "waitid", "pidfd_open"),
        *("O_CLOEXEC", "O_NONBLOCK", "O_DIRECTORY", "O_NOFOLLOW", "O_PATH", "O_SYNC", "O_DSYNC", "O_NOCTTY"),
        *("posix_fallocate", "posix_fadvise", "sendfile", "memfd_create", "pread", "pwrite", "readv", "writev"),
    ),
    signal: (
        *("SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD", "SIGPIPE", "SIGSTOP", "SIGCONT"),
        *("SIGTSTP", "SIGWINCH", "alarm", "setitimer", "pthread_sigmask", "sigwait", "pthread_kill"),
    ),
    socket: ("AF_UNIX", "send_fds", "recv_fds"),
    select: ("poll", "epoll"),
    selectors: ("PollSelector", "EpollSelector"),
}
SHARING_VIOLATION = 32
_OWN_FILES = Path("/proc/self/fd")


class _Absent:
    """Finds modules that are not there."""

    def find_spec(self, name, path=None, target=None):
        del path, target
        if name in GONE_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _open_paths():
    """Files that this process has open."""
    for descriptor in list(_OWN_FILES.iterdir()):
        try:
            yield str(descriptor.readlink())
        except OSError:
            continue


def _checked(real, what):
    """A function of `os` that Windows refuses for what is open."""

    def call(path, *others, **named):
        at = os.path.realpath(path)
        taken = os.path.realpath(others[0]) if others and what == "replace" else None
        for each in _open_paths():
            if each in (at, taken) or each.startswith(f"{at}/"):
                raise PermissionError(errno.EACCES, f"the file is open: {each}", os.fspath(path), SHARING_VIOLATION)
        if what == "rename" and os.path.lexists(others[0]):
            raise FileExistsError(errno.EEXIST, "the name is taken", os.fspath(path), 183, os.fspath(others[0]))
        return real(path, *others, **named)

    return call


def _opened(path, flags, mode=0o777, *, dir_fd=None, real=os.open):
    if not isinstance(path, int) and Path(path).is_dir():
        raise PermissionError(errno.EACCES, "a folder cannot be opened", os.fspath(path))
    assert dir_fd is None
    return real(path, flags & ~os.O_BINARY & ~os.O_NOINHERIT, mode)


def _synced(descriptor, real=os.fsync, look=fcntl.fcntl, access=fcntl.F_GETFL):
    if not look(descriptor, access) & (os.O_WRONLY | os.O_RDWR):
        raise OSError(errno.EBADF, "a file that is only read cannot be made durable")
    return real(descriptor)


def _selected(reading, writing, *others, real=select.select):
    for each in (*reading, *writing):
        number = each if isinstance(each, int) else each.fileno()
        if not str((_OWN_FILES / str(number)).readlink()).startswith("socket:"):
            raise OSError(errno.ENOTSOCK, "select is for sockets")
    return real(reading, writing, *others)


def _locking():
    """`msvcrt.locking` of one byte, by locks that belong to an open file, as those of Windows do."""
    found = types.ModuleType("msvcrt")
    found.LK_NBLCK, found.LK_UNLCK = 2, 0
    command, write_lock = fcntl.F_OFD_SETLK, fcntl.F_WRLCK
    look, access = fcntl.fcntl, fcntl.F_GETFL

    def locking(descriptor, mode, count):
        assert (mode, count) == (found.LK_NBLCK, 1)
        at = os.lseek(descriptor, 0, os.SEEK_CUR)
        assert 0x7FFF_0000 < at < 0x8000_0000  # in what nobody reads or writes, and in 32 bits
        only_read = not look(descriptor, access) & (os.O_WRONLY | os.O_RDWR)
        if only_read:  # Linux locks for writing what is open for writing; here it is only asked whether that works
            descriptor = os.open(f"/proc/self/fd/{descriptor}", os.O_RDWR)
        try:
            look(descriptor, command, struct.pack("hhqqixxxx", write_lock, os.SEEK_SET, at, count, 0))
        except BlockingIOError as error:
            raise PermissionError(errno.EACCES, "the byte is locked") from error
        finally:
            if only_read:
                os.close(descriptor)

    found.locking = locking
    return found


def _registry():
    """A registry in which nothing is found; matplotlib looks for fonts there."""
    found = types.ModuleType("winreg")

    def opened(*key):
        raise FileNotFoundError(errno.ENOENT, f"no key {key}")

    found.HKEY_LOCAL_MACHINE = found.HKEY_CURRENT_USER = found.HKEY_CLASSES_ROOT = 0
    found.HKEYType = int
    found.OpenKey = opened
    return found


def become_windows():
    """Change this process; what it starts reads this file as well."""
    for name in (*BEFORE, *os.environ.get("LACTFLOW_IMPORTED_BEFORE", "").split()):
        import_module(name)
    os.O_BINARY, os.O_NOINHERIT = 1 << 28, 1 << 29
    sys.modules["msvcrt"], sys.modules["winreg"] = _locking(), _registry()
    os.open, os.fsync, select.select = _opened, _synced, _selected
    for name in ("rename", "replace", "unlink", "remove"):
        setattr(os, name, _checked(getattr(os, name), name))
    # `shutil.which` of later versions asks it by the name of the system.
    shutil._winapi = types.SimpleNamespace(NeedCurrentDirectoryForExePath=lambda _name: False)
    shutil._use_fd_functions = False
    selectors.DefaultSelector = selectors.SelectSelector
    signal.SIGBREAK = signal.CTRL_BREAK_EVENT = signal.SIGTERM
    kill = signal.SIGKILL
    subprocess.Popen.kill = lambda self: self.send_signal(kill)
    subprocess.CREATE_NEW_PROCESS_GROUP = 0
    platform.system, platform.platform = (lambda: "Windows"), (lambda *_, **__: "Windows-11")
    for name in GONE_MODULES:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Absent())
    for module, names in GONE_NAMES.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    sys.platform = "win32"


if os.environ.get("LACTFLOW_AS_ON_WINDOWS") == "1":
    become_windows()
