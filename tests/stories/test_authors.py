"""`author_approval: false` in Slack: an approver who wrote a part of it is told so, and the others go on."""

from dataclasses import replace
from typing import Any

from bot.ports import Unreachable
from tests.stories.deploys import is_asked, messages_about
from tests.stories.moments import rests
from tests.stories.parts import Beside, beside
from tests.stories.rules import rules_change
from tests.stories.said import replies
from tests.stories.story import Story

THREE = "release-managers: {members: [bo, cy, dee]}"
STRICT = {
    "release-managers: {members: [bo, cy]}": THREE,
    "    wait: 10s": "    wait: 10s\n    author_approval: false",
}


class MuteGitHub(Beside):
    """A GitHub that does not compare commits, until the story lets it."""

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.is_mute = False

    async def changes(self, *what: Any, everyone: bool = False) -> Any:
        """What changes, or nothing."""
        if self.is_mute:
            raise Unreachable("github", "no route to the comparison")
        return await self.part.changes(*what, everyone=everyone)


async def authors_may_not_approve(story: Story) -> None:
    """Production keeps authors from approving, and has three release managers."""
    await rules_change(story, STRICT)


def bo_wrote_it(story: Story) -> None:
    """The newest change of v2.14.3 is Bo's."""
    repository = story.playground.github.repository("checkout")
    sha = repository.tags["v2.14.3"]
    repository.commits[sha] = replace(repository.commits[sha], login="bo-dev")


async def test_a15_whoever_wrote_a_part_of_it_cannot_approve_it(story: Story) -> None:
    """The card says so beside the button, Bo's click is refused with whom to ask, and two others approve."""
    bo_wrote_it(story)
    await authors_may_not_approve(story)
    await is_asked(story)
    assert "Not @ana, who asked; not @bo, who wrote #8" in str(story.card("P-1").blocks)
    await rests(story)
    said = replies(await story.bo.types("/promote approve P-1"))
    assert said[0].startswith("You wrote #8")
    assert said[0].endswith(
        "so someone else must approve it (rule `author_approval`). Ask one of @cy or @dee."
    )
    assert "E52" in str(story.playground.slack.shown_to("bo")[-1].blocks)
    for person in (story.cy, story.dee):
        await person.types("/promote approve P-1")
    ended = await story.until("P-1", "succeeded")
    assert ended.intent is not None
    assert ended.intent.approvers == ("cy", "dee")


async def test_a15_a_rule_that_comes_during_the_wait_strikes_the_author(story: Story) -> None:
    """Bo approved what he wrote when he was allowed to: with the rule his vote is void, and he is no approver."""
    bo_wrote_it(story)
    await is_asked(story)
    await story.bo.types("/promote approve P-1")
    await authors_may_not_approve(story)
    await rests(story)
    for person in (story.bo, story.cy):
        await person.types("/promote approve P-1")
    story.passes(60)
    await rests(story)
    assert story.dispatches() == []
    await story.dee.types("/promote approve P-1")
    ended = await story.until("P-1", "succeeded")
    assert ended.intent is not None
    assert ended.intent.approvers == ("cy", "dee")


async def test_a15_while_github_does_not_tell_who_wrote_it_nobody_may_approve(story: Story) -> None:
    """The comparison cannot be read: the card says what is missing, no approval is taken, and it heals by itself."""
    github = await beside(story, "repository", MuteGitHub)
    github.is_mute = True
    await authors_may_not_approve(story)
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(
        lambda: "no route" in str([one.blocks for one in messages_about(story, "P-1")]), "what is missing"
    )
    said = replies(await story.cy.types("/promote approve P-1"))
    assert "P-1" in said[0]
    assert (await story.stands("P-1")).approvals == ()
    github.is_mute = False
    await story.sees(lambda: "Approve" in str(story.card("P-1").blocks), "the Approve button")
    for person in (story.bo, story.cy):
        await person.types("/promote approve P-1")
    await story.until("P-1", "succeeded")


async def test_the_plan_says_who_wrote_it_before_anybody_asks(story: Story) -> None:
    """Bo rehearses his own change: he reads that he cannot approve it, and everybody else who cannot."""
    bo_wrote_it(story)
    await authors_may_not_approve(story)
    line = "/promote plan checkout@v2.14.3 to production"
    await story.bo.types(line)
    await story.sees(
        lambda: any("you wrote some of it" in said for said in story_of(story, "bo")), "what Bo may"
    )
    await story.cy.types(line)
    await story.sees(
        lambda: any("not by @bo, who wrote #8" in said for said in story_of(story, "cy")), "who may not"
    )


def story_of(story: Story, person: str) -> list[str]:
    """Everything that was shown to somebody alone, blocks included."""
    return [f"{one.text} {one.blocks}" for one in story.playground.slack.shown_to(person)]
