"""Who asks may not: each no has its code, names the rule and whoever may instead."""

from dataclasses import replace

from bot.domain.messages import Approve
from handlers.limits import PERSON
from tests.experience.noes import assert_no, codes, hears, whispered
from tests.stories.deploys import fails, is_approved, is_asked, messages_about
from tests.stories.github import is_lost
from tests.stories.moments import rests
from tests.stories.rules import rule_changes, rules_change
from tests.stories.story import Story
from tests.stories.vendors import goes_down

ASK = "/promote checkout@v2.14.3 to production because fix refunds"
OTHERS = "  other-team:       {members: [eli]}"
SRE = {OTHERS: f"{OTHERS}\n  sre:              {{github_team: acme/sre}}", "[release-managers]\n": "[sre]\n"}
PEOPLE = tuple(f"p{number}" for number in range(20))


async def test_e07_not_an_approver(story: Story) -> None:
    """Whose approval it takes, where the person belongs, and whom to ask."""
    await is_asked(story)
    await story.eli.clicks("Approve")
    needs = "production needs release-managers; you are in other-team"
    await hears(story.eli, "E07", "You cannot approve P-1", needs, "Ask one of @bo or @cy")


async def test_e08_ones_own_request(story: Story) -> None:
    """The rule `self_approval`, and who is left."""
    await story.bo.types(ASK)
    await story.bo.clicks("Approve")
    await hears(story.bo, "E08", "someone else must approve it", "(rule `self_approval`)", "Ask @cy")


async def test_e22_who_asked_is_not_in_pagerduty(story: Story) -> None:
    """Bo has no PagerDuty user in the catalog: the incident's card says in whose name it was opened, and what changes that."""
    await rule_changes(story, "{count: 2, from: release-managers}", "{count: 1, from: release-managers}")
    story.world.run.conclusion, story.world.run.seconds = "failure", 2.0
    await story.bo.types(ASK)
    await story.cy.clicks("Approve")
    await story.until("P-1", "failed")
    await story.sees(lambda: _incident_card_has(story, "E22"), "E22 in the incident's channel")

    card = messages_about(story, "P-1", "inc-4411-checkout")[0]
    assert_no(
        card, "E22", "No PagerDuty user is known for @bo", "PD-4411", "`people.bo.pagerduty` in the catalog"
    )


def _incident_card_has(story: Story, code: str) -> bool:
    rooms = [room.name for room in story.playground.slack.workspace.rooms()]
    cards = messages_about(story, "P-1", "inc-4411-checkout") if "inc-4411-checkout" in rooms else []
    return any(code in codes(card) for card in cards)


async def test_e22_is_not_said_of_somebody_whom_pagerduty_knows(story: Story) -> None:
    """Ana has a PagerDuty user: nothing has to be said."""
    await fails(story)
    await story.sees(lambda: "PD-4411" in str(_incident_cards(story)), "the number on the incident's card")
    await rests(story)

    assert not _incident_card_has(story, "E22")


def _incident_cards(story: Story) -> list[object]:
    rooms = [room.name for room in story.playground.slack.workspace.rooms()]
    if "inc-4411-checkout" not in rooms:
        return []
    return [card.blocks for card in messages_about(story, "P-1", "inc-4411-checkout")]


async def test_e32_nobody_of_the_catalog(story: Story) -> None:
    """Authority comes from the catalog only: which id is missing there, and who can add it."""
    places = {"  eli: {slack: U0ELI, github: eli-dev}\n": "", "{members: [eli]}": "{members: [dee]}"}
    await rules_change(story, places)
    await story.eli.types("/promote status")
    assert_no(whispered(story.eli), "E32", "<@U0ELI>", "`people` in the catalog", "An admin can add")


async def test_e33_without_the_role(story: Story) -> None:
    """What it takes, and who has it."""
    await is_asked(story)
    await story.eli.types("/promote cancel P-1")
    assert_no(
        whispered(story.eli), "E33", "You cannot cancel P-1", "release-managers", "Ask one of @bo or @cy"
    )


async def test_e34_what_is_not_known_lets_nobody_through(story: Story) -> None:
    """The admins are a team in GitHub that cannot be read now: not knowing is no refusal, and the team is being read."""
    story.playground.github.shelf.teams["sre"] = ["dee-dev"]
    await rules_change(story, SRE)
    await is_lost(story)
    goes_down(story, "github")
    story.passes(600)
    await rests(story)
    await story.dee.clicks("It never started")
    await hears(story.dee, "E34", "let nobody through unchecked", "try again in a few seconds")


async def test_e37_the_same_person_again(story: Story) -> None:
    """One person counts once, and it takes somebody else."""
    await is_asked(story)
    await story.bo.types("/promote approve P-1")
    await story.bo.types("/promote approve P-1")
    assert_no(
        whispered(story.bo), "E37", "You have approved P-1 already", "1 of 2", "Somebody else’s approval"
    )


async def test_e40_as_many_approvals_as_it_can_hold(story: Story) -> None:
    """Twenty people of one team approved what needs one of another team too: whoever comes next is told what helps."""
    people = "".join(f"  {name}: {{slack: U0{name.upper()}}}\n" for name in PEOPLE)
    both = "{count: 19, from: release-managers}\n      - {count: 1, from: payments}"
    await rules_change(
        story,
        {
            "\nteams:\n": f"{people}\nteams:\n",
            "{members: [bo, cy]}": f"{{members: [{', '.join(PEOPLE)}]}}",
            "{count: 2, from: release-managers}": both,
        },
    )
    await is_asked(story)
    for name in PEOPLE:
        await story.bot.service.handle(Approve("P-1", name))
    await story.dee.types("/promote approve P-1")
    full = "holds 20 approvals already"
    assert_no(whispered(story.dee), "E40", full, "cancel it and ask again", "/promote why P-1")


async def test_e46_no_full_member(story: Story) -> None:
    """The same id from another workspace is somebody else: whom to ask instead."""
    await is_approved(story)
    story.world.people["bo"] = replace(story.world.people["bo"], team_id="T0OTHER")
    await story.bo.types("/promote cancel P-1")
    assert_no(
        whispered(story.bo), "E46", "full members of this workspace only", "Ask somebody of the owner team"
    )


async def test_e47_faster_than_hands(story: Story) -> None:
    """A limit that hands do not reach: nothing was recorded, and when to try again."""
    for _ in range(int(PERSON.burst) + 10):
        await story.ana.types("/promote help")
        if "E47" in codes(whispered(story.ana)):
            break
    assert_no(
        whispered(story.ana), "E47", "You ask faster than I take requests from one person", "Try again in"
    )
