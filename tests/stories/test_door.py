"""What comes through the door when something is wrong behind it: a store that is down, a bug of ours, a made-up id."""

from bot.domain.errors import NoSuchPromotion
from bot.domain.messages import Approve, EffectDone, VersionSeen
from bot.domain.policy import Verdict
from bot.domain.promotion import Phase
from bot.service import Applied, Refused
from tests.stories.deploys import is_asked, is_running
from tests.stories.github import delivers, rewrites_catalog, sent_webhook
from tests.stories.moments import rests
from tests.stories.parts import weak_store
from tests.stories.story import Story


async def test_a_click_that_could_not_be_stored_is_not_acknowledged(story: Story) -> None:
    """Incident: the store was down, Slack showed Bo's click as done, and the private word that it was not got lost."""
    store = await weak_store(story)
    await is_asked(story)
    await rests(story)
    store.fails = lambda change: any(row.action == "approve" for row in change.audit)
    await story.bo.clicks("Approve")
    assert store.failures
    requests = story.playground.slack.requests
    assert (await requests.repeat(requests.sent[-1], 1)).failure

    store.fails = lambda change: False
    assert (await requests.repeat(requests.sent[-1], 1)).failure is None
    assert "bo" in {approval.by for approval in (await story.stands("P-1")).approvals}


async def test_a_webhook_that_could_not_be_looked_up_is_asked_for_again(story: Story) -> None:
    """Incident: the store could not be read for a moment, and GitHub was answered with an error of ours."""
    store = await weak_store(story)
    await is_running(story)
    await story.sees(lambda: story.playground.github.deliveries, "a webhook")
    news = sent_webhook(story, "workflow_run.requested")
    store.is_unreadable = True
    assert await delivers(story, "workflow_run", news) == 503
    store.is_unreadable = False
    assert await delivers(story, "workflow_run", news) == 202


async def test_the_steps_of_one_job_do_not_take_the_place_of_the_others(story: Story) -> None:
    """Incident: a run of two jobs was shown with the steps of whichever job had moved last."""
    await is_running(story)

    async def known() -> bool:
        return len((await story.stands("P-1")).run.steps) > 1

    await story.sees(known, "steps")
    before = {step.name for step in (await story.stands("P-1")).run.steps}
    news = sent_webhook(story, "workflow_job.in_progress")
    news["workflow_job"] |= {"name": "notify", "steps": [{"name": "Tell everybody", "status": "in_progress"}]}
    assert await delivers(story, "workflow_job", news) == 202
    assert {step.name for step in (await story.stands("P-1")).run.steps} == before


async def test_a_bug_in_an_errand_costs_that_errand(story: Story) -> None:
    """Incident: a form that could not be rendered was rendered in an errand, and the whole bot ended."""
    story.expected_complaints.append("errand broke")

    async def breaks() -> None:
        raise KeyError("a bug in a form")

    for _ in range(20):
        story.bot.courier.send(breaks)
    await story.sees(lambda: len(story.complaints.said) == 20, "the complaints")
    await story.eli.types("/promote approve P-1")
    await is_asked(story)


async def test_a_command_about_nothing_is_refused(story: Story) -> None:
    """Incident: a promotion that does not exist was approved through a form, and the answer was an internal error."""
    assert await story.bot.service.handle(Approve("P-99", "bo")) == Refused(NoSuchPromotion("P-99"))


async def test_a_version_is_judged_by_itself_wherever_it_stands_among_the_facts(story: Story) -> None:
    """Incident: a tag moved to a commit that never was in dev; told second, it went to staging on the old one's path."""
    await rewrites_catalog(story, "    gates:\n      checks: {}\n", "    wait: 30s\n")
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.until("P-1", "succeeded")
    await story.ana.types("/promote checkout@v2.15.0 to staging because trying it out")
    await story.until("P-2", "waiting")
    await rests(story)
    moved = story.playground.github.adds_commit("checkout", "Sneaked in")
    facts = (EffectDone("P-2", "look:nothing"), VersionSeen("P-2", moved, "main", None))
    answer = await story.bot.service.handle_all(facts)
    assert isinstance(answer, Applied)
    assert answer.promotion.sha == moved
    assert answer.promotion.phase is Phase.WAITING
    assert answer.requirements.verdict("path") is Verdict.UNMET
