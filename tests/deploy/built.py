"""Does what the Dockerfile does, without a builder: its build stage in a folder, and what starts there, confined."""

import asyncio
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.playground.server import Playground
from tests.deploy.dockerfile import Instruction, Stage, stages
from tests.documents import ROOT
from tests.faults.bot_process import GLANCE, PATIENCE, BotProcess

IGNORED = ("__pycache__", "*.pyc")


@dataclass(frozen=True, slots=True)
class Built:
    """What the build stage left, in a folder instead of at the root."""

    root: Path
    stage: Stage  # the one that runs

    def placed(self, text: str) -> str:
        """Words of the Dockerfile with its paths as they are here."""
        for path in ("/venv", "/app"):
            text = text.replace(path, f"{self.root}{path}")
        return text

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the image, and nothing of this process."""
        values: dict[str, str] = {}
        for one in self.stage.all("ENV"):
            values |= {name: self.placed(value) for name, value in one.pairs.items()}
        return {**values, "PATH": values["PATH"].replace("$PATH", os.environ["PATH"])}

    @property
    def start(self) -> list[str]:
        """What is started: the entry point with its default command."""
        return [*self.stage.last("ENTRYPOINT").exec, *self.stage.last("CMD").exec]

    def runs(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The entry point with a command of one's own, to its end."""
        words = [*self.stage.last("ENTRYPOINT").exec, *arguments]
        return subprocess.run(
            words, cwd=self.root / "app", env=self.environment, capture_output=True, text=True, check=False
        )


class NoIndex(Exception):
    """Packages cannot be had just now."""


def build(root: Path) -> Built:
    """Execute the build stage below a folder; raises NoIndex without one, AssertionError when a step fails."""
    first, last = stages()
    built = Built(root, last)
    (root / "app").mkdir()
    for one in first.instructions:
        _execute(one, built)
    return built


def _execute(one: Instruction, built: Built) -> None:
    match one.word:
        case "WORKDIR":
            assert one.rest == "/app"
        case "COPY":
            source, target = one.rest.split()
            _copy(source, built.root / "app" / target)
        case "RUN":
            _run(built.placed(one.rest), built.root / "app")
        case word:
            raise AssertionError(f"this cannot do {word}")


def _copy(source: str, target: Path) -> None:
    """From what the builder is sent, which deploy/Dockerfile.dockerignore decides."""
    ignore = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()
    assert f"!{source}" in ignore, f"{source} is not sent to the builder"
    if (ROOT / source).is_dir():
        shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns(*IGNORED))
    else:
        shutil.copy(ROOT / source, target)


def _run(command: str, folder: Path) -> None:
    python = shlex.quote(sys.executable)
    here = " && ".join(
        f"{python}{step.removeprefix('python')}" if step.startswith("python ") else step
        for step in (part.strip() for part in command.split("&&"))
    )
    ran = subprocess.run(["sh", "-ec", here], cwd=folder, capture_output=True, text=True, check=False)
    if "NameResolutionError" in ran.stderr or "NewConnectionError" in ran.stderr:
        raise NoIndex(ran.stderr[-300:])
    assert ran.returncode == 0, ran.stdout + ran.stderr


class Container(BotProcess):
    """The bot as the image starts it: its environment, its entry point, read-only but for the store and /tmp."""

    def __init__(self, playground: Playground, built: Built, scratch: Path) -> None:
        super().__init__(playground, {})
        self._built, self._scratch = built, scratch

    @property
    def environment(self) -> dict[str, str]:
        """The image's settings with those of the playground, its store where the volume would be."""
        image = self._built.environment
        store = image["STORE_URL"].replace("/data", str(self.directory))
        given = {**image, **self._playground.bot_environment(), "TMPDIR": str(self._scratch)}
        return {**given, "STORE_URL": store}

    async def starts(self) -> None:
        """Start it and wait until it is ready."""
        writable = [str(self.directory), str(self._scratch)]
        confined = [sys.executable, str(ROOT / "tests" / "deploy" / "confined.py"), *writable, "--"]
        with (self.directory / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *confined,
                *self._built.start,
                env=self.environment,
                cwd=self._built.root / "app",
                stdout=log,
                stderr=log,
            )
        await self.until(self.is_ready, "the bot to be ready")

    async def is_healthy(self) -> bool:
        """What the image's health check says."""
        words = self._built.stage.last("HEALTHCHECK").exec
        check = await asyncio.create_subprocess_exec(*words, env=self.environment, stderr=subprocess.DEVNULL)
        return await check.wait() == 0

    async def until(self, holds: Callable[[], Any], what: str) -> None:
        """Wait until something holds; this bot goes by the clock of the machine, so nothing flies."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not await self._is(holds):
            assert loop.time() < end, f"waited in vain for {what}: {self._where()}"
            await asyncio.sleep(GLANCE)
