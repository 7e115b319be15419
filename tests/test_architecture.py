"""The shape of the repository: what is where, who imports whom, and how large a file may be."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.api import read_configuration

from tests.documents import ROOT

REQUIRED = {"pyproject.toml", "bot", "handlers", "blocks", "tests", "manifest.yml", "README.md"}
BESIDE = {
    ".ci", ".env.example", ".github", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile",
    "benchmarks", "deploy", "docs", "examples", "requirements-dev.lock", "requirements.lock",
}  # fmt: skip
PACKAGES = ("bot", "handlers", "blocks")
BROAD = {"bot/worker.py", "handlers/failures.py"}
LONGEST = 350  # lines
# Files that are longer, each because it is one closed list that would be harder to read in two places.
LONG: set[str] = set()


def sources(*folders: str) -> list[Path]:
    """The Python files below folders of the repository."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def name_of(file: Path) -> str:
    """A file as the lists of this module write it."""
    return file.relative_to(ROOT).as_posix()


def test_the_import_contracts_hold() -> None:
    """The floors of pyproject.toml: no file imports from a higher one, and no files import each other in a circle."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ]
    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def test_the_contracts_cover_the_three_packages() -> None:
    """A package that the contracts do not read could import anything."""
    roots = read_configuration(str(ROOT / "pyproject.toml"))["session_options"]["root_packages"]
    assert sorted(roots) == sorted(PACKAGES)


def test_the_top_level_is_what_a_reader_expects() -> None:
    """What must be there is there, and nothing else has crept in."""
    tracked = {path.name for path in ROOT.iterdir() if not _is_ignored(path)} - {".git"}
    assert REQUIRED - tracked == set()
    assert tracked - REQUIRED - BESIDE == set()


def test_broad_excepts_live_in_two_places() -> None:
    """Only the worker's loop and the handlers' outermost guard keep what nobody foresaw from going on."""
    broad = {name_of(file) for file in sources(*PACKAGES) if _catches_everything(file)}
    assert broad == BROAD


def test_files_are_short_or_named() -> None:
    """A file past the limit is listed above with all others like it, and leaves the list when it shrinks."""
    long = {name_of(file) for file in sources(*PACKAGES, "tests") if _length(file) > LONGEST}
    assert long - LONG == set()
    assert LONG - long == set()


@pytest.mark.parametrize("folder", PACKAGES)
def test_modules_and_public_functions_say_what_they_do(folder: str) -> None:
    """Each module opens with why it exists, and each public function has a sentence."""
    silent = [place for file in sources(folder) for place in _silent(file)]
    assert silent == []


def test_no_module_is_a_drawer() -> None:
    """Nothing is called utils, helpers or common."""
    names = {file.stem for file in sources(*PACKAGES, "tests")}
    assert names & {"utils", "util", "helpers", "helper", "common", "misc"} == set()


def test_nothing_is_patched_in_tests() -> None:
    """Tests drive the real thing: no mocks, and no object is patched (the environment may be set)."""
    patched = re.compile(
        r"^(?:from|import) (?:unittest\.mock|mock)\b|monkeypatch\.(?:setattr|setitem)|\bmocker\b", re.M
    )
    files = [file for file in sources("tests") if file != Path(__file__)]
    assert [name_of(file) for file in files if patched.search(file.read_text())] == []


def test_the_domain_reads_no_clock_and_no_dice() -> None:
    """Time, ids and randomness are passed in."""
    forbidden = {"time", "random", "secrets", "uuid", "asyncio", "os", "socket", "logging", "pathlib"}
    found = {name_of(file): _imports(file) & forbidden for file in sources("bot/domain")}
    assert {name: names for name, names in found.items() if names} == {}


def _is_ignored(path: Path) -> bool:
    ignored = (ROOT / ".gitignore").read_text().split()
    return any(path.match(pattern.rstrip("/")) for pattern in ignored)


def _length(file: Path) -> int:
    return len(file.read_text().splitlines())


def _catches_everything(file: Path) -> bool:
    caught = (node for node in ast.walk(_tree(file)) if isinstance(node, ast.ExceptHandler))
    return any(_is_broad(one.type) and not _goes_on(one) for one in caught)


def _is_broad(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    names = {one.id for one in kinds if isinstance(one, ast.Name)}
    return kind is None or bool(names & {"Exception", "BaseException"})


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler only tidies up and lets the error go on."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _silent(file: Path) -> list[str]:
    tree = _tree(file)
    silent = [] if ast.get_docstring(tree) or not tree.body else [name_of(file)]
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and public
            and not ast.get_docstring(node)
        ):
            silent.append(f"{name_of(file)}:{node.lineno} {node.name}")
    return silent


def _imports(file: Path) -> set[str]:
    nodes = list(ast.walk(_tree(file)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())
