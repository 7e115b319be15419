"""The container image: what the Dockerfile promises, and that what it builds runs where nothing may be written."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.promotion import Phase
from bot.playground.server import Playground
from bot.settings import Settings
from tests.deploy.built import Built, Container
from tests.deploy.confined import landlock_version
from tests.deploy.dockerfile import FILE, instructions, stages
from tests.documents import ROOT

BUILD, RUN = stages()
SECRET = re.compile("TOKEN|SECRET|KEY|PASSWORD")
BUILDERS = ("docker", "podman")


@pytest.fixture
async def container(built: Built, tmp_path: Path) -> AsyncIterator[Container]:
    """A playground, and beside it the bot as the image starts it."""
    if not landlock_version():
        pytest.skip("this kernel has no Landlock, which stands for the read-only file system")
    (tmp_path / "scratch").mkdir()
    playground = Playground(tmp_path / "data")
    await playground.start()
    playground.world.run.seconds = 0.1
    container = Container(playground, built, tmp_path / "scratch")
    try:
        await container.starts()
        yield container
    finally:
        await container.kill()
        await playground.stop()


def test_hadolint_has_nothing_to_say() -> None:
    """The linter of Dockerfiles, with every rule."""
    command = [str(Path(sys.executable).with_name("hadolint")), "--failure-threshold", "style", str(FILE)]
    linted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout) == (0, "")


def test_both_stages_stand_on_one_pinned_python() -> None:
    """No `latest`: the minor version that types and tests are checked with, of a named distribution."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["python_version"]
    assert {BUILD.base, RUN.base} == {f"python:{version}-slim-bookworm"}


def test_it_is_not_root_and_says_so_by_a_number() -> None:
    """Kubernetes' runAsNonRoot believes numbers only; nothing after it becomes root again."""
    assert RUN.last("USER").rest == "10001:10001"
    after = RUN.instructions[RUN.instructions.index(RUN.last("USER")) :]
    assert [one.word for one in after if one.word in {"RUN", "COPY"}] == []


def test_nothing_comes_from_elsewhere_and_no_secret_is_built_in() -> None:
    """Code comes from this repository, packages by their hashes; no value of a secret setting is in a layer."""
    everything = list(instructions(FILE.read_text()))
    assert [one for one in everything if one.word == "ADD" or "http:" in one.rest.replace("http.", "")] == []
    named = [name for one in everything if one.word in {"ENV", "ARG"} for name in one.pairs]
    assert [name for name in named if SECRET.search(name)] == []


def test_packages_are_installed_as_make_installs_them() -> None:
    """The complete lock and nothing else: no dependency is resolved, and no file without its hash is taken."""
    makefile = re.search(r"^INSTALL := .*? install (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert makefile is not None
    flags = {flag for flag in makefile[1].split() if flag not in {"--quiet", "--disable-pip-version-check"}}
    (install,) = [one for one in BUILD.all("RUN") if " install " in one.rest]
    assert flags | {"-r", "requirements.lock"} <= set(install.rest.split())
    assert [
        one.rest for one in RUN.all("RUN") if " install " in one.rest.replace("install --directory", "")
    ] == []


def test_it_sets_settings_that_exist() -> None:
    """What the image presets is a setting of the bot, or Python's."""
    names = {name for one in RUN.all("ENV") for name in one.pairs}
    ours = {name for name in names if name != "PATH" and not name.startswith("PYTHON")}
    assert ours == {"HTTP_HOST", "HTTP_PORT", "CATALOG", "STORE_URL"}
    assert {name.lower() for name in ours} <= set(Settings.model_fields)


def test_the_store_is_on_the_volume() -> None:
    """What must outlive the container is on /data, which belongs to the user alone."""
    store = {name: value for one in RUN.all("ENV") for name, value in one.pairs.items()}["STORE_URL"]
    assert store == f"sqlite:///{RUN.last('VOLUME').rest}/greenlight.db"
    assert "install --directory --owner=10001 --group=10001 --mode=0700 /data" in RUN.all("RUN")[0].rest


def test_docker_stops_it_as_it_wants_to_be_stopped() -> None:
    """SIGTERM to the bot itself: there is no shell between, which would swallow it."""
    assert RUN.last("STOPSIGNAL").rest == "SIGTERM"
    assert RUN.last("ENTRYPOINT").exec == ["python", "-m", "bot"]
    assert RUN.last("CMD").exec == ["run"]


def test_the_builder_is_sent_what_it_copies_and_no_more() -> None:
    """Everything is left out but what COPY names, so that no .env and no database ends in a layer."""
    lines = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    sources = {one.rest.split()[0] for one in BUILD.all("COPY")}
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == sources


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "command", [["--help"], ["config", "check", str(ROOT / "examples" / "promotions.yml")]]
)
def test_what_was_copied_is_all_that_it_needs(built: Built, command: list[str]) -> None:
    """The build stage's steps leave a folder in which the entry point works, with the locked packages alone."""
    ran = built.runs(*command)
    assert ran.returncode == 0, ran.stderr
    assert not (built.root / "venv" / "bin" / "pip").exists()


@pytest.mark.timeout(300)
def test_each_command_finds_its_files(built: Built) -> None:
    """A command whose code was left out of the image would end in a traceback, not in its help."""
    commands = re.search(r"{([a-z,]+)}|COMMAND\n((?:    [a-z]+ .*\n)+)", built.runs("--help").stdout)
    assert commands is not None
    for name in re.findall(r"^    ([a-z]+) ", commands[0], re.MULTILINE):
        ran = built.runs(name, "--help")
        assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.timeout(300)
async def test_it_promotes_where_nothing_may_be_written(container: Container) -> None:
    """Entry point and environment of the image, the file system read-only but for the volume and /tmp."""
    assert await container.is_healthy()
    await container.says("ana", "/promote checkout@v2.14.3 to dev because fix refunds")
    await container.until(
        lambda: [one for one in container.promotions.values() if one.phase is Phase.SUCCEEDED],
        "the promotion",
    )
    assert await container.ends(signal.SIGTERM) == 0, container.log[-3000:]
    assert "Traceback" not in container.log
    assert not await container.is_healthy()


def test_the_confined_can_write_nowhere_else(tmp_path: Path) -> None:
    """What stands for the read-only file system lets one folder be written, another not, and no code be made."""
    if not landlock_version():
        pytest.skip("this kernel has no Landlock, which stands for the read-only file system")
    (tmp_path / "store").mkdir()
    tries = "import mmap\nopen('store/x', 'w')\nfor make in (lambda: open('x', 'w'), lambda: mmap.mmap(-1, 4096, prot=7)):\n"
    tries += "    try: make()\n    except PermissionError: print('refused')\n"
    confined = [sys.executable, str(ROOT / "tests" / "deploy" / "confined.py"), "store", "--"]
    ran = subprocess.run(
        [*confined, sys.executable, "-c", tries], cwd=tmp_path, capture_output=True, text=True
    )
    assert (ran.stdout, ran.stderr) == ("refused\nrefused\n", "")


def a_builder() -> str:
    """A builder that answers, or the empty string."""
    for name in BUILDERS:
        if (
            shutil.which(name)
            and subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0
        ):
            return name
    return ""


@pytest.mark.timeout(900)
def test_a_builder_builds_it(tmp_path: Path) -> None:
    """The image itself: its user is no root, writes /data only, has no pip, and the entry point answers."""
    builder = a_builder()
    if not builder:
        pytest.skip(f"none of {', '.join(BUILDERS)} answers; the steps of the build stage are tested without")
    pulled = subprocess.run(
        [builder, "pull", "--quiet", RUN.base], capture_output=True, text=True, check=False
    )
    if pulled.returncode != 0:
        pytest.skip(f"{RUN.base} cannot be had: {pulled.stderr[-200:]}")
    command = [builder, "build", "--quiet", "-f", str(FILE), "--iidfile", str(tmp_path / "id"), str(ROOT)]
    ran = subprocess.run(
        command, env={**os.environ, "DOCKER_BUILDKIT": "1"}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    image = (tmp_path / "id").read_text().strip()
    look = (
        "id -u; touch /data/x && echo data; touch /app/x; touch /venv/x; python -m pip; python -m bot --help"
    )
    inside = [
        builder,
        "run",
        "--rm",
        "--network=none",
        "--cap-drop=ALL",
        "--entrypoint=sh",
        image,
        "-c",
        look,
    ]
    seen = subprocess.run(inside, capture_output=True, text=True, check=False)
    assert seen.stdout.startswith("10001\ndata\nusage: greenlight"), seen.stdout + seen.stderr
    assert seen.stderr.count("Permission denied") == 2
    assert "No module named pip" in seen.stderr
