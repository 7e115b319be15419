"""Several promotions to one place: one after the other, visibly, or one in the place of another."""

from inline_snapshot import snapshot

from tests.stories.moments import rests
from tests.stories.said import card_words, plain, replies
from tests.stories.story import Story


async def asked_for_two(story: Story) -> None:
    """Two versions that passed staging wait for approval of production."""
    story.world.run.seconds = 1
    sha = story.playground.github.adds_commit("checkout", "Next", tag="v2.14.4")
    for number, place in enumerate(("dev", "staging"), 1):
        await story.ana.types(f"/promote checkout@{sha} to {place} because try it out")
        await story.until(f"P-{number}", "succeeded")
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.ana.types("/promote checkout@v2.14.4 to production because next things")
    for promotion in ("P-3", "P-4"):
        await story.sees(lambda name=promotion: _waits(story, name), f"{promotion} waits")  # type: ignore[misc]
    await rests(story)


def _waits(story: Story, promotion: str) -> bool:
    about = [one.text for one in story.messages() if one.text.startswith(f"{promotion}:")]
    return bool(about) and "waiting for approval" in about[0]


async def test_f31_a_second_promotion_waits_behind_the_first(story: Story) -> None:
    """Both approved, one deploys, the other card says behind whom it waits, and then it is its turn."""
    await asked_for_two(story)
    story.world.run.seconds = 15
    for promotion in ("P-3", "P-4"):
        for approver in (story.bo, story.cy):
            await approver.types(f"/promote approve {promotion}")
    await story.until("P-3", "deploying")
    await story.sees(lambda: "ehind" in story.card("P-4").text, "the queue")

    assert plain(story.card("P-4").text) == snapshot(
        "P-4: checkout v2.14.4 to production is queued behind P-3. Asked by ana, approved by bo and cy."
    )
    first = await story.until("P-3", "succeeded")
    await story.until("P-4", "succeeded")
    await story.settles()
    assert [run["inputs"]["promotion_id"] for run in story.runs][-2:] == ["P-3", "P-4"]
    assert story.dispatches()[-1].at >= first.since


async def test_a_newer_request_takes_the_place_of_the_older(story: Story) -> None:
    """Replace ends the older one; its approvals are not carried over."""
    await asked_for_two(story)
    await story.bo.types("/promote approve P-3")
    await rests(story)

    await story.ana.clicks("Replace P-3", "P-4")
    ended = await story.until("P-3", "superseded")
    await rests(story)

    assert len(ended.approvals) == 1
    assert (await story.stands("P-4")).approvals == ()
    assert plain(story.card("P-3").text) == snapshot(
        "P-3: checkout v2.14.3 to production was superseded by ana. Asked by ana, approved by bo."
    )
    assert "Replace" not in card_words(story, "P-4")


async def test_a_stranger_replaces_nothing(story: Story) -> None:
    """Eli may not end what Ana asked for by pressing a button on another card."""
    await asked_for_two(story)

    await story.eli.clicks("Replace P-3", "P-4")
    await story.sees(lambda: story.eli.heard)

    assert [plain(text) for text in story.eli.heard] == snapshot(
        ["You cannot replace P-3: that needs the approvers or release-managers. Ask one of @bo or @cy."]
    )
    assert (await story.stands("P-3")).phase.value == "waiting"


async def test_approving_what_was_superseded(story: Story) -> None:
    """The older card's approver is told that it has ended."""
    await asked_for_two(story)
    await story.ana.clicks("Replace P-3", "P-4")
    await story.until("P-3", "superseded")

    assert replies(await story.bo.types("/promote approve P-3")) == snapshot(
        [
            "P-3 was superseded <time>, decided by @ana. Nothing was changed now; `/promote why P-3` tells more."
        ]
    )
    await rests(story)


async def test_cancelling_the_head_of_the_queue_lets_the_next_one_go(story: Story) -> None:
    """A place in the queue is given up with the promotion."""
    await asked_for_two(story)
    await story.cy.types("/promote cancel P-3")
    for approver in (story.bo, story.cy):
        await approver.types("/promote approve P-4")

    await story.until("P-4", "succeeded")
    await story.settles()
    assert [run["inputs"]["promotion_id"] for run in story.runs] == ["P-1", "P-2", "P-4"]


async def test_what_went_live_meanwhile_ends_the_other_request(story: Story) -> None:
    """Two ask for one commit by two names: when the first is live, the other has nothing left to do."""
    sha = story.playground.github.sha_of("checkout", "v2.14.3")
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.dee.types(f"/promote checkout@{sha} to production because the same again")
    for approver in (story.bo, story.cy):
        await story.sees(lambda: _waits(story, "P-1") and _waits(story, "P-2"))
        await approver.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.until("P-2", "superseded")
    await story.settles()

    assert len(story.dispatches()) == 1
    assert plain(story.card("P-2").text) == snapshot(
        "P-2: checkout ffdbf00 to production was superseded. Asked by dee."
    )
