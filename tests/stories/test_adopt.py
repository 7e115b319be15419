"""Adopt: what is live already is recorded by who may, looked up before it counts, and told when it is done."""

import asyncio
import os
import sys

from inline_snapshot import snapshot

from bot.domain.promotion import Live
from tests.stories.parts import store_file
from tests.stories.said import heard, replies, told
from tests.stories.story import Story
from tests.stories.vendors import comes_back, goes_down, refuses

WHY = "because it was live before Greenlight"


async def test_an_admin_adopts_a_version(story: Story) -> None:
    """Bo names what is live: it is looked up at GitHub, recorded, and becomes what a rollback can go back to."""
    answer = await story.bo.types(f"/promote adopt inventory@v1.0.0 in production {WHY}")
    assert replies(answer) == snapshot(
        [
            "Looking v1.0.0 up for inventory production. I tell you here when it is recorded as live; nothing is deployed."
        ]
    )
    assert await told(story.bo) == snapshot(
        "Recorded: inventory production runs v1.0.0. Nothing was deployed; a rollback can go back to it."
    )

    live = await _live(story)
    assert live.serving is not None
    assert (live.serving.version, live.serving.by) == ("v1.0.0", "bo")
    assert [release.version for release in live.good] == ["v1.0.0", "v1.1.0"]


async def test_the_version_is_read_from_health(story: Story) -> None:
    """Without a version the health body says what is live."""
    await story.bo.types(f"/promote adopt storefront in production {WHY}")

    assert await told(story.bo) == snapshot(
        "Recorded: storefront production runs v1.1.0. Nothing was deployed; a rollback can go back to it."
    )


async def test_health_does_not_name_a_version(story: Story) -> None:
    """The health URL answers something that names none: nothing is recorded, and Bo is told what to type."""
    story.world.health["storefront", "production"] = "html"
    await story.bo.types(f"/promote adopt storefront in production {WHY}")

    assert await told(story.bo) == snapshot(
        "I cannot find a version in the health body for storefront production, so nothing was recorded. Name a tag, a branch or a commit: `/promote adopt storefront@v2.14.2 in production because it is live`"
    )


async def test_only_an_admin_adopts(story: Story) -> None:
    """Ana is no admin: refused at once, with whom to ask."""
    answer = await story.ana.types(f"/promote adopt inventory@v1.0.0 in production {WHY}")

    assert replies(answer) == snapshot(
        ["You cannot adopt: that needs release-managers. Ask one of @bo or @cy."]
    )


async def test_what_cannot_be_adopted(story: Story) -> None:
    """A version that is no name, a place that is none, a line without a place: each has its sentence."""
    lines = (
        f"/promote adopt inventory@../x in production {WHY}",
        f"/promote adopt inventory@v1.0.0 in moon {WHY}",
        f"/promote adopt warehouse@v1.0.0 in production {WHY}",
        "/promote adopt inventory@v1.0.0",
    )
    said = {line: replies(await story.bo.types(line)) for line in lines}

    assert said == snapshot(
        {
            "/promote adopt inventory@../x in production because it was live before Greenlight": [
                "“../x” cannot be a tag, a branch or a commit. Name one that exists, as in `/promote checkout@v2.14.3 to production`."
            ],
            "/promote adopt inventory@v1.0.0 in moon because it was live before Greenlight": [
                "inventory has no environment “moon”. Its path is dev › staging › production. Try `/promote inventory to production`."
            ],
            "/promote adopt warehouse@v1.0.0 in production because it was live before Greenlight": [
                "I do not know a service called “warehouse”. `/promote status all` lists all 3."
            ],
            "/promote adopt inventory@v1.0.0": [
                "I did not understand “adopt inventory@v1.0.0”. Did you mean `/promote adopt checkout@v2.14.2 in production because it was live before Greenlight`?"
            ],
        }
    )


async def test_an_unknown_version(story: Story) -> None:
    """GitHub knows no such version: nothing is recorded, and Bo is told."""
    await story.bo.types(f"/promote adopt inventory@v9.9.9 in production {WHY}")

    assert await told(story.bo) == snapshot(
        "I cannot find “v9.9.9” for inventory production, so nothing was recorded. Name a tag, a branch or a commit: `/promote adopt inventory@v2.14.2 in production because it is live`"
    )
    live = await _live(story)
    assert live.serving is not None
    assert live.serving.version == "v1.1.0"


async def test_github_is_down(story: Story) -> None:
    """The adoption is kept and tried again; it is told when it is done."""
    refuses(story, "github", "/acme/inventory", 500, 500)
    await story.bo.types(f"/promote adopt inventory@v1.0.0 in production {WHY}")

    assert "v1.0.0" in await told(story.bo)
    live = await _live(story)
    assert live.serving is not None
    assert live.serving.version == "v1.0.0"


async def test_a_crash_in_between(story: Story) -> None:
    """The bot dies after it said "adopting" and before GitHub answered: it is done after the restart."""
    goes_down(story, "github")
    await story.bo.types(f"/promote adopt inventory@v1.0.0 in production {WHY}")
    await story.bot_restarts()
    comes_back(story, "github")

    async def recorded() -> bool:
        serving = (await _live(story)).serving
        return serving is not None and serving.version == "v1.0.0"

    await story.sees(recorded, "the adoption")


async def test_adopt_on_the_command_line(story: Story) -> None:
    """While the bot does not run, `greenlight adopt` records the same; the bot then knows it."""
    await story.bot_stops()
    code, said = await _greenlight(
        story, "adopt", "inventory@v1.0.0", "production", "--because", "it is live"
    )
    assert (code, said) == snapshot((0, "inventory production runs v1.0.0 (8948ddb), recorded."))
    code, said = await _greenlight(story, "adopt", "inventory@v9.9.9", "production")
    assert (code, said) == snapshot(
        (1, "I cannot find v9.9.9 for inventory: name a tag, a branch or a commit.")
    )
    await story.bot_starts()

    live = await _live(story)
    assert live.serving is not None
    assert (live.serving.version, live.serving.by) == ("v1.0.0", "command line")


async def test_the_command_line_while_the_bot_runs(story: Story) -> None:
    """One process owns the store: the command says so and changes nothing."""
    code, said = await _greenlight(story, "adopt", "inventory@v1.0.0", "production")

    assert code == 1
    said = said.replace(str(store_file(story)), "<store>").replace(str(os.getpid()), "<process>")
    assert said == snapshot(
        "<store> is in use by process <process>: stop it, or set STORE_URL to another file."
    )
    assert heard(story.bo) == []


async def _live(story: Story) -> Live:
    live, _ = await story.bot.contexts.live("inventory", "production")
    return live


async def _greenlight(story: Story, *arguments: str) -> tuple[int, str]:
    """Run the command line as an admin would; its exit code and everything it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env={"PATH": os.environ["PATH"], **story.playground.bot_environment()},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode().strip()
