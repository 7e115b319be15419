"""The small forms: reject, the run of an unknown outcome, and the one that only says something."""

import json

from inline_snapshot import snapshot

from blocks import modals
from blocks.words import forms
from tests.blocks.faces import FACES
from tests.blocks.form_parts import fields, radio, said
from tests.blocks.judge import assert_view


def test_every_field_has_one_name() -> None:
    """The block and the action are called the same, so that a field's refusal finds its place."""
    assert fields(modals.reject(FACES["awaiting"])) == snapshot(
        [("why", "why", "radio_buttons"), ("reason", "reason", "plain_text_input")]
    )
    assert fields(modals.adopt_run(FACES["unknown"])) == snapshot([("run", "run", "plain_text_input")])


def test_a_form_remembers_the_id_and_the_digest_only() -> None:
    """The record decides; what a browser sends back is a name and what was shown."""
    view = modals.reject(FACES["awaiting"])
    assert json.loads(str(view["private_metadata"])) == {"id": "P-142", "rev": "abcdef0123456789"}


def test_a_rejection_has_a_kind_and_a_reason() -> None:
    """Four kinds, none of which has to be thought about; the reason is asked for in words."""
    view = modals.reject(FACES["awaiting"])
    assert_view(view)
    assert radio(view, "why") == snapshot(("Other", ["Not ready", "Wrong version", "Bad time", "Other"]))
    assert said(view) == snapshot(["*checkout v2.14.3 → production* · `P-142` · asked by @ana"])


def test_the_kind_stands_before_the_reason() -> None:
    """What is stored reads as a sentence; `Other` adds nothing, and a kind that was never offered neither."""
    assert forms.rejected_because("Not ready", "no review") == "Not ready: no review"
    assert forms.rejected_because("Other", "no review") == "no review"
    assert forms.rejected_because("<!channel>", "no review") == "no review"


def test_a_form_that_only_says_something() -> None:
    """What came of a form takes its place; there is nothing to send."""
    view = modals.message("Not started", "I cannot find “v9”.")
    assert_view(view)
    assert "submit" not in view
