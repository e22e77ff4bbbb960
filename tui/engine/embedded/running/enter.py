"""Becomes a program inside another root, without any capability and with no way to new ones.

A script of its own, which nothing imports: whoever runs it has the capabilities of its user namespace, and
no file of this machine is to be seen any more once the root is another. Its words are the root, the folder
to begin in, a file with the environment (``NAME=value``, each ended by a zero byte), then the program.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

# linux/prctl.h, linux/capability.h
_PR_CAPBSET_READ, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 23, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Does not return; what goes wrong is said on stderr."""
    _, root, folder, file, *argv = map(os.fsencode, sys.argv)
    items = (item.partition(b"=") for item in Path(os.fsdecode(file)).read_bytes().split(b"\0") if item)
    environment = {name: value for name, _, value in items}
    try:
        os.chroot(root)
        os.chdir(folder)
        _drop_capabilities()
    except OSError as error:
        sys.exit(f"enter: {error}")
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and so would the program
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execve(argv[0], argv, environment)
    except OSError as error:
        sys.exit(f"enter: failed to execute {os.fsdecode(argv[0])}: {error.strerror}")


def _drop_capabilities() -> None:
    """Those of the bounding set first, which takes a capability (capabilities(7)). Raises OSError."""
    number = 0
    while _libc.prctl(_PR_CAPBSET_READ, number, 0, 0, 0) >= 0:
        _check(_libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0))
        number += 1
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(header, none))
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def _check(result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main()
