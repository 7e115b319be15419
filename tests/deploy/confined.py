"""Runs a program as the image and the systemd unit do: the file system is read-only but for named folders, nothing
can be gained by a set-uid program, and no memory is both written and executed.

`python -m tests.deploy.confined WRITABLE… -- PROGRAM ARGUMENT…`. The kernel does it (Landlock, PR_SET_MDWE), so that no
root, no container and no systemd is needed; what this kernel does not have is said on standard error, by its name.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Sequence

CREATE, ADD, RESTRICT = 444, 445, 446  # system calls of Landlock, the same on every architecture
VERSION = 1  # flag: tell which version the kernel has
BENEATH = 1  # kind of rule: everything below a folder
NO_NEW_PRIVILEGES, NO_WRITE_AND_EXECUTE = 38, 65  # of prctl
WRITE = 1 << 1
CHANGES = WRITE | sum(1 << bit for bit in range(4, 13))  # remove and make of every kind
REFER, TRUNCATE = 1 << 13, 1 << 14  # since the second and the third version
LIBC = ctypes.CDLL(None, use_errno=True)


def landlock_version() -> int:
    """Which Landlock the kernel has; 0: none."""
    return max(0, int(LIBC.syscall(CREATE, None, 0, VERSION)))


def confine(writable: Sequence[str]) -> None:
    """Give up, for this process and all that it starts, to write anywhere else; raises OSError."""
    _asked(LIBC.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _asked(LIBC.prctl(NO_WRITE_AND_EXECUTE, 1, 0, 0, 0))
    handled = (
        CHANGES | (REFER if landlock_version() >= 2 else 0) | (TRUNCATE if landlock_version() >= 3 else 0)
    )
    rules = _asked(LIBC.syscall(CREATE, struct.pack("Q", handled), 8, 0))
    for folder in writable:
        _allow(rules, folder, handled)
    _allow(rules, os.devnull, handled & (WRITE | TRUNCATE))
    _asked(LIBC.syscall(RESTRICT, rules, 0))


def _allow(rules: int, path: str, access: int) -> None:
    place = os.open(path, os.O_PATH)
    _asked(LIBC.syscall(ADD, rules, BENEATH, struct.pack("=Qi", access, place), 0))
    os.close(place)


def _asked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


if __name__ == "__main__":
    split = sys.argv.index("--")
    confine(sys.argv[1:split])
    os.execvp(sys.argv[split + 1], sys.argv[split + 1 :])
