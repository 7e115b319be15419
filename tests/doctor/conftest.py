"""The stages of the doctor: the simulators alone, or a story in which the bot runs as well."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.checkup import Grade
from bot.playground.server import Playground
from tests.doctor.clinic import Clinic
from tests.stories.conftest import story as story


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    """A healthy world, without a bot. Whatever is broken in it: a fix for all of it, and no secret in any finding."""
    playground = Playground(tmp_path, 0, None)
    try:
        await playground.start()
        clinic = Clinic(playground)
        yield clinic
        assert leaks(clinic) == []
        assert [one for one in clinic.ever_found if bool(one.fix) is (one.grade is Grade.PASS)] == []
    finally:
        await playground.stop()


def leaks(clinic: Clinic) -> list[str]:
    """The settings whose secrets stand in a finding."""
    said = " ".join(f"{one.about} {one.says} {one.fix}" for one in clinic.ever_found)
    kept = {
        name: value for name, value in clinic.environment.items() if name.endswith(("TOKEN", "SECRET", "KEY"))
    }
    kept |= {name: value for name, value in clinic.environment.items() if "ROUTING_KEY" in name}
    return [name for name, value in kept.items() if len(value) > 7 and value in said]
