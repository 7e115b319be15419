"""Teams that live in GitHub, Slack or PagerDuty: read before somebody needs them, and never guessed."""

from tests.stories.deploys import is_asked
from tests.stories.github import is_lost, shows
from tests.stories.moments import rests
from tests.stories.rules import rules_change
from tests.stories.said import heard
from tests.stories.story import Story
from tests.stories.vendors import comes_back, goes_down

OTHERS = "  other-team:       {members: [eli]}"
SRE = {OTHERS: f"{OTHERS}\n  sre:              {{github_team: acme/sre}}", "[release-managers]\n": "[sre]\n"}
MANAGERS = {
    "{members: [bo, cy]}": "{github_team: acme/managers}",
    "    wait: 10s\n": "",
}


async def test_an_admin_whose_team_lives_in_github_settles_the_unknown(story: Story) -> None:
    """Incident: admins were a GitHub team, as in the reference catalog, and nobody read it outside of waiting.

    Three clicks on "It never started", three refusals, not one read: nobody could leave `unknown`.
    """
    story.playground.github.shelf.teams["sre"] = ["dee-dev"]
    await rules_change(story, SRE)
    await is_lost(story)
    await shows(story, "unknown")
    story.passes(3600)
    await rests(story)

    await story.dee.clicks("It never started")
    await story.until("P-1", "deploying", "succeeded")
    assert heard(story.dee) == []


async def test_an_admin_whose_team_cannot_be_read_is_asked_to_press_again(story: Story) -> None:
    """Not knowing is no refusal: whoever may be an admin hears that the team is being read, and then may."""
    story.playground.github.shelf.teams["sre"] = ["dee-dev"]
    await rules_change(story, SRE)
    await is_lost(story)
    await shows(story, "unknown")
    goes_down(story, "github")
    story.passes(600)
    await rests(story)

    await story.dee.clicks("It never started")
    assert "I am reading the team: try again in a few seconds" in heard(story.dee)[-1]
    assert (await story.stands("P-1")).phase == "unknown"

    comes_back(story, "github")
    story.passes(61)
    await story.sees(lambda: "/teams/sre" in story.asked("github")[-1].path, "a read of the team")
    await rests(story)
    await story.dee.clicks("It never started")
    await story.until("P-1", "deploying", "succeeded")


async def test_a_card_does_not_flicker_while_approvals_are_awaited(story: Story) -> None:
    """Incident: every five minutes Bo's approval turned to "checking" and back, because his team was read again
    only after what was known of it had become too old to count."""
    story.playground.github.shelf.teams["managers"] = ["bo-dev", "cy-dev"]
    await rules_change(story, MANAGERS)
    await is_asked(story)
    await rests(story)
    await story.bo.types("/promote approve P-1")
    await shows(story, "1 of 2")
    await rests(story)
    before, reads = story.card("P-1").edits, len(story.asked("github", "/teams/managers"))

    for _ in range(5):
        story.passes(250)
        await rests(story)

    assert story.card("P-1").edits == before
    assert len(story.asked("github", "/teams/managers")) >= reads + 5
