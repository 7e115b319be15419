"""The version that Home tells is the package's."""

import tomllib

from bot import VERSION
from tests.documents import ROOT


def test_the_version_is_that_of_the_package() -> None:
    """It is written twice, because a bot that runs from its sources is not installed."""
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
