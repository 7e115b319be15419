"""One process owns a database file: leases live in its memory, and a second owner would do its work again."""

import fcntl
import os
from pathlib import Path

from bot.store.protocol import StoreDown


class Ownership:
    """The operating system's lock on `<file>.lock`; it ends with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: int | None = None

    def take(self) -> None:
        """Own the file until `give_up`; raises StoreDown that names the process which owns it already."""
        lock = self._open()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(lock, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(lock)
            raise StoreDown(
                f"{self._path} is in use by process {holder}: stop it, or set STORE_URL to another file.",
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock

    def give_up(self) -> None:
        """Let another process own the file. The lock file stays: removing it would race the next owner."""
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None

    def _open(self) -> int:
        beside = self._path.with_name(f"{self._path.name}.lock")
        try:
            return os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreDown(
                f"{beside} cannot be opened ({error.strerror}): let this process write to the directory "
                f"{self._path.parent}, or set STORE_URL to another one.",
            ) from error
