"""In a channel that is shared with another company nothing is shown that only we should know."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings

from blocks.card import card
from blocks.rendition import Rendition
from bot.domain.discreet import discreet
from bot.domain.face import Button, Face
from bot.performers.notices import ABOUT, PRIVATE, RENDER
from tests.blocks.faces import CHANGES, FACES, REPO, SHA
from tests.blocks.judge import assert_message
from tests.blocks.strategies import faces

OURS = (
    SHA,
    SHA[:7],
    REPO,
    "acme/checkout",
    "actions/runs",
    "refunds",
    "#812",
    "canary",
    "HTTP 200",
    "HTTP 503",
)
OURS_TOO = ("load test", "too risky", "deploy.yml", "pagerduty.com", "Smoke", "503 twice")


def shared(face: Face) -> Face:
    """The face where others read along, with something to hide in every place."""
    ending = face.ending and replace(face.ending, said="too risky", nearest=("main",))
    return replace(face, discreet=True, changes=CHANGES, reason="fix refunds", ending=ending)


def notes(face: Face) -> Iterator[Rendition]:
    """Everything that may be said in the thread, as it is said there."""
    shown = discreet(face)
    yield from (render(shown) for note, render in RENDER.items() if note not in PRIVATE)
    yield from (render(shown, "bo") for render in ABOUT.values())


def by_commit(face: Face) -> Face:
    """The face where everything that serves, or served, was named by its commit."""
    gone = replace(face.replaced, version=SHA) if face.replaced is not None else None
    return replace(face, version=SHA, undone_to=SHA if face.undone_to else "", replaced=gone)


def everything(rendition: Rendition) -> str:
    """All that Slack gets of it."""
    return f"{rendition.text} {rendition.rungs}"


@pytest.mark.parametrize("name", FACES)
def test_a24_the_short_card_tells_what_and_where_and_no_more(name: str) -> None:
    """State, service, environment, version and id; no commit, reason, change, evidence or link."""
    said = everything(card(shared(FACES[name])))
    assert [word for word in (*OURS, *OURS_TOO) if word in said] == []
    assert [
        word for word in (FACES[name].id, "checkout", "production", "Details in private") if word not in said
    ] == []
    assert '"approve"' not in said.replace("'", '"')


@pytest.mark.parametrize("name", FACES)
def test_a24_no_note_of_the_thread_tells_more(name: str) -> None:
    """Whatever happens to it."""
    for note in notes(shared(FACES[name])):
        assert [word for word in (*OURS, *OURS_TOO) if word in everything(note)] == []


def test_a24_a_version_that_is_a_commit_is_not_named() -> None:
    """Somebody asked for a SHA: the channel hears of a commit."""
    face = replace(shared(FACES["awaiting"]), version=SHA)
    assert SHA[:7] not in everything(card(face))
    assert "a commit" in card(face).text


def test_the_way_back_and_the_way_to_the_details_stay() -> None:
    """Nobody has to go elsewhere to undo a deploy, or to read what it was."""
    assert discreet(FACES["failed"]).buttons == (Button.ROLL_BACK, Button.RETRY, Button.DETAILS)


@settings(max_examples=60, deadline=None)
@given(faces)
def test_slack_takes_every_short_card(face: Face) -> None:
    """Whatever the face holds."""
    rendition = card(replace(face, discreet=True))
    for blocks in rendition.rungs:
        assert_message(rendition.text, blocks)


@pytest.mark.parametrize("name", FACES)
def test_no_commit_is_named_by_what_came_or_went(name: str) -> None:
    """Incident: the version that replaced it was asked for by its commit, which stood on the short card."""
    shown = by_commit(shared(FACES[name]))
    said = everything(card(shown)) + "".join(everything(note) for note in notes(shown))
    assert SHA[:7] not in said
