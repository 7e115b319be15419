"""A run with more steps than are kept is told by numbers, never as if what is kept were all."""

from inline_snapshot import snapshot

from blocks.progress import classic_progress
from blocks.words import sentences
from bot.domain.face import State
from bot.domain.promotion import Step
from tests.blocks.faces import deployed

KEPT = (*(Step(f"shard {n}", "succeeded") for n in range(20)), Step("shard 41", "running"))
MANY = deployed(State.DEPLOYING, steps=KEPT, steps_done=40, steps_total=300, usual=None)


def test_the_sentence_counts_all_steps() -> None:
    """Incident: with 41 of 300 jobs begun it said "30 of 30 steps done"."""
    assert sentences.sentence(MANY) == snapshot(
        "P-142: deploying checkout v2.14.3 to production, 41 of 301 steps done, at shard 41. Asked by ana, approved by bo and cy."
    )


def test_the_lines_count_those_that_are_not_listed() -> None:
    """What is behind is one number, whether it was kept or not."""
    text = str(classic_progress(MANY)[0]["text"])
    assert "41 steps done" in text
