"""GitHub's webhook is proved by a ping that the running bot answers; what is wrong with it is named."""

from collections.abc import Mapping

import pytest

from bot.adapters.github_inspection import GitHubLooks
from bot.doctor import webhooks
from bot.doctor.chart import ONE, Chart
from bot.doctor.usable import case_of
from bot.domain.checkup import Checkup
from bot.instruments import checkup
from bot.playground.github.hook_api import Hook
from bot.playground.webhooks import Delivery
from tests.doctor.clinic import Clinic, not_well, place
from tests.stories.story import Story

CHECKOUT = "acme/checkout"


async def looks(story: Story, *only: str, environment: Mapping[str, str] | None = None) -> Checkup:
    """A checkup beside the running bot, with the same settings."""
    settings = {**story.playground.bot_environment(), **(environment or {})}
    return await checkup(case_of(settings), story.clock, only)


def hook(story: Story) -> Hook:
    """The webhook of one repository."""
    (found,) = story.playground.github.hooks.of_repository[CHECKOUT]
    return found


async def test_a_ping_proves_the_secret(story: Story) -> None:
    """One ping for each repository, answered by the bot; it is the one thing that a checkup causes."""
    assert not_well(await looks(story, "github")) == []
    pings = [one for one in story.playground.github.deliveries if one.event == "ping"]
    assert [one.status for one in pings] == [202, 202, 202]
    written = [one for one in story.world.ledger if one.method != "GET" and one.vendor == "github"]
    assert [one.path.rpartition("/")[2] for one in written if "graphql" not in one.path] == ["pings"] * 3


async def test_webhook_secret_wrong(story: Story) -> None:
    """GitHub signs with another secret than ours: the bot answers 401."""
    story.world.secrets["github_webhook"] = "playground-another-secret"
    found = not_well(await looks(story, "github", environment={"GITHUB_WEBHOOK_SECRET": "playground-ours"}))
    assert {place(one)[:2] for one in found} == {("FAIL", "webhook")}
    assert "is not that of GITHUB_WEBHOOK_SECRET" in found[0].says
    assert "Set both to the same secret" in found[0].fix


async def test_webhook_missing(story: Story) -> None:
    """Runs are polled, so it is something to know of."""
    story.playground.github.hooks.of_repository[CHECKOUT].clear()
    (found,) = not_well(await looks(story, "github"))
    assert place(found) == ("WARN", "webhook", CHECKOUT)
    assert "/github/webhooks" in found.fix


async def test_webhook_event_missing(story: Story) -> None:
    """The event and what it is called on GitHub's page."""
    hook(story).events = ("workflow_run",)
    (found,) = not_well(await looks(story, "github"))
    assert place(found) == ("WARN", "webhook", CHECKOUT)
    assert "workflow_job" in found.says
    assert "Tick Workflow jobs" in found.fix


async def test_webhook_not_active(story: Story) -> None:
    """It is not pinged either."""
    hook(story).active = False
    (found,) = not_well(await looks(story, "github"))
    assert "not active" in found.says


async def test_webhook_sends_forms(story: Story) -> None:
    """A ping would be answered all the same, because nobody reads it."""
    hook(story).content_type = "form"
    (found,) = not_well(await looks(story, "github"))
    assert place(found) == ("FAIL", "webhook", CHECKOUT)
    assert "application/json" in found.fix


async def test_bot_is_not_reached(story: Story) -> None:
    """No bot answers at the webhook's address."""
    await story.bot_stops()
    found = not_well(await looks(story, "github"))
    assert {place(one)[:2] for one in found} == {("FAIL", "webhook")}
    assert "Start `greenlight run`" in found[0].fix


async def test_webhooks_hidden(story: Story) -> None:
    """A token that may not read webhooks is no fault: something to know of."""
    story.playground.github.hooks.are_hidden = True
    found = not_well(await looks(story, "github"))
    assert {place(one)[:2] for one in found} == {("WARN", "webhook")}
    assert "does not let us read the webhooks" in found[0].says


async def test_without_leave_to_ping_the_newest_delivery_says_it(story: Story) -> None:
    """A token that may read and not write: a delivery that was answered proves the secret as well."""
    hooks = story.playground.github.hooks
    assert not_well(await looks(story, "github")) == []
    hooks.may_ping = False
    assert not_well(await looks(story, "github")) == []
    story.playground.github.courier.deliveries.clear()
    assert "Nothing was delivered yet" in not_well(await looks(story, "github"))[0].says


async def test_a_ping_that_is_not_listed_in_time_is_something_to_know_of(clinic: Clinic) -> None:
    """GitHub lists it late: that is no silence, and what else is asked of GitHub is asked."""
    clinic.playground.world.webhooks = "late"
    github = GitHubLooks(
        clinic.environment["GITHUB_TOKEN"],
        base_url=clinic.environment["GITHUB_API_URL"],
        now=clinic.clock.now,
    )
    chart = Chart("github")
    try:
        await webhooks.look(chart, github, [CHECKOUT], webhooks.Watch(clinic.clock.now, patience=0.5))
    finally:
        await github.close()
    assert [place(one) for one in chart.findings] == [("WARN", "webhook", CHECKOUT)]
    assert "the secret was not proved" in chart.findings[0].says
    assert not chart.is_silent


def test_pings_are_given_up_before_the_look_is() -> None:
    """Else an address that is slow would be called a silent GitHub."""
    assert webhooks.PATIENCE <= ONE / 2


@pytest.mark.parametrize("status", [202, 401, "refused"])
async def test_an_old_delivery_proves_nothing(story: Story, status: int | str) -> None:
    """The secret may have been changed since, or mended: its age is told, and how to have a new one."""
    github = story.playground.github
    github.hooks.may_ping = False
    sent = story.world.clock.now() - 3 * 86_400
    github.courier.deliveries.append(
        Delivery("github", "workflow_run.completed", "1", "/github/webhooks", b"", {}, sent, status)
    )
    found = not_well(await looks(story, "github"))
    assert {place(one)[:2] for one in found} == {("WARN", "webhook")}
    assert "is 3 days" in found[0].says
    assert "not proved since" in found[0].says
