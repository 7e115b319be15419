"""What was asked for cannot be: each no has its code, names the rule, and says what to type instead."""

from bot.playground.world import sha_for
from tests.experience.noes import assert_no, hears, says_below, whispered
from tests.stories.deploys import is_asked, succeeds
from tests.stories.moments import rests
from tests.stories.rules import rules_change
from tests.stories.story import Story
from tests.stories.vendors import goes_down

ASK = "/promote checkout@v2.14.3 to production because fix refunds"
BECAUSE = "because fix refunds"


async def test_e01_an_unknown_service(story: Story) -> None:
    """The nearest name, and where all are listed."""
    await story.ana.types(ASK.replace("checkout", "chekout"))
    assert_no(
        whispered(story.ana), "E01", "service called “chekout”", "Did you mean *checkout*?", "/promote status"
    )


async def test_e02_an_unknown_environment(story: Story) -> None:
    """The path of the service, and a line that works."""
    await story.ana.types(ASK.replace("production", "prod"))
    path = "Its path is dev › staging › production"
    assert_no(whispered(story.ana), "E02", "no environment “prod”", path, "/promote checkout to production")


async def test_e03_a_skipped_stage(story: Story) -> None:
    """The rule `after`, and the promotion that comes first."""
    await story.ana.types(f"/promote checkout@v2.15.0 to production {BECAUSE}")
    await hears(story.ana, "E03", "(rule `after`)", "/promote checkout@v2.15.0 to staging")


async def test_e04_the_same_version(story: Story) -> None:
    """Since when it is live, and that nothing has to be done."""
    await story.ana.types(f"/promote checkout@v2.14.2 to production {BECAUSE}")
    await hears(story.ana, "E04", "already runs v2.14.2", "Nothing to do")


async def test_e05_a_version_that_is_not_there(story: Story) -> None:
    """Where it was looked for, and what there is."""
    await story.ana.types(f"/promote checkout@v2.14.9 to production {BECAUSE}")
    await hears(story.ana, "E05", "cannot find “v2.14.9” in acme/checkout", "Nearest: v2.14.")


async def test_e23_nothing_to_roll_back_to(story: Story) -> None:
    """A version that was never verified there, and what to do instead."""
    await story.bo.types("/promote rollback checkout in production to v1.0.0 because errors are up")
    await hears(
        story.bo, "E23", "v1.0.0 is no verified release of checkout in production", "`/promote checkout`"
    )


async def test_e27_words_that_fit_no_command(story: Story) -> None:
    """What was not understood, and a line that would be."""
    await story.ana.types("/promote aprove P-1")
    assert_no(whispered(story.ana), "E27", "I did not understand", "Did you mean `/promote")


async def test_e29_what_cannot_be_a_version(story: Story) -> None:
    """A version that GitHub would not take is refused before anybody asks GitHub."""
    await story.ana.types(f"/promote checkout@HEAD~1 to production {BECAUSE}")
    assert_no(whispered(story.ana), "E29", "cannot be a tag, a branch or a commit")


async def test_e30_a_reason_that_says_nothing(story: Story) -> None:
    """How long it has to be, what for, and an example."""
    await story.ana.types(ASK.replace("fix refunds", "short"))
    assert_no(whispered(story.ana), "E30", "A reason of at least 8 characters", "audit log")


async def test_e31_a_gate_that_is_not_there(story: Story) -> None:
    """The gates that there are."""
    await is_asked(story)
    await story.ana.types("/promote retry P-1 helth")
    assert_no(
        whispered(story.ana), "E31", "no gate “helth”", "checks, health and incidents", "/promote why P-1"
    )


async def test_e42_the_same_request_again(story: Story) -> None:
    """The promotion that asks for it already, and whose it is."""
    await is_asked(story)
    await story.bo.types(ASK)
    assert_no(whispered(story.bo), "E42", "P-1 asks for the same thing already", "@ana", "/promote why P-1")


async def test_e43_a_name_of_two_commits(story: Story) -> None:
    """Which two, and how to say which one is meant."""
    story.playground.github.moves_branch("checkout", "v2.14.3", sha_for("checkout", "feature/limits"))
    await story.ana.types(ASK)
    await hears(story.ana, "E43", "tags/v2.14.3", "heads/v2.14.3", "Name the full commit SHA")


async def test_e44_off_the_branches(story: Story) -> None:
    """The rule `branches`, and what to do with the version."""
    await story.ana.types(f"/promote checkout@feature/limits to staging {BECAUSE}")
    await hears(story.ana, "E44", "(rule `branches`)", "Merge it there")


async def test_e45_ended_before_it_had_a_card(story: Story) -> None:
    """While GitHub cannot be read a release manager rejects what has no card yet: whoever asked is told."""
    goes_down(story, "github")
    await story.ana.types(ASK)
    await story.bo.types("/promote reject P-1 because not before the audit")
    await hears(story.ana, "E45", "was not started", "not before the audit", "/promote why P-1")


async def test_e51_something_else_serves(story: Story) -> None:
    """P-1 was live until somebody deployed another version by hand and recorded it: undoing P-1 would undo nothing."""
    await succeeds(story)
    await rests(story)
    story.playground.github.adds_commit("checkout", "By hand", tag="v2.15.0")
    await story.bo.types("/promote adopt checkout@v2.15.0 in production because deployed by hand")
    await story.sees(lambda: _serves(story, "v2.15.0"), "the adoption")
    await story.dee.types("/promote rollback P-1 because errors are up")
    await hears(
        story.dee, "E51", "P-1 does not serve any more", "v2.15.0", "/rollback checkout in production"
    )


async def _serves(story: Story, version: str) -> bool:
    live, _ = await story.bot.contexts.live("checkout", "production")
    return live.serving is not None and live.serving.version == version


async def test_e50_a_rule_that_cannot_be_judged(story: Story) -> None:
    """The place left the catalog while the promotion waited: nothing is started, and who can change it is said."""
    await is_asked(story)
    await rules_change(story, {"environments: [dev, staging, production]": "environments: [dev, staging]"})
    await says_below(story, "E50", "no longer sends this service there", "/promote why P-1")
