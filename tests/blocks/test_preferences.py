"""The form of preferences, and the letters that it is about."""

import pytest

from blocks import letters, preferences
from bot.domain.letters import Occasion
from bot.domain.preferences import Preferences, QuietHours
from bot.playground.slack.raw import elements_in
from tests.blocks.faces import ASKED, FACES
from tests.blocks.judge import assert_message, assert_view

EVERYTHING = Preferences(True, True, True, True, QuietHours(1320, 420))


@pytest.mark.parametrize("wishes", [Preferences(), Preferences(reminders=False), EVERYTHING])
def test_slack_opens_the_form_whatever_is_wanted(wishes: Preferences) -> None:
    """Nothing ticked, everything ticked, with quiet hours and without."""
    assert_view(preferences.preferences(wishes, "Europe/Berlin"))
    assert_view(preferences.preferences(wishes, ""))


def test_what_the_form_shows_is_what_it_sends_back() -> None:
    """Ticks become wishes, and wishes ticks."""
    view = preferences.preferences(EVERYTHING, "UTC")
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    ticked = tuple(one["value"] for one in blocks[0]["element"]["initial_options"])
    assert preferences.chosen(ticked, EVERYTHING.quiet) == EVERYTHING
    assert preferences.chosen((), None) == Preferences(reminders=False)


@pytest.mark.parametrize("name", FACES)
@pytest.mark.parametrize("occasion", Occasion)
def test_a_letter_stands_alone_and_has_no_button_that_decides(occasion: Occasion, name: str) -> None:
    """It names the promotion and leads to the card; approving takes a look at the evidence there."""
    face = FACES[name]
    written = letters.letter(occasion, face, "https://acme.slack.example/archives/C0/p1", ASKED)
    for blocks in written.rungs:
        assert_message(written.text, blocks)
        assert [one.action_id for one in elements_in(blocks)] == [letters.OPEN_CARD]
    assert face.id in written.text


def test_a_letter_without_an_address_is_still_one() -> None:
    """When Slack does not tell where the card is, the words are enough."""
    written = letters.letter(Occasion.LATE, FACES["awaiting"], "", ASKED)
    assert list(elements_in(written.rungs[0])) == []
