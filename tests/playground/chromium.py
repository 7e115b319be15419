"""One Chromium for every test of the page: to start one costs more than most of these tests.

Each test gets a context of its own, which shares nothing with another one's: no storage, no cache, no cookies.
"""

import shutil
import subprocess
import tempfile
import threading
from collections import deque
from typing import TextIO

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# What a driver passes when it starts a browser itself: nothing asks outside, nothing slows a page that is not in
# front, and scroll bars take no width.
QUIETLY = (
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-ipc-flooding-protection",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--mute-audio",
    "--password-store=basic",
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
)
TOLD = "DevTools listening on "


class Chromium:
    """A browser that starts when the first page is wanted, and anew when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._profile: tempfile.TemporaryDirectory[str] | None = None
        self._address = ""

    def address(self) -> str:
        """Where a driver reaches it."""
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._start()
        return self._address

    def stop(self) -> None:
        """End it, if it runs, and forget what it kept."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
        if self._profile is not None:
            self._profile.cleanup()
        self._process = self._profile = None

    def _start(self) -> None:
        path = next(found for name in BROWSERS if (found := shutil.which(name)))
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        where = ("--remote-debugging-port=0", f"--user-data-dir={self._profile.name}")
        self._process = subprocess.Popen([path, *QUIETLY, *where], stderr=subprocess.PIPE, text=True)
        said = self._process.stderr
        assert said is not None
        self._address = next(line for line in said if line.startswith(TOLD)).removeprefix(TOLD).strip()
        threading.Thread(target=_read_to_the_end, args=(said,), daemon=True).start()


def _read_to_the_end(said: TextIO) -> None:
    """A browser that nobody listens to stops when the pipe is full."""
    with said:
        deque(said, 0)


SHARED = Chromium()
