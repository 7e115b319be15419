"""Where a promotion stands forbids it: each no has its code, says where it stands, and what comes next."""

from bot.domain.face import Button
from tests.experience.noes import assert_no, codes, hears, says_below, shows, whispered
from tests.stories.deploys import is_asked, succeeds
from tests.stories.github import is_lost
from tests.stories.moments import rests
from tests.stories.rules import rule_changes
from tests.stories.story import Story
from tests.stories.surfaces import button_on, copied, presses
from tests.stories.vendors import goes_down

ASK = "/promote checkout@v2.14.3 to production because fix refunds"


async def test_e09_after_the_decision(story: Story) -> None:
    """A click on a card that somebody had open: who decided, when, and that the click changed nothing."""
    await is_asked(story)
    card, approve = story.card("P-1"), button_on(story.card("P-1"), Button.APPROVE)
    await story.cy.types("/promote reject P-1 because the migration is not reviewed")
    await presses(story.bo, card, approve)
    await hears(
        story.bo, "E09", "P-1 was rejected", "decided by @cy", "Nothing was changed", "/promote why P-1"
    )


async def test_e10_a_stale_card(story: Story) -> None:
    """What is different now; the card is refreshed, and nothing else is done."""
    await is_asked(story)
    await story.bo.clicks("Approve")
    await rests(story)
    card, old = story.card("P-1"), button_on(story.card("P-1"), Button.APPROVE)
    await rule_changes(story, "wait: 10s", "wait: 20s")
    await rests(story)
    await presses(story.cy, card, old)
    await hears(story.cy, "E10", "out of date", "refreshed", "Different now: rule wait", "Look again")
    assert len((await story.stands("P-1")).approvals) == 1


async def test_e11_a_gate_says_no(story: Story) -> None:
    """What was seen, what is needed, and how to look again; on the card and in the thread."""
    story.world.health["checkout", "staging"] = "failing"
    await story.ana.types(ASK)
    await shows(story, "E11", "answered 503", "the rule: answers 200", "Press Retry", "/promote why P-1")
    await says_below(story, "E11", "P-1 (checkout v2.14.3 to production) is blocked", "/promote why P-1")


async def test_e12_a_gate_that_cannot_be_read(story: Story) -> None:
    """Why it could not be read, that this counts as not passed, and that it is tried again."""
    goes_down(story, "pagerduty")
    await story.ana.types(ASK)
    await shows(
        story, "E12", "I could not read it (PagerDuty answered 500)", "count that as not passed", "Retry"
    )


async def test_e12_a_version_that_cannot_be_read(story: Story) -> None:
    """While GitHub is down there is no card: whoever asked hears that the request keeps its place."""
    goes_down(story, "github")
    await story.ana.types(ASK)
    await hears(story.ana, "E12", "GitHub does not answer me", "keeps its place", "/promote cancel P-1")


async def test_e15_an_open_incident(story: Story) -> None:
    """Which incident, what waits for it, and that the way back is open."""
    await story.play("world", {"incident": {"service": "checkout", "severity": "high"}})
    await story.ana.types(ASK)
    rollback = "`/rollback checkout in production because …`"
    await shows(story, "E15", "open: PD-", "Deploys wait until the incident is resolved", rollback)


async def test_e18_an_outcome_that_nobody_knows(story: Story) -> None:
    """What was asked when, what will not be done, and who can settle it; on the card and in the thread."""
    await is_lost(story)
    never = "I will not start it again by myself"
    await shows(
        story, "E18", "have not seen a run", never, "Now serving: unknown", "An admin can name the run"
    )
    await says_below(story, "E18", "is unknown", never, "An admin can settle it on the card")


async def test_e35_no_such_promotion(story: Story) -> None:
    """Where what is on its way is listed."""
    await story.bo.types("/promote approve P-77")
    assert_no(whispered(story.bo), "E35", "I know no promotion “P-77”", "`/promote status`")


async def test_e36_not_where_it_stands(story: Story) -> None:
    """Where it stands, and a line that makes sense there."""
    await is_asked(story)
    await story.ana.types("/promote cancel P-1")
    await story.ana.types("/promote cancel P-1")
    assert_no(whispered(story.ana), "E36", "I cannot cancel P-1: it was cancelled", "`/promote why P-1`")


async def test_e38_before_the_evidence_is_there(story: Story) -> None:
    """Nothing is signed that was not seen: which gate says no."""
    story.world.health["checkout", "staging"] = "failing"
    await story.ana.types(ASK)
    await shows(story, "E11")
    await story.bo.types("/promote approve P-1")
    assert_no(
        whispered(story.bo), "E38", "P-1 cannot be approved yet", "health did not pass", "/promote why P-1"
    )


async def test_e39_a_copy_of_the_card(story: Story) -> None:
    """A forwarded card does nothing, and leads to the real one."""
    await is_asked(story)
    copy = copied(story, story.card("P-1"), "general", story.world.people["eli"].slack)
    await presses(story.bo, copy, button_on(copy, Button.APPROVE))
    await hears(story.bo, "E39", "a copy of the card of P-1", "its buttons do nothing", "/promote why P-1")
    assert (await story.stands("P-1")).approvals == ()


async def test_e41_a_run_of_somebody_else(story: Story) -> None:
    """An admin names a run that this promotion did not start: why it is not believed, and what can be done."""
    await is_lost(story)
    form = await story.bo.clicks("I see run")
    refused = await story.bo.submits(form["view"], run="the green one")
    assert "Copy the run’s number from its page in GitHub" in refused["errors"]["run"]
    await story.bo.submits(form["view"], run="4711")
    await says_below(
        story, "E41", "Run 4711 is not the run of P-1", "still unknown", "an admin can name another run"
    )


async def test_a_happy_path_shows_no_code(story: Story) -> None:
    """A code belongs to a no: where nobody hears one, there is none."""
    await succeeds(story)
    await story.settles()
    said = [*story.messages(), *story.playground.slack.shown_to("ana")]
    assert [one for one in said if codes(one)] == []
