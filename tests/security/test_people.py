"""Who may say yes: people of the catalog, one voice each, and nobody whose membership is not known."""

import re
from dataclasses import replace

import pytest

from tests.small_catalog import refusal_of, small
from tests.stories.deploys import is_asked
from tests.stories.github import shows
from tests.stories.moments import rests
from tests.stories.rules import rules_change
from tests.stories.said import replies
from tests.stories.story import Story
from tests.stories.vendors import comes_back, goes_down

MEMBERS = "release-managers: {members: [bo, cy]}"
GROUP = {MEMBERS: "release-managers: {slack_group: S0RM}"}
ADMINS = {"admin:    [release-managers]": "admin:    [other-team]"}


async def the_managers_are_a_user_group(story: Story, *members: str) -> None:
    """The release managers are whoever is in a Slack user group."""
    story.playground.slack.workspace.usergroups["S0RM"] = list(members)
    await rules_change(story, {**GROUP, **ADMINS})


async def actions(story: Story, action: str) -> list[tuple[str, str]]:
    """Actor and detail of each audit row of one kind."""
    return [(row.actor, row.detail) for row in await story.bot.store.audit(0) if row.action == action]


async def test_a13_a_refused_approval_is_audited(story: Story) -> None:
    """Eli presses Approve: told privately, no vote, and the audit log names him and why."""
    await is_asked(story)
    await rests(story)
    await story.eli.clicks("Approve")
    await rests(story)
    assert (await story.stands("P-1")).approvals == ()
    assert ("eli", '{"message":"Approve","refused":"NotApprover"}') in await actions(story, "refused")
    assert not [
        one for one in story.messages() if re.search(r"\beli\b(?!-)", one.text)
    ]  # eli-dev wrote a change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("{members: [bo, cy]}", "{members: []}"), "is empty: name at least one"),
        (("from: releasers", "from: relesers"), "did you mean releasers?"),
        (("{count: 2, from: releasers}", "{count: 0, from: releasers}"), "count"),
        (("{count: 2, from: releasers}", "{count: 2}"), "from"),
        (("{count: 2, from: releasers}", "{count: 3, from: releasers}"), "nobody can meet it"),
    ],
)
def test_a14_approvers_that_are_nobody_are_no_catalog(change: tuple[str, str], sentence: str) -> None:
    """An empty list, a typing error or a count of nothing is refused at the start, never read as everybody."""
    assert any(sentence in told for told in refusal_of(small(change)))


@pytest.mark.parametrize("group", [[], ["U0NOBODY"]])
async def test_a14_a_group_of_nobody_approves_nothing(story: Story, group: list[str]) -> None:
    """A user group that is empty, or holds only people whom the catalog does not name: no vote counts."""
    await the_managers_are_a_user_group(story, *group)
    await is_asked(story)
    await rests(story)
    for person in (story.bo, story.cy, story.dee):
        await person.clicks("Approve")
    await rests(story)
    assert (await story.stands("P-1")).approvals == ()
    assert story.dispatches() == []


async def test_a14_a_misspelt_group_approves_nothing(story: Story) -> None:
    """Slack does not know the group: nobody is a member, and the approvals wait instead of counting."""
    await rules_change(story, {**GROUP, **ADMINS})
    await is_asked(story)
    for person in (story.bo, story.cy):
        await person.types("/promote approve P-1")
    story.passes(120)
    await rests(story)
    assert story.dispatches() == []
    assert (await story.stands("P-1")).phase == "waiting"


@pytest.mark.parametrize(
    ("account", "twin"),
    [("slack: U0CY", "slack: U0BO"), ("slack: U0CY", "slack: U0CY, github: BO-dev")],
)
def test_a16_one_account_belongs_to_one_person(account: str, twin: str) -> None:
    """Two names for one Slack or GitHub account, in any case, would be two votes: refused at the start."""
    assert any("one person, one entry" in told for told in refusal_of(small((account, twin))))


async def test_a16_a_second_slack_account_is_nobody(story: Story) -> None:
    """Bo's other account is not in the catalog: it asks and approves nothing, whatever its profile says."""
    await is_asked(story)
    await rests(story)
    await story.bo.clicks("Approve")
    story.world.people["eli"] = replace(story.world.people["eli"], slack="U0BO2", title="Bo")
    story.world.people["eli"] = replace(story.world.people["eli"], github="bo-dev")
    said = replies(await story.eli.types("/promote approve P-1"))
    await rests(story)
    assert said[0].startswith("I do not know <@U0BO2>")
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def test_a16_a_review_in_github_is_no_vote(story: Story) -> None:
    """A release manager who lets the run through in GitHub as well is still one person with one vote."""
    await is_asked(story)
    await story.bo.types("/promote approve P-1")
    story.playground.github.starts_run("checkout", "deploy.yml", "cy-dev", {"environment": "production"})
    story.passes(60)
    await rests(story)
    assert story.dispatches() == []


async def test_a18_a_profile_gives_no_rights(story: Story) -> None:
    """Eli takes Bo's display name and title: what he may do is decided by his id."""
    await is_asked(story)
    await rests(story)
    bo = story.world.people["bo"]
    story.world.people["eli"] = replace(story.world.people["eli"], title=bo.title, name=bo.name)
    story.passes(301)
    said = replies(await story.eli.types("/promote approve P-1"))
    assert said[0].startswith("You cannot approve P-1")


@pytest.mark.parametrize(("closed", "guest"), [(True, False), (False, True)])
async def test_a19_an_approver_whose_account_is_closed_is_struck(
    story: Story, closed: bool, guest: bool
) -> None:
    """Bo approves and then leaves the company, or becomes a guest: his vote no longer counts at the dispatch."""
    await is_asked(story)
    await rests(story)
    await story.bo.clicks("Approve")
    await rests(story)
    story.world.people["bo"] = replace(story.world.people["bo"], closed=closed, guest=guest)
    story.passes(301)
    reads = len(story.asked("slack", "users.info"))
    await story.sees(lambda: len(story.asked("slack", "users.info")) >= reads + 5, "the accounts are read")
    await rests(story)
    await story.cy.clicks("Approve")
    story.passes(60)
    await rests(story)
    assert story.dispatches() == []
    assert (await story.stands("P-1")).phase == "waiting"


async def test_a20_who_joins_or_leaves_a_group_is_in_the_audit_log(story: Story) -> None:
    """Eli gets himself into the group during the wait: the log shows each list of members and when it was read."""
    await the_managers_are_a_user_group(story, "U0BO", "U0CY")
    await is_asked(story)
    await rests(story)
    story.playground.slack.workspace.usergroups["S0RM"] = ["U0BO", "U0ELI"]
    story.passes(301)
    await rests(story)
    seen = [detail for _, detail in await actions(story, "team_seen")]
    assert '["bo","cy"]' in seen
    assert '["bo","eli"]' in seen


async def test_a20_who_was_counted_is_frozen_with_the_dispatch(story: Story) -> None:
    """Whoever takes over the group afterwards changes nothing about who let the promotion through."""
    await the_managers_are_a_user_group(story, "U0BO", "U0CY")
    await is_asked(story)
    for person in (story.bo, story.cy):
        await person.types("/promote approve P-1")
    await story.until("P-1", "deploying", "succeeded")
    story.playground.slack.workspace.usergroups["S0RM"] = ["U0ELI"]
    story.passes(301)
    ended = await story.until("P-1", "succeeded")
    assert ended.intent is not None
    assert ended.intent.approvers == ("bo", "cy")


async def test_a21_while_a_group_cannot_be_read_nobody_counts(story: Story) -> None:
    """Slack answers 500 for the group: both votes are kept, and none counts until a look says member."""
    await the_managers_are_a_user_group(story, "U0BO", "U0CY")
    await is_asked(story)
    await rests(story)
    story.passes(280)
    goes_down(story, "slack")
    story.passes(60)
    for person in (story.bo, story.cy):
        await person.types("/promote approve P-1")
    story.passes(60)
    await story.sees(lambda: story.asked("slack", "usergroups.users.list")[-1].status == 500, "a failed look")
    assert story.dispatches() == []

    comes_back(story, "slack")
    await story.until("P-1", "deploying", "succeeded")
    await shows(story, "checkout")
