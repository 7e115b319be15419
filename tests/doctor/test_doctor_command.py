"""`greenlight doctor` as it is typed: the real process, its exit codes, its table and its JSON."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.doctor.report import as_table
from bot.domain.checkup import SUBJECTS, Checkup, Finding, Grade
from bot.playground.seed import APP_TOKEN
from tests.doctor.clinic import Clinic
from tests.documents import ROOT
from tests.stories.story import Story

# A process that hears Ctrl-C, also where whoever started the tests had switched that off.
LISTENING = (
    "import signal, sys; from bot.__main__ import main; "
    "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main(sys.argv[1:]))"
)


async def begun(directory: Path, settings: Mapping[str, str], *words: str) -> asyncio.subprocess.Process:
    """The doctor in a process of its own."""
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", LISTENING, "doctor", *words,
        cwd=directory, env={**path, **settings},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """The exit code and what was printed."""
    printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode()


async def doctor(directory: Path, settings: Mapping[str, str], *words: str) -> tuple[int, str]:
    """The exit code and what was printed, of a process of its own."""
    return await ended(await begun(directory, settings, *words))


async def test_ctrl_c_is_no_all_clear(clinic: Clinic, tmp_path: Path) -> None:
    """A checkup that somebody ended says nothing, and exits as what was interrupted does."""
    asked = asyncio.Event()

    async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        while await reader.read(1024):
            pass
        writer.close()

    server = await asyncio.start_server(says_nothing, "127.0.0.1", 0)
    clinic.environment["SLACK_API_URL"] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    process = await begun(tmp_path, clinic.environment, "--only", "slack", "--json")
    await asked.wait()
    process.send_signal(signal.SIGINT)
    code, printed = await ended(process)
    server.close()
    await server.wait_closed()
    assert (code, printed) == (130, "")


async def test_an_unreadable_env_file_is_one_thing_to_mend(clinic: Clinic, tmp_path: Path) -> None:
    """It is named, and what the environment itself holds is used."""
    (tmp_path / ".env").write_bytes("LOG_LEVEL=INFO\n# für später\n".encode("latin-1"))
    code, printed = await doctor(tmp_path, clinic.environment, "--only", "pagerduty", "--json")
    assert code == 2
    failed = [one for one in json.loads(printed)["results"] if one["verdict"] == "FAIL"]
    assert [(one["about"], one["says"], one["fix"]) for one in failed] == [
        (".env", ".env is not written in UTF-8.", "Save it as UTF-8.")
    ]


async def test_what_breaks_in_the_doctor_is_not_a_warning(clinic: Clinic, tmp_path: Path) -> None:
    """A terminal that cannot show what was found: 2, and one line in the log without any secret."""
    del clinic.environment["SLACK_BOT_TOKEN"]
    clinic.environment["PYTHONIOENCODING"] = "ascii"
    code, printed = await doctor(tmp_path, clinic.environment, "--only", "settings")
    assert code == 2
    (line,) = [line for line in printed.splitlines() if line.startswith("{")]
    assert json.loads(line)["event"] == "the doctor broke"
    assert "UnicodeEncodeError" in line


@pytest.mark.door("socket")
async def test_a_healthy_world_is_all_pass_beside_the_running_bot(story: Story, tmp_path: Path) -> None:
    """Exit 0, while the bot runs on the same file; nothing is coloured where nobody looks."""
    settings = story.playground.bot_environment() | {"SLACK_APP_TOKEN": APP_TOKEN}
    code, printed = await doctor(tmp_path, settings)
    assert code == 0, printed
    assert "0 WARN, 0 FAIL" in printed.splitlines()[-1]
    assert [line for line in printed.splitlines() if line and not line.startswith(" ")][:-1] == list(SUBJECTS)
    assert "\x1b" not in printed
    assert "owns it" in printed


async def test_exit_codes_tell_what_to_know_from_what_to_mend(clinic: Clinic, tmp_path: Path) -> None:
    """1 for a WARN, 2 for a FAIL, and what was found as JSON."""
    clinic.playground.world.slack_scopes.add("channels:history")
    code, printed = await doctor(tmp_path, clinic.environment, "--only", "slack,clock", "--json")
    assert code == 1
    clinic.playground.world.slack_scopes.discard("chat:write")
    code, printed = await doctor(tmp_path, clinic.environment, "--only", "slack", "--json")
    assert code == 2
    said = json.loads(printed)
    assert list(said) == ["ok", "results", "counts"]
    assert said["ok"] is False
    assert said["counts"] == {"PASS": 3, "WARN": 2, "FAIL": 1}
    assert said["results"][1] == {
        "subject": "slack",
        "check": "scopes",
        "about": "chat:write",
        "verdict": "FAIL",
        "says": "The app does not have the scope chat:write, which Greenlight needs.",
        "fix": "Add chat:write under OAuth & Permissions > Scopes > Bot Token Scopes, then install the app again.",
    }


async def test_it_works_with_broken_settings(clinic: Clinic, tmp_path: Path) -> None:
    """What is wrong is said, and what can be looked at is."""
    del clinic.environment["GITHUB_TOKEN"]
    clinic.environment["LOG_LEVEL"] = "LOUD"
    code, printed = await doctor(tmp_path, clinic.environment)
    assert code == 2
    assert "GITHUB_TOKEN is not set." in printed
    assert "LOG_LEVEL is not a level." in printed
    assert "Slack takes the bot token" in printed
    assert "Traceback" not in printed


async def test_no_secret_is_printed(clinic: Clinic, tmp_path: Path) -> None:
    """Not of the settings that work, nor of those that do not."""
    clinic.environment |= {
        "SLACK_APP_TOKEN": "xoxb-swapped-token",
        "STORE_URL": "redis://:hunter2secret@127.0.0.1:9/0",
    }
    _, printed = await doctor(tmp_path, clinic.environment, "--json")
    names = ("TOKEN", "SECRET", "KEY")
    secrets = [value for name, value in clinic.environment.items() if any(word in name for word in names)]
    assert len(secrets) >= 8
    assert [one for one in [*secrets, "hunter2secret"] if one in printed] == []


def test_a_subject_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that there are."""
    with pytest.raises(SystemExit):
        main(["doctor", "--only", "slakc"])
    assert "no slakc: name some of settings, catalog, slack" in capsys.readouterr().err


def test_the_table_is_coloured_for_people_only() -> None:
    """And what a vendor said writes nothing into the terminal."""
    finding = Finding("slack", "scopes", "x", Grade.FAIL, "Says \x1b[2J this.", "Fix it.")
    found = Checkup((finding,))
    assert "\x1b[31mFAIL\x1b[0m" in as_table(found, coloured=True)
    plain = as_table(found, coloured=False)
    assert plain.splitlines() == [
        "slack",
        "  FAIL  scopes: x  Says ?[2J this.",
        "        Fix it.",
        "",
        "1 look: 0 PASS, 0 WARN, 1 FAIL",
    ]
