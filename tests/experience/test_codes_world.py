"""GitHub, Slack, the database or we ourselves break: each has its code, says what was not done, and who does what next."""

import asyncio
import json
import sqlite3
from contextlib import closing
from typing import Any

from bot.playground.server import DATABASE
from tests.experience.noes import assert_no, reads, says_below, shows, whispered
from tests.stories.deploys import is_approved, is_asked
from tests.stories.github import DISPATCHES, fails, is_trying, rewrites_catalog
from tests.stories.moments import rests
from tests.stories.parts import Beside, beside, weak_store
from tests.stories.story import Story

ASK = "/promote checkout@v2.14.3 to production because fix refunds"
INPUTS = 'version: "{version}", sha: "{sha}"'
AT_ONCE = 256  # requests that are answered side by side


class BrokenStore(Beside):
    """A store with a fault of ours in its questions."""

    async def find(self, query: Any) -> Any:
        """Break as only a bug does."""
        raise LookupError("a shelf that is not there")


class SlowStore(Beside):
    """A store whose questions take until a story says so."""

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.answers = asyncio.Event()
        self.waiting = 0

    async def find(self, query: Any) -> Any:
        """Answer when the story lets it."""
        self.waiting += 1
        await self.answers.wait()
        return await self.part.find(query)


async def test_e16_github_refuses_the_dispatch(story: Story) -> None:
    """GitHub's own sentence, the right that the app lacks, and that nothing was deployed; on the card and below."""
    fails(story, DISPATCHES, 403)
    await is_trying(story)
    no = (
        "“403 Resource not accessible by integration”",
        "*Actions: write* on acme/checkout",
        "Nothing was deployed",
    )
    await shows(story, "E16", *no)
    await says_below(story, "E16", *no)


async def test_e17_the_inputs_do_not_fit(story: Story) -> None:
    """Which key of the catalog must fit the workflow, and that nothing was deployed."""
    await rewrites_catalog(story, INPUTS, 'tag: "{version}", sha: "{sha}"')
    await is_trying(story)
    await shows(
        story, "E17", "Unexpected inputs", "`services.checkout.deploy.inputs`", "Nothing was deployed"
    )


async def test_e19_a_rate_limit(story: Story) -> None:
    """Until when it waits, that the promotion keeps its place, and that nobody has to do anything."""
    await is_approved(story)
    story.playground.github.exhausts_rate_limit(60)
    await shows(story, "E19", "I was asked to wait", "rate limit", "P-1 keeps its place; no action needed")
    story.passes(50)
    await story.until("P-1", "succeeded")


async def test_e20_the_channel_is_closed_to_the_bot(story: Story) -> None:
    """The line that lets it in, told to whoever asked by direct message."""
    channel = story.playground.slack.workspace.channel("deploys")
    channel.members.remove(story.world.bot_user)
    await story.ana.types(ASK, channel="general")
    await reads(story.ana, "E20", "I am not in #deploys", "`/invite @greenlight`")


async def test_e25_the_database_is_down(story: Story) -> None:
    """Nothing is approved or started, nothing was recorded, and when to try again."""
    store = await weak_store(story)
    store.fails = lambda change: True
    await story.ana.types(ASK)
    assert_no(whispered(story.ana), "E25", "I cannot reach my database", "this was not recorded", "Try again")
    assert story.dispatches() == []


async def test_e26_a_catalog_that_cannot_be_used(story: Story) -> None:
    """The line, what is wrong with it, what counts meanwhile; told to the admins, and not to others."""
    story.expected_complaints.append("catalog refused")
    path = story.bot.settings.catalog
    good = path.read_text()
    path.write_text(good.replace("{count: 2, from: release-managers}", "{count: 0, from: release-managers}"))

    line = 1 + good[: good.index("{count: 2")].count("\n")
    kept = "I kept the previous configuration (loaded <!date^"
    for admin in (story.bo, story.cy):
        await reads(admin, "E26", f"promotions.yml line {line}", "approvals[0].count", kept, "Mend the file")
    assert story.playground.slack.workspace.direct("U0ELI").messages == {}

    path.write_text(good)
    await is_asked(story)


async def test_e28_a_fault_of_our_own(story: Story) -> None:
    """A reference that the log has too, that nothing was done, and who can find it."""
    story.expected_complaints.append("handler broke")
    await beside(story, "store", BrokenStore)
    await story.ana.types("/promote history checkout")
    assert_no(
        whispered(story.ana), "E28", "went wrong on my side (ref `", "was not done", "by that reference"
    )


async def test_e48_more_than_can_be_answered(story: Story) -> None:
    """All places are taken: whoever types next is told so at once, and nothing was done."""
    store = await beside(story, "store", SlowStore)
    people = (story.ana, story.bo, story.cy, story.dee, story.eli)
    asking = [
        asyncio.create_task(people[number % 4].types("/promote history checkout"))
        for number in range(AT_ONCE)
    ]
    await story.sees(lambda: store.waiting >= AT_ONCE, "all places taken")
    await story.eli.types("/promote status")
    assert_no(whispered(story.eli), "E48", "too much to do at this moment", "this was not done", "Try again")
    store.answers.set()
    await asyncio.gather(*asking)


async def test_e49_what_a_newer_version_wrote(story: Story) -> None:
    """During an upgrade the older one leaves it alone, and says when to try again."""
    await is_asked(story)
    await rests(story)
    path = story.bot.settings.catalog.parent / DATABASE
    await story.bot_stops()
    with closing(sqlite3.connect(path)) as database, database:
        (body,) = database.execute("SELECT body FROM promotions WHERE id = 'P-1'").fetchone()
        newer = json.dumps({**json.loads(body), "v": 99})
        database.execute("UPDATE promotions SET body = ? WHERE id = 'P-1'", (newer.encode(),))
    await story.bot_starts()
    await story.bo.types("/promote approve P-1")
    assert_no(whispered(story.bo), "E49", "A newer version of me", "nothing was done", "Try again")
