"""`/promote whoami`: who somebody is to us, and what they may do where, with the rule that says so."""

from inline_snapshot import snapshot

from tests.stories.said import plain, replies
from tests.stories.story import Somebody, Story
from tests.stories.vendors import goes_down


async def told_of_checkout(who: Somebody) -> list[str]:
    """What somebody is told of themselves and checkout, after a look at the teams that nobody looked at lately."""
    story, slack = who.story, who.story.world.people[who.name].slack
    await who.types("/promote whoami checkout")
    await story.sees(lambda: who.heard, "who they are")
    said = story.playground.slack.workspace.private[slack][-1]
    return [plain(block["text"]["text"]) for block in said.blocks]


async def test_each_right_with_its_rule(story: Story) -> None:
    """Ana owns checkout and asks, Bo approves, Eli does neither: each is told why."""
    told = {who.name: await told_of_checkout(who) for who in (story.ana, story.bo, story.eli)}
    assert told == snapshot(
        {
            "ana": [
                "You are *ana* in the catalog. GitHub `ana-dev` · PagerDuty `PANA`. Teams: payments.",
                """\
*checkout*
:white_check_mark: *Ask for a promotion* in dev, staging and production: yes, through people of the catalog (rule `roles.request`)
:white_small_square: *Approve* in dev and staging: no approval is asked there
:no_entry: *Approve* in production: no, that needs release-managers (rule `approvals`)
:white_check_mark: *Roll back* in dev, staging and production: yes, through the owner team (rule `roles.rollback`)
:no_entry: *Settle unknown outcomes and adopt* in dev, staging and production: no, that needs release-managers (rule `roles.admin`)\
""",
            ],
            "bo": [
                "You are *bo* in the catalog. GitHub `bo-dev` · PagerDuty not known. An admin can add it under `people`. Teams: release-managers.",
                """\
*checkout*
:white_check_mark: *Ask for a promotion* in dev, staging and production: yes, through people of the catalog (rule `roles.request`)
:white_small_square: *Approve* in dev and staging: no approval is asked there
:white_check_mark: *Approve* in production: yes, through release-managers, except what you ask for yourself (rule `approvals`)
:white_check_mark: *Roll back* in dev, staging and production: yes, through release-managers (rule `roles.rollback`)
:white_check_mark: *Settle unknown outcomes and adopt* in dev, staging and production: yes, through release-managers (rule `roles.admin`)\
""",
            ],
            "eli": [
                "You are *eli* in the catalog. GitHub `eli-dev` · PagerDuty not known. An admin can add it under `people`. Teams: other-team.",
                """\
*checkout*
:white_check_mark: *Ask for a promotion* in dev, staging and production: yes, through people of the catalog (rule `roles.request`)
:white_small_square: *Approve* in dev and staging: no approval is asked there
:no_entry: *Approve* in production: no, that needs release-managers (rule `approvals`)
:no_entry: *Roll back* in dev, staging and production: no, that needs the owner team, release-managers or platform-on-call (rule `roles.rollback`)
:no_entry: *Settle unknown outcomes and adopt* in dev, staging and production: no, that needs release-managers (rule `roles.admin`)\
""",
            ],
        }
    )


async def test_own_services_come_first(story: Story) -> None:
    """Without a name every service is listed, one's own before the others; an unknown one is refused."""
    await story.eli.types("/promote whoami")
    await story.sees(lambda: story.eli.heard, "who they are")
    blocks = story.playground.slack.workspace.private[story.world.people["eli"].slack][-1].blocks

    assert [plain(block["text"]["text"]).splitlines()[0] for block in blocks[1:]] == snapshot(
        ["*inventory*", "*checkout*", "*storefront*"]
    )
    assert replies(await story.eli.types("/promote whoami chekout")) == snapshot(
        [
            "I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3."
        ]
    )


async def test_a_team_that_nobody_looked_at_is_looked_at_first(story: Story) -> None:
    """Right after the start the on-call team is not known: it is read, once, and the one answer is a yes or a no."""
    first = await told_of_checkout(story.eli)
    asked = len(story.asked("pagerduty", "/schedules"))
    again = await told_of_checkout(story.dee)

    assert "not known yet" not in str((first, again))
    assert "Not looked up lately" not in str((first, again))
    assert asked == len(story.asked("pagerduty", "/schedules")) > 0
    assert len(story.eli.heard) == 1


async def test_a_team_that_cannot_be_read_stays_unsure(story: Story) -> None:
    """PagerDuty does not answer: what is known is told all the same, and what is not is called so."""
    story.expected_complaints.append("team not looked at")
    goes_down(story, "pagerduty")

    assert "not known yet" in str(await told_of_checkout(story.eli))
    assert len(story.eli.heard) == 1
