"""The counters say what happened, to whoever may ask, and name nobody."""

from prometheus_client import Counter, Gauge, Histogram

from bot.metrics import Metrics
from bot.playground.world import sha_for
from tests.documents import ROOT, code_words, rows, section
from tests.observability.scrapes import page, scraped
from tests.stories.deploys import fails, is_asked, succeeds
from tests.stories.github import is_trying
from tests.stories.moments import rests
from tests.stories.parts import weak_store
from tests.stories.post import FORM, posted
from tests.stories.story import Story
from tests.stories.vendors import refuses

OPERATIONS = ROOT / "docs" / "operations.md"


async def test_a_promotion_is_counted_from_its_request_to_its_end(story: Story) -> None:
    """Outcome, stages, gates, calls and acknowledgements of one deploy that went well."""
    await succeeds(story)
    await rests(story)
    seen = await scraped(story)

    ended = {"service": "checkout", "environment": "production", "kind": "promote"}
    assert seen.value("greenlight_promotions_total", outcome="succeeded", **ended) == 1
    assert seen.value("greenlight_promotions_total") == 1
    for stage in ("waiting", "dispatching", "deploying", "verifying"):
        assert seen.value("greenlight_stage_seconds_count", stage=stage) == 1, stage
    assert seen.value("greenlight_stage_seconds_sum", stage="waiting") > 10.0  # the wait after the approval
    assert seen.value("greenlight_gate_results_total", gate="health", verdict="met") >= 2
    assert seen.value("greenlight_vendor_calls_total", vendor="github", result="ok") >= 3
    assert seen.value("greenlight_vendor_seconds_count", vendor="slack") > 0
    assert seen.value("greenlight_acknowledgement_seconds_count", request="command") == 3
    assert seen.value("greenlight_deliveries_total", route="slack", result="taken") == 3
    assert seen.value("greenlight_deliveries_total", route="github", result="taken") > 0


async def test_failures_are_counted_by_their_kind(story: Story) -> None:
    """A deploy that failed, a vendor that broke, a stranger at the door, an outcome that nobody knows."""
    refuses(story, "slack", "chat.postMessage", 500)
    await fails(story)
    await posted(story, b"text=status", {}, FORM)
    seen = await scraped(story)

    assert seen.value("greenlight_promotions_total", outcome="failed", kind="promote") == 1
    assert seen.value("greenlight_vendor_calls_total", vendor="slack", result="unclear") == 1
    assert seen.value("greenlight_deliveries_total", route="slack", result="forged") == 1


async def test_an_unknown_outcome_is_counted(story: Story) -> None:
    """It is the one state that somebody has to look at."""
    story.world.run.mode, story.world.run.lag = "502", 86_400.0
    await is_trying(story)
    await story.sees(lambda: story.dispatches() and story.dispatches()[0].status, "the answer")
    story.passes(200)
    await story.until("P-1", "unknown")
    seen = await scraped(story)

    assert seen.value("greenlight_unknown_outcomes_total", service="checkout", environment="dev") == 1


async def test_a_store_that_is_down_is_counted(story: Story) -> None:
    """Each call that it did not answer, at a request and in a turn."""
    store = await weak_store(story)
    store.fails = lambda change: True
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    seen = await scraped(story)
    store.fails = lambda change: False

    assert store.failures > 0
    assert seen.value("greenlight_store_failures_total") == store.failures


async def test_a49_a69_metrics_are_not_for_strangers(story: Story) -> None:
    """What comes through the proxy that faces the internet finds no such page; no page names what is secret."""
    await succeeds(story)
    for header in ("X_Forwarded_For", "Forwarded", "X_Real_IP"):
        assert (await page(story, "/metrics", **{header: "203.0.113.7"}))[0] == 404
    told = "".join([(await page(story, path))[1] for path in ("/metrics", "/readyz", "/livez")])
    catalog = story.bot.catalog.current
    people = [word for one in catalog.people.values() for word in (one.slack, one.github or one.slack)]
    private = ["P-1", "v2.14", sha_for("checkout", "v2.14.3")[:7], *people, *story.world.secrets.values()]
    assert [word for word in private if word in told] == []


async def test_queues_are_shown_as_they_are_now(story: Story) -> None:
    """Who waits for a slot, and how late the earliest due promotion is."""
    await is_asked(story)
    await rests(story)
    seen = await scraped(story)
    assert seen.value("greenlight_due_late_seconds") == 0.0
    assert seen.value("greenlight_turns") == 0.0
    assert seen.value("greenlight_slots_held") == 0.0


def test_the_metrics_are_documented() -> None:
    """docs/operations.md lists each metric with its labels, and no others."""
    known = {
        _exposed(metric): set(metric._labelnames)
        for metric in vars(Metrics()).values()
        if isinstance(metric, Counter | Gauge | Histogram)
    }
    table = rows(section(OPERATIONS, "Metrics"))
    assert {code_words(cells[0])[0]: set(code_words(cells[1])) for cells in table} == known


def test_each_bot_counts_for_itself() -> None:
    """Two bots in one process share no counter."""
    first, second = Metrics(), Metrics()
    first.store_failures.inc()
    assert b"greenlight_store_failures_total 0.0" in second.text()


def _exposed(metric: Counter | Gauge | Histogram) -> str:
    return f"{metric._name}_total" if isinstance(metric, Counter) else metric._name
