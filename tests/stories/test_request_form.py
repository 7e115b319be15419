"""The request form as somebody fills it in: what it offers, what it draws again, what it warns of and refuses."""

from inline_snapshot import snapshot

from bot.playground.world import sha_for
from tests.stories.deploys import is_running
from tests.stories.filling import (
    element,
    forges,
    holds,
    knows_the_list,
    names,
    offers,
    on_screen,
    opens,
    picks,
    says,
    says_about,
)
from tests.stories.moments import rests
from tests.stories.said import plain
from tests.stories.story import Answer, Story

REASON = "fix refunds for EUR cards"
LISTS = ("/tags", "/branches")


def lists_read(story: Story) -> int:
    """How often a list of tags or branches was asked for."""
    return sum(one.path.endswith(LISTS) for one in story.asked("github", method="GET"))


async def test_the_form_knows_what_is_next(story: Story) -> None:
    """`/promote checkout`: the stage that lags, the version that is verified before it, what changes, what it needs."""
    view = await opens(story.ana, "/promote checkout")
    await knows_the_list(story)

    assert holds(view) == snapshot(
        {
            "service": "checkout",
            "version": "v2.14.3",
            "environment": "production",
            "reason": "",
            "skip_health": [],
            "skip_reason": "",
        }
    )
    assert says(view) == snapshot(
        [
            """\
*Changes:* [3 commits since v2.14.2]
• [#812] Log the trace id (ana-dev)
• [#811] Bump dependencies (eli-dev)
• [#810] Fix EUR refunds (ana-dev)\
""",
            "*Needs:* 2 of @release-managers (not you) · 10 s wait · gates: checks, health, incidents",
        ]
    )


async def test_services_are_found_by_a_part_of_their_name(story: Story) -> None:
    """What begins so comes before what holds it, and a slip of the finger is forgiven."""
    await opens(story.ana, "/promote")

    found = {
        typed: await offers(story.ana, "service", typed) for typed in ("", "o", "FRONT", "chekcout", "zzz")
    }

    assert found == snapshot(
        {
            "": [
                ("checkout", "acme/checkout"),
                ("storefront", "acme/storefront"),
                ("inventory", "acme/inventory"),
            ],
            "o": [
                ("checkout", "acme/checkout"),
                ("storefront", "acme/storefront"),
                ("inventory", "acme/inventory"),
            ],
            "FRONT": [("storefront", "acme/storefront")],
            "chekcout": [("checkout", "acme/checkout")],
            "zzz": [],
        }
    )


async def test_versions_are_offered_with_why(story: Story) -> None:
    """What is verified in staging comes first, then tags, newest first, then the branches that production takes."""
    await opens(story.ana, "/promote checkout")
    await knows_the_list(story)

    assert [text for text, _ in await offers(story.ana, "version")] == snapshot(
        ["v2.14.3", "v2.15.0", "v2.14.2", "v2.14.1", "v2.14.0", "main"]
    )
    assert (await offers(story.ana, "version"))[0][1].startswith("in staging for ")
    assert (await offers(story.ana, "version"))[0][1].endswith("3 commits ahead of production")
    assert [text for text, _ in await offers(story.ana, "version", "2.14")] == snapshot(
        ["v2.14.3", "v2.14.2", "v2.14.1", "v2.14.0", "use “2.14” as written"]
    )


async def test_any_version_can_be_typed(story: Story) -> None:
    """What is no tag at all is offered as it was typed, chosen, and asked for: GitHub decides what it is."""
    view = await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    sha = sha_for("checkout", "v2.14.3")

    assert (await offers(story.ana, "version", sha[:10]))[-1] == (f"use “{sha[:10]}” as written", "")
    await picks(story.ana, "version", sha[:10])
    await story.ana.submits({"id": view.id}, reason=REASON)
    await rests(story)

    promotion = await story.stands("P-1")
    assert (promotion.version, promotion.sha) == (sha[:10], sha)


async def test_what_cannot_be_a_version_is_not_offered(story: Story) -> None:
    """Neither is it taken when a client sends it all the same."""
    view = await opens(story.ana, "/promote checkout")
    assert await offers(story.ana, "version", "HEAD~1") == []
    forges(story.ana, "version", "HEAD~1")

    said = await story.ana.submits({"id": view.id}, reason=REASON)

    assert said["errors"] == snapshot(
        {
            "version@checkout@production": "“HEAD∼1” cannot be a tag, a branch or a commit. Name one that exists, as in /promote checkout@v2.14.3 to production."
        }
    )
    assert await story.bot.store.load("P-1") is None


async def test_another_service_brings_its_own_fields(story: Story) -> None:
    """Choosing a service draws again what depends on it; the reason stays, the old version is forgotten."""
    view = await opens(story.ana, "/promote checkout@v2.14.3 because the tax line")
    await knows_the_list(story)
    await picks(story.ana, "service", "inventory")
    await story.sees(lambda: "Checking" not in str(view.body), "the changes")

    assert holds(view) == snapshot(
        {"service": "inventory", "version": "v1.2.0", "environment": "staging", "reason": "the tax line"}
    )
    sent = await story.ana.submits({"id": view.id})
    assert "errors" not in sent, sent
    await rests(story)
    promotion = await story.stands("P-1")
    assert (promotion.service, promotion.environment, promotion.version) == ("inventory", "staging", "v1.2.0")


async def test_another_stage_brings_its_own_needs(story: Story) -> None:
    """Staging asks nobody and compares with what runs there; the chosen version stays chosen."""
    view = await opens(story.ana, "/promote checkout@v2.15.0")
    await knows_the_list(story)
    await picks(story.ana, "environment", "staging")
    await story.sees(lambda: "Checking" not in str(view.body), "the changes")

    assert holds(view)["version"] == "v2.15.0"
    assert says(view) == snapshot(
        [
            "warning: v2.15.0 is not verified in dev, and staging only takes versions that are. Promote it there first.",
            """\
*Changes:* [3 commits since v2.14.3]
• [#815] Fix EUR refunds (eli-dev)
• [#814] Retry card timeouts (ana-dev)
• [#813] Show the tax line (eli-dev)\
""",
            "*Needs:* gates: checks",
        ]
    )
    assert "skip_health" not in names(view)


async def test_another_version_brings_its_own_changes(story: Story) -> None:
    """Nothing typed is lost while the list of changes is renewed."""
    view = await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    story.playground.slack.people.types(view, element(view, "reason"), REASON)
    await picks(story.ana, "version", "v2.14.1")
    await story.sees(lambda: "Checking" not in str(view.body), "the changes")

    assert holds(view)["reason"] == REASON
    assert says_about(view, "Changes") == snapshot("""\
*Changes:* nothing that production does not have.
:warning: 3 commits that are live there now are *not in this version*.\
""")


async def test_it_warns_and_lets_ask(story: Story) -> None:
    """The slot is taken, the version is not verified before: it says so, and the request is stored all the same."""
    await is_running(story)
    view = await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    await picks(story.ana, "version", "v2.15.0")
    await story.sees(lambda: "not verified" in str(view.body), "the warning")

    assert [line for line in says(view) if line.startswith("warning")] == snapshot(
        [
            "warning: P-1 is deploying; you will queue behind it.",
            "warning: v2.15.0 is not verified in staging, and production only takes versions that are. Promote it there first.",
        ]
    )
    await story.ana.submits({"id": view.id}, reason=REASON)
    assert await story.bot.store.load("P-2") is not None


async def test_a_version_that_is_in_no_list(story: Story) -> None:
    """E05 as a warning: the list may be old, so it refuses nobody."""
    view = await opens(story.ana, "/promote checkout@v2.14.3")
    await knows_the_list(story)
    await picks(story.ana, "version", "v2.14.9")
    await story.sees(lambda: "Checking" not in str(view.body), "GitHub's answer")

    assert says(view) == snapshot(
        [
            "warning: I have seen no tag or branch “v2.14.9” in acme/checkout. Did you mean v2.14.3?",
            "*Changes:* GitHub does not tell me now (“Not Found”). You can go on without.",
            "*Needs:* 2 of @release-managers (not you) · 10 s wait · gates: checks, health, incidents",
        ]
    )
    sent = await story.ana.submits({"id": view.id}, reason=REASON)
    assert "errors" not in sent


async def test_what_serves_already_is_said_beside_the_version(story: Story) -> None:
    """E04 as a field error: since when and by what."""
    view = await opens(story.ana, "/promote checkout")
    said = await story.ana.submits({"id": view.id}, version="v2.14.2", reason=REASON)

    assert _timeless(said["errors"]) == snapshot(
        {"version@checkout@production": "v2.14.2 has been in production since <time>."}
    )
    assert await story.bot.store.load("P-1") is None


async def test_a_branch_that_serves_may_have_moved(story: Story) -> None:
    """Where a branch is now GitHub alone can tell: the form only warns, and the promotion is judged by its commit."""
    await story.ana.types("/promote checkout@main to dev because trying it out")
    await story.until("P-1", "succeeded")
    await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    known = await _asks_for_main(story)
    same = await story.until("P-2", "rejected")
    story.playground.github.moves_branch("checkout", "main", sha_for("checkout", "v2.14.1"))
    story.passes(60)
    await opens(story.ana, "/promote checkout")
    await story.sees(lambda: _head(story) == sha_for("checkout", "v2.14.1"), "the branch's new head")
    moved = await _asks_for_main(story)

    assert ("errors" in known, "errors" in moved) == (False, False)
    other = await story.until("P-3", "succeeded")
    assert same.ending is not None
    assert (same.ending.cause, other.sha) == ("live", sha_for("checkout", "v2.14.1"))


async def _asks_for_main(story: Story) -> Answer:
    view = on_screen(story.ana)
    return await story.ana.submits({"id": view.id}, environment="dev", version="main", reason=REASON)


def _head(story: Story) -> str:
    return story.bot.candidates.known("acme/checkout").refs.sha_of("main")


async def test_typed_promotions_read_no_lists(story: Story) -> None:
    """The cache costs whoever types the whole line nothing, and whoever opens two forms one look."""
    await story.ana.types(f"/promote checkout@v2.14.3 to production because {REASON}")
    await rests(story)
    assert lists_read(story) == 0

    await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    for typed in ("v", "v2", "v2.1"):
        await offers(story.ana, "version", typed)
    assert lists_read(story) == 2


async def test_the_form_remembers_whose_service_it_is(story: Story) -> None:
    """Without a word: the service that somebody asked for last, not the catalog's first."""
    await story.ana.types("/promote storefront@v1.2.0 to production because the tax line")
    await rests(story)

    view = await opens(story.ana, "/promote")

    assert holds(view)["service"] == "storefront"


def _timeless(errors: dict[str, str]) -> dict[str, str]:
    return {name: plain(sentence) for name, sentence in errors.items()}
