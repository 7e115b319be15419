"""What the operating system knows of this machine and of a process: cores, processor time, memory."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

NANOSECOND = 1e-9


def cores() -> tuple[int, ...]:
    """The cores that this process may use."""
    return tuple(sorted(os.sched_getaffinity(0)))


def server_core() -> int:
    """The core that servers under test have for themselves."""
    return cores()[0]


def load_core() -> int:
    """The core of the load and of the simulated vendors; with one core only, the same one."""
    return cores()[-1]


def pin(core: int) -> None:
    """Keep this process and what it starts on one core."""
    os.sched_setaffinity(0, {core})


def described() -> str:
    """The machine without its name: cores, Python and kernel."""
    count = os.cpu_count() or 1
    kernel = platform.release().split("-")[0]
    return f"{count} cores ({platform.machine()}), Python {platform.python_version()}, {platform.system()} {kernel}"


def cpu_seconds(pid: int, *, only_main: bool = False) -> float:
    """The processor time of all threads of a process so far, or of its first one, to the microsecond."""
    threads = Path(f"/proc/{pid}/task")
    tasks = [threads / str(pid)] if only_main else threads.iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) * NANOSECOND


def resident_bytes(pid: int) -> int:
    """The memory that a process has in use."""
    return _kilobytes(Path(f"/proc/{pid}/status").read_text().splitlines()) * 1024


def _kilobytes(status: Iterable[str]) -> int:
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
