"""What the lock files promise: everything is pinned, hashed, complete and importable, from no index of ours."""

import importlib
import re
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.documents import ROOT

LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]+\])?==([^ \\]+)(?: ; ([^\\]+?))?(?: \\)?$", re.MULTILINE)
PLATFORM = re.compile(r"__mypyc$|^_")  # compiled parts, which their packages import themselves


def pins(lock: Path) -> dict[str, tuple[str, str]]:
    """Version and marker of each package in a lock file."""
    return {name: (number, marker) for name, number, marker in PIN.findall(lock.read_text())}


def wanted_here(lock: Path) -> dict[str, str]:
    """The packages that a lock file installs on this platform, with their versions."""
    found = pins(lock).items()
    return {name: number for name, (number, marker) in found if not marker or Marker(marker).evaluate()}


def asked_for() -> dict[str, list[Requirement]]:
    """What pyproject.toml asks for, by lock file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    product = [Requirement(text) for text in project["dependencies"]]
    tools = [Requirement(text) for text in project["optional-dependencies"]["dev"]]
    return {"requirements.lock": product, "requirements-dev.lock": [*product, *tools]}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a66_every_package_has_a_hash(lock: Path) -> None:
    """Each pin carries SHA-256 hashes, so that nothing but the very files that were resolved is installed."""
    blocks = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert len(blocks) == len(pins(lock)) > 0


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a66_no_lock_names_an_index(lock: Path) -> None:
    """Where packages come from is the machine's business: a line is a pin, one of its hashes, or a comment."""
    known = re.compile(
        r"[a-z0-9][\w.-]*(\[[\w, -]+\])?==[^\s/]+( ; [^/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|\s*#.*|"
    )
    assert [line for line in _commands(lock).splitlines() if not known.fullmatch(line.rstrip())] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_what_the_project_asks_for_is_locked(lock: Path) -> None:
    """Each requirement of pyproject.toml is in the lock, at a version that it allows."""
    locked = pins(lock)
    missing = [
        str(one)
        for one in asked_for()[lock.name]
        if not one.specifier.contains(locked.get(canonicalize_name(one.name), ("", ""))[0] or "0")
    ]
    assert missing == []


def test_both_locks_agree() -> None:
    """Tests run on the versions that the product runs on."""
    product, tools = pins(LOCKS[0]), pins(LOCKS[1])
    assert {name: pin for name, pin in product.items() if tools.get(name) != pin} == {}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a66_the_locked_versions_are_installed(lock: Path) -> None:
    """What the tests run on is what the lock says."""
    assert {name: _installed(name) for name in wanted_here(lock)} == wanted_here(lock)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted(wanted_here(LOCKS[0])))
def test_every_locked_package_imports(name: str) -> None:
    """githubkit with hishel 2 satisfied every resolver and could not be imported; only an import tells."""
    modules = _modules(name)
    assert modules
    for module in modules:
        importlib.import_module(module)


def _commands(lock: Path) -> str:
    return "\n".join(line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#"))


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _modules(name: str) -> list[str]:
    """The top-level modules of a package that are meant to be imported."""
    owners = packages_distributions().items()
    found = {module for module, names in owners if name in {canonicalize_name(one) for one in names}}
    return sorted(module for module in found if not PLATFORM.search(module))
