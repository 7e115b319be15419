"""Requests that nobody decides: they end by themselves, and only the time of waiting for people counts."""

from inline_snapshot import snapshot

from tests.stories.moments import rests
from tests.stories.said import plain
from tests.stories.story import Story

ASK = "/promote checkout@v2.14.3 to production because fix refunds"


async def asked(story: Story) -> None:
    """Ana asked, and everything but approval is there."""
    await story.ana.types(ASK)
    await story.sees(lambda: any("is ready for review" in one for one in said_below(story)), "the mention")
    await rests(story)


def said_below(story: Story) -> list[str]:
    """What stands in the thread of the only card, if there is one."""
    return [plain(one.text) for one in story.messages() if one.thread_ts]


async def test_an_undecided_request_expires(story: Story) -> None:
    """Four hours without a decision end it; the card says that nothing ran."""
    await asked(story)
    await story.bo.clicks("Approve")
    story.passes(4 * 3600)

    await story.until("P-1", "expired")
    await rests(story)

    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production expired without a decision. Nothing ran. Asked by ana, approved by bo."
    )
    assert story.dispatches() == []


async def test_expiry_runs_only_while_approval_is_awaited(story: Story) -> None:
    """Six hours behind a red health check are not held against the request; then four hours run."""
    story.world.health["checkout", "staging"] = "failing"
    await story.ana.types(ASK)
    await story.sees(lambda: any("is blocked" in one for one in said_below(story)), "the block")
    story.passes(6 * 3600)
    await rests(story)
    assert (await story.stands("P-1")).phase.value == "waiting"

    story.world.health["checkout", "staging"] = "ok"
    story.passes(120)
    await story.sees(lambda: any("is ready for review" in one for one in said_below(story)), "the mention")
    story.passes(3 * 3600)
    await rests(story)

    assert (await story.stands("P-1")).phase.value == "waiting"
    story.passes(3600)
    await story.until("P-1", "expired")
    await rests(story)
