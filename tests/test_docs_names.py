"""What the documentation names is there: scopes, events, permissions, settings, metrics, codes, sentences, log lines."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from blocks.words.codes import CODES
from bot import entrances
from bot.permissions import GITHUB_PERMISSIONS, SLACK_EVENTS, SLACK_SCOPES, SOCKET_SCOPE
from bot.settings import Settings
from tests.documents import PAGES, ROOT, code_words, prose, rows, section

DOCS = ROOT / "docs"
SLACK, OPERATIONS = DOCS / "slack.md", DOCS / "operations.md"
GUIDE, TROUBLESHOOTING = DOCS / "getting-started.md", DOCS / "troubleshooting.md"
WRITTEN = [page for page in PAGES if page.parent.name != "adr" and page.name != "CHANGELOG.md"]
SETTING = re.compile(
    r"(?:SLACK|GITHUB|PAGERDUTY|STORE|HTTP|LOG|VALIDATIONS|OIDC)_[A-Z_]+|CATALOG"  # what they begin with
)
OF_THE_READER = {"PAGERDUTY_ROUTING_KEY_BASKET"}  # named by a catalog as env:NAME


def test_the_scopes_are_documented() -> None:
    """docs/slack.md has each scope with the reason that the manifest gives, and the app-level token's."""
    table = {code_words(cells[0])[0]: cells[1] for cells in rows(section(SLACK, "Scopes"))}
    assert table == dict(SLACK_SCOPES)
    assert SOCKET_SCOPE in section(SLACK, "Scopes")
    assert "these nine scopes" in section(SLACK, "Scopes")
    assert len(SLACK_SCOPES) == 9


def test_the_events_are_documented() -> None:
    """docs/slack.md has each event that Slack is asked for."""
    table = [code_words(cells[0])[0] for cells in rows(section(SLACK, "What Slack sends"))]
    assert table == list(entrances.EVENTS) == list(SLACK_EVENTS)


def test_the_permissions_are_documented() -> None:
    """The guide asks for each permission of the GitHub App, with the reason that the manifest knows."""
    table = [tuple(cells) for cells in rows(section(GUIDE, "A GitHub App instead of a token"))]
    assert table == [
        (
            one.title if one.of == "repository" else f"{one.title} (organization)",
            "read and write" if one.access == "write" else "read",
            one.why,
        )
        for one in GITHUB_PERMISSIONS
    ]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_setting_that_is_named_exists(page: Path) -> None:
    """A setting with a slip in its name would be set for nothing."""
    named = {text.partition("=")[0] for text in code_words(prose(page))}
    settings = {name for name in named if SETTING.fullmatch(name)} - OF_THE_READER
    assert {name for name in settings if name.lower() not in Settings.model_fields} == set()


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_code_that_is_named_exists(page: Path) -> None:
    """E07 and the like, wherever they stand."""
    assert {code for code in re.findall(r"\bE\d\d\b", prose(page)) if code not in CODES} == set()


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_metric_that_is_named_exists(page: Path) -> None:
    """An alert on a metric that nobody counts is silent. (The table is held to the code by tests/observability.)"""
    known = {code_words(cells[0])[0] for cells in rows(section(OPERATIONS, "Metrics"))}
    assert {text for text in code_words(prose(page)) if re.fullmatch(r"greenlight_\w+", text)} <= known


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_shortcut_that_is_named_exists(page: Path) -> None:
    """What stands in italics before `in the … menu` is an entry of that menu."""
    names = {one.name for one in (*entrances.GLOBAL_SHORTCUTS, *entrances.MESSAGE_SHORTCUTS)}
    lines = [line for line in prose(page).splitlines() if " menu" in line and ("⚡" in line or "⋯" in line)]
    named = {text for line in lines for text in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", line)}
    assert named <= names


def test_each_sentence_that_is_quoted_is_said() -> None:
    """What stands between quotation marks in the symptoms is a piece of what the bot says or logs."""
    quoted = re.findall(r"“([^”]+)”", TROUBLESHOOTING.read_text())
    said = list(_said())
    assert len(quoted) > 15
    assert [text for text in quoted if not any(text in one for one in said)] == []


def test_each_log_line_is_logged() -> None:
    """The first cell of the table of log lines names lines that the code writes."""
    named = [text for cells in rows(section(OPERATIONS, "Logs")) for text in code_words(cells[0])]
    said = {text.partition(":")[0] for text in _said()}
    assert named
    assert [text for text in named if text not in said] == []


def _said() -> Iterator[str]:
    """Every piece of text in the product's code, adjacent ones joined."""
    for folder in ("bot", "blocks", "handlers"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value.replace("’", "'")
