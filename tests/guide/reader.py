"""Somebody who follows the guide on a machine of their own: a shell, an editor, and Slack in the playground."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import aiohttp

from bot.playground.server import Playground
from bot.playground.slack.raw import Raw
from bot.settings import SECRET, Settings
from tests.deploy.built import NoIndex
from tests.documents import ROOT

PATIENCE = 60.0  # real seconds for one thing
GLANCE = 0.1  # real seconds
PARTS = ("bot", "handlers", "blocks", "examples", "pyproject.toml", "README.md", "LICENSE")
FILES = (*PARTS, "requirements.lock", ".env.example", "manifest.yml")
UNREACHABLE = ("NameResolutionError", "NewConnectionError")  # what pip says without an index
AUTHOR = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.example")


def publish(place: Path) -> None:
    """Put this working tree where `git clone` finds it: what is tested is what is here, committed or not."""
    place.mkdir()
    for name in FILES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    for words in (("init", "-q"), ("add", "-A"), (*AUTHOR, "commit", "-q", "-m", "Greenlight")):
        subprocess.run(["git", *words], cwd=place, check=True)


class Reader:
    """Does what the page says; `put` is what it says to put one's own for."""

    def __init__(self, folder: Path, playground: Playground, put: Mapping[str, str]) -> None:
        self.folder = folder  # where the shell stands
        self._state = folder / ".shell"
        self._playground = playground
        self._put = put
        # `python3` is the one that runs this, not an older one that a machine may have as well
        self._path = os.pathsep.join((f"{sys.base_prefix}/bin", os.environ["PATH"]))
        self._bot: Process | None = None

    async def runs(self, commands: str, ends: Collection[int] = (0,)) -> str:
        """Run commands in the shell, which keeps its folder and its virtual environment; returns what they print."""
        keep = f'\npwd > "{self._state}"\necho "$PATH" >> "{self._state}"\n'
        shell = await self._starts(self.own(commands) + keep)
        printed = (await shell.communicate())[0].decode()
        if self._state.exists():
            folder, self._path = self._state.read_text().splitlines()
            self.folder = Path(folder)
            self._state.unlink()
        if shell.returncode and any(sign in printed for sign in UNREACHABLE):
            raise NoIndex(printed[-300:])
        assert shell.returncode in ends, f"{commands}\nended with {shell.returncode}:\n{printed}"
        return printed

    async def serves(self, command: str) -> None:
        """Start what goes on until it is stopped, and wait until it says that it is ready."""
        self._bot = await self._starts(f"exec {self.own(command).strip()} > bot.log 2>&1")
        await self.sees(self._is_ready, "the bot to be ready")

    def writes(self, name: str, text: str) -> None:
        """Write a file that the page shows."""
        (self.folder / name).write_text(self.own(text))

    def fills_in(self, name: str, lines: list[str], beside: Mapping[str, str]) -> None:
        """Set what the page names, each in its line of the file, and what stands for the vendors below."""
        file = self.folder / name
        text = file.read_text()
        for line in lines:
            setting = line.partition("=")[0]
            text, found = re.subn(
                rf"^{setting}=.*$", f"{setting}={self._put[setting]}", text, flags=re.MULTILINE
            )
            assert found == 1, f"{name} has {found} lines for {setting}"
        file.write_text(text + "".join(f"\n{name}={value}" for name, value in beside.items()) + "\n")

    async def types(self, person: str, text: str) -> Raw:
        """A line in #deploys; what this person alone is answered."""
        return await self._plays("say", {"as": person, "channel": "deploys", "thread": None, "text": text})

    async def presses(self, person: str, button: str) -> None:
        """A button of the promotion, once it is there."""
        answer = await self._plays("click", {"as": person, "promotion": "P-1", "button": button})
        assert "error" not in answer, answer

    async def sees(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not await self._is(holds):
            assert loop.time() < end, f"waited in vain for {what}: {self.log[-3000:]}"
            await asyncio.sleep(GLANCE)

    async def stops(self) -> int:
        """Ctrl-C; returns the exit code, 0 when nothing runs."""
        if self._bot is None:
            return 0
        if self._bot.returncode is None:
            self._bot.send_signal(signal.SIGINT)
        return await self._bot.wait()

    @property
    def log(self) -> str:
        """What the bot logged."""
        file = self.folder / "bot.log"
        return file.read_text() if file.exists() else ""

    def own(self, text: str) -> str:
        """What the page shows, with one's own in the places that it names."""
        for shown, mine in self._put.items():
            text = text.replace(shown, mine)
        return text

    async def _starts(self, script: str) -> Process:
        return await asyncio.create_subprocess_exec(
            "bash",
            "-euo",
            "pipefail",
            "-c",
            script,
            cwd=self.folder,
            env=clean(os.environ) | {"PATH": self._path},
            stdout=PIPE,
            stderr=STDOUT,
        )

    async def _is_ready(self) -> bool:
        assert self._bot is None or self._bot.returncode is None, self.log
        try:
            url = f"{self._playground.world.bot_url}/readyz"
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _plays(self, call: str, body: Raw) -> Raw:
        url = f"{self._playground.url}/play/{call}"
        async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
            answer: Raw = await response.json()
            return answer

    async def _is(self, holds: Callable[[], object]) -> bool:
        found = holds()
        return bool(await found if asyncio.iscoroutine(found) else found)


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without settings of the bot and without this test's Python: the page's own are tried."""
    ours = {name.upper() for name in Settings.model_fields} | {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"}
    return {
        name: value for name, value in environment.items() if name not in ours and not SECRET.search(name)
    }
