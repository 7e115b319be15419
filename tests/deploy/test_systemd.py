"""greenlight.service: systemd takes it, it locks the bot in, and the bot lives with what it may not do."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.lifetime import LAST_RESORT
from bot.settings import load_settings
from tests.deploy.judges import judged
from tests.documents import ROOT

FILE = ROOT / "deploy" / "greenlight.service"
EXPOSED = 1.1  # of 10, as `systemd-analyze security` counts; above it, something was opened
# What is left open, and why: it is a network service.
NEEDED = "AF_INET AF_INET6 AF_UNIX"


def settings_of(text: str) -> Mapping[str, list[str]]:
    """The values of each key, in order."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^([A-Z]\w+)=(.*)$", text, re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


UNIT = settings_of(FILE.read_text())


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with the paths of an installation that is here."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "docs").mkdir()
    placed = tmp_path / FILE.name
    placed.write_text(FILE.read_text().replace("/opt/greenlight", str(tmp_path)))
    return placed


def test_systemd_takes_it(unit: Path) -> None:
    """No unknown key, no value that is not understood, a program that is there."""
    code, said = judged("systemd-analyze", "verify", "--man=no", unit)
    ours = [line for line in said.splitlines() if unit.name in line]
    assert (code, ours) == (0, [])


def test_it_is_locked_in(unit: Path) -> None:
    """systemd's own count of what the service could still do."""
    _, said = judged("systemd-analyze", "security", "--offline=true", "--no-pager", unit)
    count = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
    if count is None:
        pytest.skip("this systemd cannot count offline")
    assert float(count[1]) <= EXPOSED, said


def test_what_it_may_not_do_is_written_down() -> None:
    """The same without systemd at hand: each lock by its name, so that none is taken away unseen."""
    locks = {
        "DynamicUser": "yes",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "MemoryDenyWriteExecute": "yes",
        "RestrictAddressFamilies": NEEDED,
        "SystemCallArchitectures": "native",
        "LimitCORE": "0",
        "UMask": "0077",
    }
    assert {key: UNIT[key] for key in locks} == {key: [value] for key, value in locks.items()}
    assert UNIT["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]


def test_it_is_given_the_time_to_hand_over() -> None:
    """SIGKILL comes well after the bot's own last resort."""
    assert UNIT["KillSignal"] == ["SIGTERM"]
    assert float(UNIT["TimeoutStopSec"][0]) > LAST_RESORT + 5


def test_its_store_is_where_it_may_write() -> None:
    """The only folder that is writable is the one that systemd makes for it."""
    given = dict(value.split("=", 1) for value in UNIT["Environment"])
    enough = {"SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": "s", "GITHUB_TOKEN": "g"}
    settings = load_settings({**enough, **given})
    assert (
        settings.store_url.get_secret_value()
        == f"sqlite:////var/lib/{UNIT['StateDirectory'][0]}/greenlight.db"
    )
    assert "ReadWritePaths" not in UNIT


def test_it_starts_what_the_image_starts() -> None:
    """One way to run the bot, wherever it runs."""
    assert UNIT["ExecStart"][0].split()[1:] == ["-m", "bot", "run"]
    assert os.path.dirname(UNIT["ExecStart"][0].split()[0]) == f"{UNIT['WorkingDirectory'][0]}/.venv/bin"
