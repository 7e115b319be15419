"""What becomes of a request: a card, or one private sentence that says what is wrong and what to do."""

from inline_snapshot import snapshot

from bot.playground.world import sha_for
from tests.stories.moments import rests
from tests.stories.said import letters, plain, replies, told
from tests.stories.story import Story

BECAUSE = "because fix refunds"


LINES = (
    "/promote chekout@v2.14.3 to production because fix refunds",
    "/promote warehouse@v2.14.3 to production because fix refunds",
    "/promote checkout@v2.14.3 to prod because fix refunds",
    "/promote checkout@v2.14.3 to moon because fix refunds",
    "/promote checkout@-x;rm to production because fix refunds",
    "/promote checkout@HEAD~1 to production because fix refunds",
    "/promote checkout@../v1 to production because fix refunds",
    "/promote checkout@v2.14.3 to production because short",
    "/promote checkout@v2.14.3 to production",
    "/promote @v2.14.3 to production because fix refunds",
    "/promote aprove P-1",
    "/promote approve",
    "/promote why P-77",
    "/promote approve P-77",
    "/promote status nowhere",
)


def nothing_public(story: Story) -> bool:
    """No card, no thread, and nothing asked of the deploy workflow."""
    return not story.messages("deploys") and not story.dispatches()


async def test_an_accepted_request_has_one_card(story: Story) -> None:
    """Who asked is told that the version is being checked, and everybody sees one card."""
    answer = await story.ana.types(f"/promote checkout@v2.14.3 to production {BECAUSE}")
    await rests(story)

    assert replies(answer) == snapshot(
        [
            "P-1: checkout v2.14.3 to production is asked for. Its card comes in #deploys; if it gets none, I tell you why here."
        ]
    )
    assert story.playground.slack.posts("deploys") == 1
    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana."
    )


async def test_words_that_cannot_work_are_answered_at_once(story: Story) -> None:
    """A line that cannot work gets one private sentence: what is wrong, the rule, what to type instead."""
    said = {line: replies(await story.ana.types(line)) for line in LINES}

    assert said == snapshot(
        {
            "/promote chekout@v2.14.3 to production because fix refunds": [
                "I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3."
            ],
            "/promote warehouse@v2.14.3 to production because fix refunds": [
                "I do not know a service called “warehouse”. `/promote status all` lists all 3."
            ],
            "/promote checkout@v2.14.3 to prod because fix refunds": [
                "checkout has no environment “prod”. Its path is dev › staging › production. Try `/promote checkout to production`."
            ],
            "/promote checkout@v2.14.3 to moon because fix refunds": [
                "checkout has no environment “moon”. Its path is dev › staging › production. Try `/promote checkout to production`."
            ],
            "/promote checkout@-x;rm to production because fix refunds": [
                "“-x;rm” cannot be a tag, a branch or a commit. Name one that exists, as in `/promote checkout@v2.14.3 to production`."
            ],
            "/promote checkout@HEAD~1 to production because fix refunds": [
                "“HEAD∼1” cannot be a tag, a branch or a commit. Name one that exists, as in `/promote checkout@v2.14.3 to production`."
            ],
            "/promote checkout@../v1 to production because fix refunds": [
                "“../v1” cannot be a tag, a branch or a commit. Name one that exists, as in `/promote checkout@v2.14.3 to production`."
            ],
            "/promote checkout@v2.14.3 to production because short": [
                "A reason of at least 8 characters is needed to request: whoever reads the audit log later relies on it. For example: `/promote checkout@v2.14.3 to production because &lt;reason&gt;`"
            ],
            "/promote checkout@v2.14.3 to production": [
                "A reason of at least 8 characters is needed to request: whoever reads the audit log later relies on it. For example: `/promote checkout@v2.14.3 to production because &lt;reason&gt;`"
            ],
            "/promote @v2.14.3 to production because fix refunds": [
                "I did not understand “@v2.14.3 to production”. Did you mean `/promote checkout@v2.14.3 to production because fix refunds`?"
            ],
            "/promote aprove P-1": [
                "I did not understand “aprove P-1”. Did you mean `/promote approve P-1`?"
            ],
            "/promote approve": ["I did not understand “approve”. Did you mean `/promote approve P-142`?"],
            "/promote why P-77": ["I know no promotion “P-77”. `/promote status` lists what is on its way."],
            "/promote approve P-77": [
                "I know no promotion “P-77”. `/promote status` lists what is on its way."
            ],
            "/promote status nowhere": [
                "I do not know a service called “nowhere”. `/promote status all` lists all 3."
            ],
        }
    )
    await rests(story)
    assert nothing_public(story)


async def test_a_version_that_does_not_exist_is_named_with_its_nearest(story: Story) -> None:
    """E05: no card is made for a version that GitHub does not know; who asked is told which ones are near."""
    await story.ana.types(f"/promote checkout@v2.14.9 to production {BECAUSE}")

    assert await told(story.ana) == snapshot(
        "I cannot find “v2.14.9” in acme/checkout (tags, branches, commits), so nothing was started. Nearest: v2.14.3, v2.14.2 or v2.14.1. Try `/promote checkout@v2.14.3 to production`"
    )
    await rests(story)
    assert nothing_public(story)


async def test_failed_deployment_by_a_tag_that_does_not_exist(story: Story) -> None:
    """The seed's invalid version: refused at the request, so no run starts and nobody is paged."""
    await story.ana.types(f"/promote checkout@v99.99.99 to production {BECAUSE}")

    await story.until("P-1", "rejected")
    assert await told(story.ana) == snapshot(
        "I cannot find “v99.99.99” in acme/checkout (tags, branches, commits), so nothing was started. Push the tag first, or name a branch or a commit."
    )
    await rests(story)
    assert nothing_public(story)
    assert (story.runs, story.incidents) == ([], [])


async def test_a_version_that_means_two_commits_is_refused(story: Story) -> None:
    """E43: a tag and a branch of one name are never guessed between."""
    story.playground.github.moves_branch("checkout", "v2.14.3", sha_for("checkout", "feature/limits"))

    await story.ana.types(f"/promote checkout@v2.14.3 to production {BECAUSE}")

    assert await told(story.ana) == snapshot(
        "“v2.14.3” means more than one commit in acme/checkout: tags/v2.14.3 (ffdbf00) and heads/v2.14.3 (d837f00). Name the full commit SHA instead."
    )
    await rests(story)
    assert nothing_public(story)


async def test_a_commit_of_a_fork_is_off_the_branches(story: Story) -> None:
    """E44: GitHub resolves a fork's commit through its parent; production takes what is on main."""
    await story.ana.types(f"/promote checkout@{sha_for('checkout', 'fork')} to production {BECAUSE}")

    assert await told(story.ana) == snapshot(
        "9dc2a55 is not on `main`, and production takes nothing else (rule `branches`). Merge it there, then ask again."
    )
    await rests(story)
    assert nothing_public(story)


async def test_a_branch_that_is_not_merged_is_off_the_branches(story: Story) -> None:
    """E44: an unmerged branch can go to dev only."""
    await story.ana.types(f"/promote checkout@feature/limits to staging {BECAUSE}")

    assert await told(story.ana) == snapshot(
        "feature/limits is not on `main`, and staging takes nothing else (rule `branches`). Merge it there, then ask again."
    )
    await rests(story)
    assert nothing_public(story)


async def test_a_skipped_stage_is_refused(story: Story) -> None:
    """E03: production takes only what succeeded in staging; the next command is in the answer."""
    await story.ana.types(f"/promote checkout@v2.15.0 to production {BECAUSE}")

    assert await told(story.ana) == snapshot(
        "v2.15.0 has not succeeded in staging, and production only takes versions that did (rule `after`). Promote it there first: `/promote checkout@v2.15.0 to staging`"
    )
    await rests(story)
    assert nothing_public(story)


async def test_what_is_live_already_is_not_deployed_again(story: Story) -> None:
    """E04: the version that serves already needs nothing, and the answer says since when."""
    await story.ana.types(f"/promote checkout@v2.14.2 to production {BECAUSE}")

    assert await told(story.ana) == snapshot(
        "checkout production already runs v2.14.2 since <time>. Nothing to do; `/promote status checkout` shows the rest."
    )
    await rests(story)
    assert nothing_public(story)


async def test_a_full_sha_that_is_live_already_is_found_out(story: Story) -> None:
    """E04 looks at the commit, not at the word for it."""
    await story.ana.types(f"/promote checkout@{sha_for('checkout', 'v2.14.2')} to production {BECAUSE}")

    assert "already runs" in await told(story.ana)
    await rests(story)
    assert nothing_public(story)


async def test_f71_asking_twice_points_to_the_first(story: Story) -> None:
    """The same line again, because Slack seemed not to answer, makes no second promotion."""
    line = f"/promote checkout@v2.14.3 to production {BECAUSE}"
    await story.ana.types(line)

    again = await story.ana.types(line)

    assert replies(again) == snapshot(
        ["P-1 asks for the same thing already (asked by @ana). `/promote why P-1` tells what it waits for."]
    )
    await rests(story)
    assert story.playground.slack.posts("deploys") == 1


async def test_a_channel_without_the_bot_still_gets_answers(story: Story) -> None:
    """Typed in #payments, where the bot is not: the card goes to #deploys, a later no by direct message."""
    first = await story.ana.types(f"/promote checkout@v2.14.3 to production {BECAUSE}", channel="payments")
    await story.ana.types(f"/promote checkout@v2.14.9 to production {BECAUSE}", channel="payments")
    await story.until("P-2", "rejected")
    await rests(story)

    assert replies(first) == snapshot(
        [
            "P-1: checkout v2.14.3 to production is asked for. Its card comes in #deploys; if it gets none, I tell you why here."
        ]
    )
    assert story.card("P-1")
    assert letters(story.ana) == snapshot(
        [
            "I cannot find “v2.14.9” in acme/checkout (tags, branches, commits), so nothing was started. Nearest: v2.14.3, v2.14.2 or v2.14.1. Try `/promote checkout@v2.14.3 to production`"
        ]
    )
    assert not [one for one in story.messages("payments") if one.author == story.world.bot_user]


async def test_a_service_channel_without_the_bot_is_told_to_who_asked(story: Story) -> None:
    """E20: a card that cannot be posted is said to the requester once, and posted when the bot is let in."""
    deploys = story.playground.slack.workspace.channel("deploys")
    deploys.members.remove(story.world.bot_user)
    await story.ana.types(f"/promote checkout@v2.14.3 to production {BECAUSE}", channel="general")
    await story.sees(lambda: bool(letters(story.ana)))

    assert letters(story.ana) == snapshot(
        [
            "I am not in #deploys, so P-1 has no card yet. Type `/invite @greenlight` there, and I post it within a minute."
        ]
    )
    deploys.members.append(story.world.bot_user)
    await story.sees(lambda: bool(story.messages()), "the card")
    assert story.card("P-1")
    assert len(letters(story.ana)) == 1


async def test_a41_a_typed_reason_cannot_shout(story: Story) -> None:
    """What a reason says of channels, people and links is shown as plain words."""
    await story.ana.types(
        "/promote checkout@v2.14.3 to production because <!channel> <@U0BO> <https://evil|Approve> *now*"
    )
    await rests(story)

    shown = str(story.card("P-1").blocks) + story.card("P-1").text + "".join(story.thread("P-1"))
    assert "<!channel>" not in shown
    assert "<https://evil" not in shown
