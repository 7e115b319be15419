"""One person, or one service, cannot take everybody's time: limits, told in words, that no hand reaches."""

from bot.playground.slack.payloads import interaction
from handlers.limits import PERSON, SERVICE, Allowance, Limits
from tests.stories.deploys import is_asked, succeeds
from tests.stories.moments import rests
from tests.stories.post import payload, posted, signed
from tests.stories.said import replies
from tests.stories.story import Story


class Watch:
    """A clock that a test sets."""

    at = 0.0

    def now(self) -> float:
        """What it was set to."""
        return self.at


def test_a64_a_bucket_empties_and_fills() -> None:
    """Three at once, then one each second; a clock that is set back gives nothing away and locks nobody out."""
    watch = Watch()
    limits = Limits(watch.now, Allowance(3, 1.0))
    assert [limits.asks("ana") is None for _ in range(5)] == [True, True, True, False, False]
    assert limits.asks("bo") is None
    watch.at = 1.0
    assert [limits.asks("ana") is None for _ in range(2)] == [True, False]
    watch.at = -100.0
    assert limits.asks("ana") is not None
    watch.at = -98.0
    assert limits.asks("ana") is None


async def test_a64_five_hundred_lines_of_one_person_are_limited(story: Story) -> None:
    """A script of Ana's: what is beyond hands is told in words and not recorded; Bo does not notice."""
    said = [replies(await story.ana.types("/promote why P-1"))[0] for _ in range(int(PERSON.burst) + 20)]
    refused = [one for one in said if one.startswith("You ask faster")]
    assert 0 < len(refused) <= 20
    assert "What runs where" in replies(await story.bo.types("/promote status"))[0]
    story.passes(60)
    assert "What runs where" in replies(await story.ana.types("/promote status"))[0]


async def test_a64_a_click_beyond_the_limit_is_not_acknowledged(story: Story) -> None:
    """An acknowledgement is a receipt: Slack itself shows whoever presses faster than hands that it did not arrive."""
    await is_asked(story)
    await rests(story)
    await story.bo.clicks("Approve")
    body = story.playground.slack.requests.sent[-1].content
    statuses = [await posted(story, body, signed(story, body)) for _ in range(int(PERSON.burst) + 20)]
    assert set(statuses) == {200, 503}
    assert statuses[0] == 200
    assert len((await story.stands("P-1")).approvals) == 1


async def test_a64_a_service_that_is_asked_for_too_much_can_still_be_rolled_back(story: Story) -> None:
    """The service's allowance is used up by new promotions; a rollback of it goes through at once (P9)."""
    await succeeds(story)
    for _ in range(int(SERVICE.burst)):
        story.bot.limits.is_asked_for("checkout")
    said = replies(await story.ana.types("/promote checkout@v2.14.1 to production because fix refunds"))
    assert said[0].startswith("checkout is being asked for too much at this moment")
    assert await story.bot.store.load("P-2") is None
    await story.bo.types("/promote rollback checkout in production because errors are up")
    await story.until("P-2", "succeeded")


async def test_a64_forms_count_as_well(story: Story) -> None:
    """Whoever sends forms by a script is told in the form, and nothing is recorded."""
    while story.bot.limits.asks("ana") is None:
        pass
    view = {"id": "V1", "type": "modal", "callback_id": "promo.request", "state": {"values": {}}}
    form = interaction(story.playground.slack.workspace, story.world.people["ana"], "view_submission")
    body = payload({**form, "view": view, "trigger_id": "1.2"})
    assert await posted(story, body, signed(story, body)) == 200
    assert await story.bot.store.load("P-1") is None
