"""The SQLite file is held by a backup, or is damaged, under the whole bot (F21, F23): honest answers, nothing half done."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from inline_snapshot import snapshot

from bot.playground.server import DATABASE
from bot.store.protocol import Query
from tests.observability.scrapes import page
from tests.stories.deploys import buttons, is_approved, is_asked, is_running
from tests.stories.said import replies
from tests.stories.story import Story

ASK = "/promote checkout@v2.14.3 to production because fix refunds"


def file_of(story: Story) -> Path:
    """Where the bot of a story keeps everything."""
    url = story.playground.bot_environment()["STORE_URL"]
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def backup(story: Story) -> Iterator[None]:
    """Another process's write lock on the file, as a backup tool takes it."""
    with closing(sqlite3.connect(file_of(story), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def is_ready(story: Story, status: int) -> bool:
    """Whether /readyz answers with a status."""
    return (await page(story, "/readyz"))[0] == status


async def test_f21_a_request_during_a_backup_is_refused_honestly(story: Story) -> None:
    """Within Slack's three seconds the person is told that nothing was recorded; afterwards the same line works."""
    with backup(story):
        answer = await story.ana.types(ASK)
        assert replies(answer) == snapshot(
            [
                "I cannot reach my database, so I will not approve or start anything, and this was not recorded. Try again in a minute; the team that runs me sees it in the logs."
            ]
        )
        await story.sees(lambda: is_ready(story, 503), "red")
        assert (await page(story, "/livez"))[0] == 200
    await story.sees(lambda: is_ready(story, 200), "green")
    await story.ana.types(ASK)
    await story.sees(lambda: "Approve" in buttons(story.messages()), "the card")
    assert len(await story.bot.store.find(Query())) == 1


async def test_f21_a_click_during_a_backup_is_not_acknowledged(story: Story) -> None:
    """Bo sees that his click did not arrive, nothing of it is stored, and the next one counts."""
    await is_asked(story)
    with backup(story):
        await story.bo.clicks("Approve")
        await story.sees(
            lambda: any("did not answer this click" in one for one in story.bo.heard), "Slack's word"
        )
    assert (await story.stands("P-1")).approvals == ()
    await story.sees(lambda: is_ready(story, 200), "green")
    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")
    await story.until("P-1", "deploying", "succeeded")
    assert len(story.dispatches()) == 1


async def test_f21_a_run_that_ends_during_a_backup_is_caught_up_with(story: Story) -> None:
    """The end of the run cannot be stored while the file is held: it is looked for again, and told once."""
    await is_running(story)
    with backup(story):
        story.playground.github.finishes()
        await story.sees(lambda: is_ready(story, 503), "red")
    await story.until("P-1", "succeeded")
    await story.settles()
    assert len(story.runs) == 1
    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")


async def test_f21_a_backup_at_the_moment_of_the_intent(story: Story) -> None:
    """What could not be stored before the dispatch is not dispatched; afterwards there is one run."""
    await is_approved(story)
    with backup(story):
        story.passes(60)
        await story.sees(lambda: is_ready(story, 503), "red")
        during = len(story.dispatches())
    await story.until("P-1", "deploying", "succeeded")
    assert during == 0
    assert len(story.dispatches()) == len(story.runs) == 1


async def test_f23_a_damaged_file_stops_the_start_and_is_left_alone(story: Story) -> None:
    """`run` exits with one sentence that names the file and what to do; no byte changes, and no other file appears."""
    await is_asked(story)
    await story.bot_stops()
    file = file_of(story)
    damaged = file.read_bytes()[: 3 * 4096 + 100]
    file.write_bytes(damaged)
    code, said = await _run(story)
    assert code == 1
    assert said.replace(str(file), DATABASE).splitlines()[-1] == snapshot(
        "greenlight.db is damaged (database disk image is malformed): move it away, with its -wal and -shm, and put a backup in its place; I will not start an empty one."
    )
    assert file.read_bytes() == damaged


async def _run(story: Story) -> tuple[int | None, str]:
    environment = {**os.environ, **story.playground.bot_environment()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(60):
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, said.decode()
