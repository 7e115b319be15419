"""`/promote plan`: what a promotion would meet, without one."""

from inline_snapshot import snapshot

from bot.store.protocol import Query
from tests.stories.deploys import is_running
from tests.stories.moments import rests
from tests.stories.parts import silent_github
from tests.stories.said import plain, replies
from tests.stories.story import Somebody, Story
from tests.stories.ways import mentions


async def planned(who: Somebody, line: str) -> list[str]:
    """What the whole plan says, once the world was looked at."""
    before = len(who.heard)
    await who.types(f"/promote plan {line}")
    story, slack = who.story, who.story.world.people[who.name].slack
    await story.sees(lambda: len(who.heard) > before, "the plan")
    said = story.playground.slack.workspace.private[slack][-1]
    return [plain(block["text"]["text"]) for block in said.blocks if block["type"] == "section"]


async def audited(story: Story) -> list[str]:
    """What the audit log says, but for who looked at what when."""
    rows = await story.bot.store.audit(0)
    return [f"{row.action} {row.subject}" for row in rows if not row.subject.startswith("home:")]


async def test_a_plan_is_one_answer(story: Story) -> None:
    """Acknowledged at once, answered once, when GitHub and the gates have spoken; nothing is stored or started."""
    rows = await audited(story)
    await story.ana.types("/promote plan checkout@v2.14.3 to production")
    await story.sees(lambda: story.ana.heard, "the plan")
    await rests(story)

    assert [plain(text) for text in story.ana.heard] == snapshot(
        [
            "Plan of checkout v2.14.3 to production: earliest start 10 s after the last approval. Nothing was started."
        ]
    )
    assert await story.bot.store.find(Query()) == []
    assert await audited(story) == rows
    assert story.messages() == []
    assert story.dispatches() == []


async def test_the_whole_plan(story: Story) -> None:
    """Each requirement with what is known of it, the approvers, the earliest start, what changes, and whether I may."""
    assert await planned(story.ana, "checkout@v2.14.3 to production") == snapshot(
        [
            ":clipboard: *Plan:* checkout v2.14.3 → production. Nothing was asked for or started.",
            """\
:white_check_mark: *Branch* passed · on main
:white_check_mark: *Path* passed · succeeded in staging
:white_check_mark: *Checks* passed · 3 passed
:white_check_mark: *Health* passed · staging: 1 good answer in a row (HTTP 200)
:white_check_mark: *Incidents* passed · none open
:white_small_square: *Approvals* 2 of release-managers (@bo or @cy), not by whoever asks
:white_small_square: *Wait* 10 s after the last approval
:white_check_mark: *Slot* free\
""",
            """\
*Earliest start* 10 s after the last approval.
*You* may ask for it. You are none of its approvers.
*Changes* [3 commits since v2.14.2] · [#812] Log the trace id · [#811] Bump dependencies · [#810] Fix EUR refunds\
""",
        ]
    )


async def test_an_approver_is_told_that_they_are_one(story: Story) -> None:
    """Bo can approve it when somebody else asks; without words for it the next version and stage are meant."""
    assert (await planned(story.bo, "checkout"))[-1] == snapshot("""\
*Earliest start* 10 s after the last approval.
*You* may ask for it. You can approve it when somebody else asks.
*Changes* [3 commits since v2.14.2] · [#812] Log the trace id · [#811] Bump dependencies · [#810] Fix EUR refunds\
""")


async def test_what_would_be_turned_away_says_why(story: Story) -> None:
    """Live already, not yet in staging, no such version: the sentence of the request itself."""
    assert (await planned(story.ana, "checkout@v2.14.2 to production"))[1] == snapshot(
        ":no_entry: *A request would be turned away.* checkout production already runs v2.14.2 since <time>. Nothing to do; `/promote status checkout` shows the rest."
    )
    assert (await planned(story.bo, "checkout@v2.14.1 to production"))[1] == snapshot(
        ":no_entry: *A request would be turned away.* v2.14.1 has not succeeded in staging, and production only takes versions that did (rule `after`). Promote it there first: `/promote checkout@v2.14.1 to staging`"
    )
    assert (await planned(story.cy, "checkout@v9 in production"))[1] == snapshot(
        ":no_entry: *A request would be turned away.* I cannot find “v9” in acme/checkout (tags, branches, commits), so nothing was started. Push the tag first, or name a branch or a commit."
    )


async def test_what_stands_in_the_way_now(story: Story) -> None:
    """An unhealthy staging, a slot that somebody holds, and the same version asked for already."""
    await is_running(story)
    story.world.health["checkout", "staging"] = "failing"

    assert await planned(story.eli, "checkout@v2.14.3 to production") == snapshot(
        [
            ":clipboard: *Plan:* checkout v2.14.3 → production. Nothing was asked for or started.",
            """\
:white_check_mark: *Branch* passed · on main
:white_check_mark: *Path* passed · succeeded in staging
:white_check_mark: *Checks* passed · 3 passed
:hourglass_flowing_sand: *Health* checking · staging: answered 503, not 200 (1 look); the rule: answers 200, within 3 looks 2 s apart
:white_check_mark: *Incidents* passed · none open
:white_small_square: *Approvals* 2 of release-managers (@bo or @cy), not by whoever asks
:white_small_square: *Wait* 10 s after the last approval
:hourglass_flowing_sand: *Slot* behind P-1\
""",
            """\
*Earliest start* 10 s after the last approval, once Health has passed, and behind P-1.
*You* may ask for it. You are none of its approvers.
:warning: P-1 asks for this version already: a second request is refused.
*Changes* [3 commits since v2.14.2] · [#812] Log the trace id · [#811] Bump dependencies · [#810] Fix EUR refunds\
""",
        ]
    )


async def test_a_plan_that_cannot_be_made(story: Story) -> None:
    """An unknown service or environment, no version, and one that cannot be one: refused at once, with what to type."""
    for line in (
        "chekout@v2.14.3",
        "checkout@v2.14.3 to prod",
        "checkout to dev",
        "checkout@-x to staging",
        "",
    ):
        assert len(replies(await story.ana.types(f"/promote plan {line}"))) == 1
    assert [plain(text) for text in story.ana.heard] == snapshot(
        [
            "I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3.",
            "checkout has no environment “prod”. Its path is dev › staging › production. Try `/promote checkout to production`.",
            "Name a version: nothing is recorded that would be next for dev. `/promote plan checkout@v2.14.3 to dev`",
            "“-x” cannot be a tag, a branch or a commit. Name one that exists, as in `/promote checkout@v2.14.3 to production`.",
            "I did not understand “plan”. Did you mean `/promote plan checkout@v2.14.3 to production`?",
        ]
    )


async def test_github_is_down(story: Story) -> None:
    """What is known is told; that the rest is not, and what to type later, is told as well."""
    story.world.vendor_always["github"] = 503
    await story.ana.types("/promote plan checkout@v2.14.3 to production")
    await story.sees(lambda: story.ana.heard, "the end of it")

    assert plain(story.ana.heard[0]) == snapshot(
        "I could not look v2.14.3 up (“No server is currently available to service your request. Sorry about that.”). Try again later: `/promote plan checkout@v2.14.3 to production`"
    )


async def test_asking_again_and_again_asks_github_once(story: Story) -> None:
    """A plan that was made a moment ago is told again."""
    await planned(story.ana, "checkout@v2.14.3 to production")
    calls = story.calls()["github"]
    for _ in range(5):
        await story.ana.types("/promote plan checkout@v2.14.3 to production")
    await story.sees(lambda: len(story.ana.heard) == 6, "all plans")

    assert story.calls()["github"] == calls


async def test_plans_that_wait_for_github_hold_up_nobody(story: Story) -> None:
    """GitHub says nothing: twenty plans wait for it, and a refusal is heard and a form opens all the same."""
    github = await silent_github(story)
    for number in range(20):
        await story.eli.types(f"/promote plan checkout@v3.0.{number} to staging")

    assert "You are *bo*" in await mentions(story.bo, "whoami")
    await story.eli.types("/promote checkout")
    slack = story.world.people["eli"].slack
    await story.sees(lambda: story.playground.slack.workspace.view_of(slack), "the form")
    assert story.eli.heard == []

    github.answers.set()
    await story.sees(lambda: len(story.eli.heard) == 20, "the end of every plan")
