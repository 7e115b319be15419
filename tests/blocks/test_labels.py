"""What is read aloud of a button holds what stands on it: whoever speaks to their screen says the words they see."""

from collections.abc import Iterator

import pytest

from blocks import answers, details_modal, home, incident, modals, replies
from blocks.card import card
from bot.domain.face import WantedForm
from bot.domain.forms import TABS, Details
from bot.playground.slack.raw import elements_in
from tests.blocks.faces import FACES
from tests.blocks.homes import HOMES, NOW

WANTED = WantedForm("request", service="checkout")


def shown() -> Iterator[tuple[str, object]]:
    """Everything with buttons, by name."""
    for name, face in FACES.items():
        yield f"card {name}", card(face).rungs
        yield f"incident {name}", incident.incident_card(face).rungs if face.incident else ()
        yield f"history {name}", answers.history("checkout", "", [face], back=[face.id]).rungs
    for name, one in HOMES.items():
        yield f"home {name}", [view["blocks"] for view in home.views(one, NOW)]
    for tab in TABS:
        yield f"details {tab}", details_modal.details(Details(FACES["awaiting"], tab))["blocks"]
    yield (
        "receipt",
        modals.posted("Promote", FACES["awaiting"], "C0DEPLOYS", "https://slack.example/p1")["blocks"],
    )
    yield "a form that did not open", replies.not_opened(WANTED).rungs
    yield "a form for a mention", replies.form_here(WANTED).rungs


@pytest.mark.parametrize(("name", "blocks"), [*shown()], ids=lambda one: one if isinstance(one, str) else "")
def test_a_label_holds_the_words_that_are_seen(name: str, blocks: object) -> None:
    """WCAG 2.5.3: the accessible name of a button contains its visible words, in their order."""
    for found in elements_in([*blocks] if isinstance(blocks, tuple) else blocks):
        label = found.element.get("accessibility_label")
        if label is not None:
            assert _words(found.words) in _words(label), name


def _words(text: str) -> str:
    return " ".join(text.casefold().split())
