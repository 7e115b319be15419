"""The file on disk: read when it changed, and a broken one never replaces a good one."""

import os
from pathlib import Path

import pytest

from bot.catalog import CatalogError, CatalogFile, load_catalog
from bot.domain.policy import Kind
from tests.small_catalog import SMALL, small


def write(path: Path, text: str, at: int) -> None:
    """Write a file whose time differs from that of every other write."""
    path.write_text(text)
    os.utime(path, ns=(at, at))


def test_e26_a_broken_file_does_not_replace_a_good_one(tmp_path: Path) -> None:
    """A change that is refused is told once, and the last good catalog stays until the file is mended."""
    path = tmp_path / "promotions.yml"
    write(path, SMALL, 1)
    file = CatalogFile(path)
    good = file.current
    assert file.reload_if_changed() is None

    write(path, small(("count: 2", "count: 0")), 2)
    refused = file.reload_if_changed()
    assert isinstance(refused, CatalogError)
    assert refused.told() == (
        "promotions.yml line 20: `environments.production.approvals[0].count` must be 1 or more, got 0.",
    )
    assert file.current is good
    assert file.reload_if_changed() is None

    write(path, small(("10m", "11m")), 3)
    assert file.reload_if_changed() is file.current
    assert file.current.rules("shop", "production", Kind.PROMOTE).wait == 660.0


def test_a_file_that_is_gone_keeps_the_last_good_one(tmp_path: Path) -> None:
    """Deleting the file is told as what it is, and changes no rule."""
    path = tmp_path / "promotions.yml"
    write(path, SMALL, 1)
    file = CatalogFile(path)
    path.unlink()
    refused = file.reload_if_changed()
    assert isinstance(refused, CatalogError)
    assert refused.told() == ("promotions.yml: cannot be read: No such file or directory.",)
    write(path, SMALL, 4)
    assert file.reload_if_changed() is None
    assert "shop" in file.current.services


def test_only_a_file_is_read(tmp_path: Path) -> None:
    """A directory, or a pipe that would never end, is refused without reading."""
    pipe = tmp_path / "pipe.yml"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(CatalogError, match="is not a regular file"):
            load_catalog(path)
