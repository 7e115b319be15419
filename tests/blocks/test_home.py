"""Homes: Slack takes every one in every form, nothing in it is read as markup, and what is urgent is never cut."""

import json

import pytest
from hypothesis import given, settings

from blocks import home, replies
from blocks.rendition import Blocks, View
from blocks.words import home as words
from bot.domain.errors import NotInPeople
from bot.domain.face import Button
from bot.domain.home import DAY, Drift, HomeFace
from bot.playground.slack.raw import elements_in
from tests.blocks.homes import EMPTY, HOMES, NOW, homes, many
from tests.blocks.judge import assert_home
from tests.blocks.markup import hidden, strange_tokens, texts


@pytest.mark.parametrize("name", HOMES)
def test_slack_takes_every_home_in_every_form(name: str) -> None:
    """Rich with tables, classic without."""
    rich, classic = home.views(HOMES[name], NOW)
    for view in (rich, classic):
        assert_home(view)
    assert "table" in {block["type"] for block in _blocks(rich)}
    assert "table" not in {block["type"] for block in _blocks(classic)}


def _blocks(view: View) -> list[dict[str, object]]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return blocks


@settings(max_examples=30, deadline=None)
@given(homes)
def test_whatever_stands_in_it_slack_takes_it_and_reads_no_markup(face: HomeFace) -> None:
    """Hostile names, impossible times, nothing at all: two forms that Slack takes, in which nobody is pinged by text."""
    for view in home.views(face, NOW):
        assert_home(view)
        for kind, text in texts(view["blocks"]):
            assert strange_tokens(kind, text) == []
            assert hidden(text) == []


@pytest.mark.parametrize("count", [1, 12, 60, 300])
def test_a_home_fits_however_much_there_is(count: int) -> None:
    """Hundreds of everything: within the budget, with what waits and its buttons at the top."""
    for view in home.views(many(count), NOW):
        assert_home(view)
        assert len(_blocks(view)) <= home.MOST_BLOCKS
        assert len(json.dumps(view)) <= home.MOST_BYTES + 200
        approve = [one for one in elements_in(view["blocks"]) if one.action_id == Button.APPROVE]
        assert len(approve) == min(count, home.MOST_ITEMS)


def test_it_is_cut_from_the_bottom_up() -> None:
    """When not everything fits, what ended last goes before the services, and these before what waits."""
    thirty: Blocks = [{"type": "divider"}] * 30
    parts = [home.Part(str(number), (thirty, thirty)) for number in range(3)]
    kept = home.fitted(parts)
    titles = [str(block["text"]["text"]) for block in kept if block["type"] == "header"]  # type: ignore[index]
    assert (titles, len(kept)) == (["0", "1"], 92)


def test_buttons_on_home_carry_what_those_of_the_card_carry() -> None:
    """The same action with the id and the digest of the evidence, so that a click is judged in the same way."""
    rich, _ = home.views(HOMES["busy"], NOW)
    found = [one for one in elements_in(rich["blocks"]) if one.action_id in set(Button)]
    assert {one.action_id for one in found} <= {"approve", "reject", "details", "view_run"}
    assert all(json.loads(str(one.element["value"])).keys() == {"id", "rev"} for one in found)


def test_a_newcomer_sees_steps_instead_of_tables_of_services() -> None:
    """What waits stays on top of it all."""
    rich, _ = home.views(HOMES["newcomer"], NOW)
    said = [text for _, text in texts(rich["blocks"])]
    assert words.FIRST_STEPS in said
    assert words.RECENT not in said
    assert words.WAITING in said


@pytest.mark.parametrize(
    ("drift", "text"),
    [
        (None, "–"),
        (Drift("production", "staging", NOW - 3 * DAY, 7), "production is 7 commits / 3 days behind staging"),
        (Drift("production", "staging", NOW - 3600, 1), "production is 1 commit behind staging"),
        (Drift("production", "staging", NOW - 26 * 3600), "production is 1 day behind staging"),
        (Drift("production", "staging", NOW - 60), "production is less than a day behind staging"),
    ],
)
def test_drift_in_words(drift: Drift | None, text: str) -> None:
    """Commits where somebody has counted them, and whole days: a Home does not change by the minute."""
    assert words.drift(drift, NOW) == text


def test_the_same_world_is_the_same_view_a_minute_later() -> None:
    """Otherwise every look would be a reason to publish."""
    for face in HOMES.values():
        assert home.views(face, NOW) == home.views(face, NOW + 60)


def test_whoever_is_not_in_the_catalog_reads_who_can_let_them_in() -> None:
    """One sentence and its code."""
    (view,) = home.closed(replies.refused(NotInPeople("U0EVE")))
    assert_home(view)
    assert "An admin can add the Slack id `U0EVE`" in str(view)


def test_nothing_to_do_is_said() -> None:
    """An empty Home is not a blank one."""
    assert words.nothing_waits() in [text for _, text in texts(home.views(EMPTY, NOW)[0]["blocks"])]
