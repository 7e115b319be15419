"""The catalog is edited while promotions and adoptions are open: nothing that was begun is lost, and nobody is stuck."""

from pathlib import Path

import pytest

from tests.stories.deploys import is_approved, is_asked, is_running
from tests.stories.github import rewrites_catalog, shows
from tests.stories.moments import rests
from tests.stories.parts import weak_store
from tests.stories.said import replies, told
from tests.stories.story import Story
from tests.stories.vendors import comes_back, goes_down

PATH = "    environments: [dev, staging, production]\n"
SHORTER = "    environments: [dev, staging]\n"


def edits_catalog(story: Story, old: str, new: str) -> None:
    """Somebody edits promotions.yml while the bot does not run."""
    path = Path(story.playground.bot_environment()["CATALOG"])
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


async def test_an_adoption_whose_place_was_removed_is_let_go(story: Story) -> None:
    """Incident: while an adoption waited for GitHub its environment was removed; the bot died, at each start again."""
    goes_down(story, "github")
    await story.bo.types("/promote adopt checkout@v2.14.2 in production because it was there")
    await story.bot_dies()
    edits_catalog(story, PATH, SHORTER)
    comes_back(story, "github")
    await story.bot_starts()

    assert "checkout has no environment “production”" in await told(story.bo)
    await story.settles()
    assert not story.is_dead


async def test_a_long_reason_and_many_adoptions_fit(story: Story) -> None:
    """However much is asked for while GitHub is down, it is kept or refused at once, and done when GitHub is back."""
    goes_down(story, "github")
    why = "because " + "€" * 900
    for _ in range(12):
        await story.bo.types(f"/promote adopt checkout@v2.14.2 in production {why}")
    assert len([words for words in story.bo.heard if words.startswith("Looking v2.14.2 up")]) == 10
    comes_back(story, "github")

    await story.sees(lambda: len([one for one in story.bo.heard if one.startswith("Recorded:")]) == 10)


async def test_a_run_is_followed_when_its_environment_is_removed(story: Story) -> None:
    """Incident: production left the catalog while P-1 deployed; its run was never followed, every turn failed."""
    await is_running(story)
    await rewrites_catalog(story, PATH, SHORTER)
    story.passes(300.0)

    await story.until("P-1", "succeeded")
    await shows(story, "is live")


@pytest.mark.parametrize(
    "gone", [(PATH, SHORTER), ("  checkout:\n", "  till:\n")], ids=["environment", "service"]
)
async def test_a_run_is_followed_over_a_restart_too(story: Story, gone: tuple[str, str]) -> None:
    """The bot dies, the place leaves the catalog, the bot starts: the run is read where the intent says it is."""
    await is_running(story)
    await story.bot_dies()
    edits_catalog(story, *gone)
    await story.bot_starts()
    story.passes(300.0)

    await story.until("P-1", "succeeded")
    await story.settles()
    assert replies(await story.ana.types("/promote history checkout"))[0] != ""
    assert "P-1" in replies(await story.ana.types("/promote why P-1"))[0]


@pytest.mark.parametrize(
    "gone", [(PATH, SHORTER), ("  checkout:\n", "  till:\n")], ids=["environment", "service"]
)
async def test_what_waits_for_a_removed_place_is_barred(story: Story, gone: tuple[str, str]) -> None:
    """A request whose place left the catalog says so, deploys nothing however often it is approved, and can be cancelled."""
    await is_asked(story)
    await story.bot_dies()
    edits_catalog(story, *gone)
    await story.bot_starts()

    await shows(story, "Removed from the catalog")
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    refused = replies(await story.ana.types("/promote rollback P-1 because errors are up"))
    assert "checkout" in refused[0]
    await rests(story)
    assert story.dispatches() == []
    await story.ana.types("/promote cancel P-1 because it is gone")
    await story.until("P-1", "cancelled")


VERIFY = "    verify:\n      health: {attempts: 5, every: 2s, version: $.version}\n"


async def test_the_catalog_loses_the_rule_that_is_awaited(story: Story) -> None:
    """Incident: what P-1 was verified by was taken out of the catalog; nothing was due, and the slot stayed held."""
    story.world.run.seconds = 2.0
    story.world.health["checkout", "production"] = "failing"
    await rewrites_catalog(story, VERIFY, VERIFY.replace("5, every: 2s", "50, every: 60s"))
    await is_approved(story)
    await story.until("P-1", "verifying")
    await rewrites_catalog(story, VERIFY.replace("5, every: 2s", "50, every: 60s"), "")

    await story.until("P-1", "succeeded")
    assert (await story.bot.store.slot("checkout", "production")).holder == ""


async def test_a_catalog_that_changed_while_the_bot_was_down(story: Story) -> None:
    """Incident: the rules were edited over a restart, and the card asked for approval by the old ones for hours."""
    await is_asked(story)
    await rests(story)
    await story.bot_stops()
    edits_catalog(story, "severity: high", "severity: any")
    story.playground.pagerduty.open_incident("checkout", "info", "disk at 70 %")
    looked = len(story.asked("pagerduty", "/incidents", "GET"))
    began = story.clock.now()
    await story.bot_starts()

    await story.sees(
        lambda: len(story.asked("pagerduty", "/incidents", "GET")) > looked, "a look by the new rule"
    )
    assert story.clock.now() - began < 60.0
    await shows(story, "blocked")


async def test_a_store_that_is_down_while_the_catalog_changes(story: Story) -> None:
    """Incident: the wake for new rules met a locked store and was dropped; it is tried until it is stored."""
    store = await weak_store(story)
    await is_asked(story)
    await rests(story)
    store.fails = lambda change: store.failures < 3 and any(row.action == "wake" for row in change.audit)
    story.playground.pagerduty.open_incident("checkout", "info", "disk at 70 %")
    began = story.clock.now()
    await rewrites_catalog(story, "severity: high", "severity: any")

    await shows(story, "blocked")
    assert store.failures == 3
    assert story.clock.now() - began < 60.0
