"""GitHub: a version means one commit, a branch contains it or not, and checks are whole or nothing."""

import time
from collections.abc import AsyncIterator

import pytest

from bot.playground.github.repos import Commit
from bot.playground.world import sha_for
from bot.ports import ManyVersions, NoVersion, Refused, Resolved, Unclear
from tests.adapters.github_place import INPUTS, REPO, TAGGED, Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as found:
        yield found


async def test_tag_branch_and_sha_resolve_to_one_commit(place: Place) -> None:
    """What people call a version is looked up by its exact name, slashes and short SHAs included."""
    branch = sha_for("checkout", "feature/limits")
    assert await place.repository.resolve(REPO, "v2.14.3") == Resolved(TAGGED)
    assert await place.repository.resolve(REPO, "feature/limits") == Resolved(branch)
    assert await place.repository.resolve(REPO, TAGGED) == Resolved(TAGGED, is_sha=True)
    assert await place.repository.resolve(REPO, TAGGED[:7]) == Resolved(TAGGED, is_sha=True)
    assert await place.repository.resolve(REPO, TAGGED[:9].upper()) == Resolved(TAGGED, is_sha=True)


async def test_tag_and_branch_of_one_name_must_agree(place: Place) -> None:
    """A branch called like a tag is ambiguous while it points elsewhere, and harmless while it does not."""
    other = sha_for("checkout", "feature/limits")
    place.github.moves_branch("checkout", "v2.14.3", other)
    assert await place.repository.resolve(REPO, "v2.14.3") == ManyVersions(
        (f"tags/v2.14.3 ({TAGGED[:7]})", f"heads/v2.14.3 ({other[:7]})")
    )
    place.github.moves_branch("checkout", "v2.14.3", TAGGED)
    assert await place.repository.resolve(REPO, "v2.14.3") == Resolved(TAGGED)


async def test_a35_branch_named_like_a_sha_does_not_pass_for_it(place: Place) -> None:
    """Somebody who names a branch by the SHA that approvers know gets no dispatch of its commit."""
    place.github.moves_branch("checkout", TAGGED, sha_for("checkout", "fork"))
    assert isinstance(await place.repository.resolve(REPO, TAGGED), ManyVersions)


async def test_unknown_version_names_the_nearest_tags(place: Place) -> None:
    """A typing error gets the tags most like it; nonsense gets none; a longer tag is not the shorter one."""
    missing = await place.repository.resolve(REPO, "v2.14")
    assert isinstance(missing, NoVersion)
    assert "v2.14.3" in missing.nearest
    assert await place.repository.resolve(REPO, "zzzzzzzzzzzz") == NoVersion(())
    assert isinstance(await place.repository.resolve(REPO, "deadbeef"), NoVersion)


@pytest.mark.parametrize(
    "version", ["../../secrets", "a?b=c", "a#b", "a b", "a%2Fb", "é", "refs/tags/v2.14.3", ".", ".."]
)
async def test_a35_no_version_leaves_its_place_in_the_address(place: Place, version: str) -> None:
    """Whatever a version is called, GitHub is asked about refs and tags of this repository and nothing else."""
    assert isinstance(await place.repository.resolve(REPO, version), NoVersion)
    roots = {tuple(call.path.split("/")[:4]) for call in place.github.world.ledger}
    assert roots == {("", "repos", "acme", "checkout")}


async def test_f42_f67_unknown_repository_is_refused_and_a_moved_one_says_so(place: Place) -> None:
    """A name that is not there and one that has moved are definite answers; nothing is followed."""
    with pytest.raises(Refused) as refused:
        await place.repository.run("acme/nothing", 1)
    assert refused.value.code == "404"
    place.github.renames("checkout", "till")
    with pytest.raises(Refused, match="moved") as moved:
        await place.dispatches()
    assert (moved.value.code, place.posts()) == ("301", 1)


async def test_branch_of_shuts_out_forks_and_unmerged_work(place: Place) -> None:
    """A SHA counts as on a branch when the branch contains it; a fork's commit is on none."""
    repository = place.repository
    assert await repository.branch_of(REPO, TAGGED, ["no-such", "main"]) == "main"
    tip = place.github.sha_of("checkout", "main")
    assert await repository.branch_of(REPO, tip, ["main"]) == "main"
    assert await repository.branch_of(REPO, sha_for("checkout", "fork"), ["main"]) is None
    feature = sha_for("checkout", "feature/limits")
    assert await repository.branch_of(REPO, feature, ["main"]) is None
    assert await repository.branch_of(REPO, feature, ["main", "feature/limits"]) == "feature/limits"
    assert await repository.branch_of(REPO, "0" * 40, ["main"]) is None
    assert await repository.branch_of(REPO, TAGGED, []) is None


async def test_tag_named_like_a_branch_does_not_widen_it(place: Place) -> None:
    """Who may push tags cannot make a fork's commit reachable by tagging it `main`."""
    fork = sha_for("checkout", "fork")
    place.github.moves_tag("checkout", "main", fork)
    assert await place.repository.branch_of(REPO, fork, ["main"]) is None


async def test_changes_name_pull_requests_and_authors(place: Place) -> None:
    """What a promotion brings: pull requests by number with their titles, and everybody who wrote them."""
    base, head = sha_for("checkout", "v2.14.2"), TAGGED
    changes = await place.repository.changes(REPO, base, head, "v2.14.2")
    assert (changes.since, changes.commits, changes.behind) == ("v2.14.2", 3, 0)
    assert set(changes.authors) == {"ana-dev", "eli-dev"}
    assert all(item.url.endswith(f"/acme/checkout/pull/{item.number}") for item in changes.items)
    assert all("(#" not in item.title and item.title for item in changes.items)
    assert changes.items[0].sha == head


async def test_changes_read_merges_and_pushes(place: Place) -> None:
    """A merge commit gives its pull request's title; a direct push is shown; a merge of branches is not."""
    base = place.github.sha_of("checkout", "main")
    place.github.adds_commit(
        "checkout", "Merge pull request #42 from ana/refunds\n\nFix refunds", login="bo-dev"
    )
    place.github.adds_commit("checkout", "Push without review\n\nlong story (#7)", login="eli-dev")
    head = place.github.adds_commit("checkout", "Revert (#3) again (#43)")
    repository = place.github.repository("checkout")
    merge = Commit("f" * 40, (head, base), "Merge branch 'main' into x", "bo-dev", time.time())
    repository.commits[merge.sha] = merge
    changes = await place.repository.changes(REPO, base, merge.sha, "now")
    assert [(item.number, item.title) for item in changes.items] == [
        (43, "Revert (#3) again"),
        (42, "Fix refunds"),
        (None, "Push without review"),
    ]


async def test_a15_everybody_who_wrote_a_part_of_it_is_told(place: Place) -> None:
    """Authors, whoever committed the newest change, and those whom a squashed merge names by GitHub's address."""
    base = place.github.sha_of("checkout", "main")
    shared = (
        "Split it (#44)\n\nCo-authored-by: Cy <12+cy-dev@users.noreply.github.com>\nCo-authored-by: X <x@y.z>"
    )
    place.github.adds_commit("checkout", shared, login="ana-dev")
    head = place.github.adds_commit("checkout", "Pick it (#45)", login="eli-dev")
    changes = await place.repository.changes(REPO, base, head, "now")
    assert set(changes.authors) == {"ana-dev", "cy-dev", "eli-dev"}
    assert (changes.base, changes.everyone, changes.newest_by) == (base, True, "eli-dev")


@pytest.mark.parametrize(("commits", "calls", "everyone"), [(450, 5, True), (2_050, 3, False)])
async def test_a15_authors_are_read_to_the_end_or_said_to_be_some(
    place: Place, commits: int, calls: int, everyone: bool
) -> None:
    """The one commit of an approver may stand in the middle: all of it is read, or it is not called everybody."""
    base = place.github.sha_of("checkout", "main")
    for number in range(commits):
        login = "bo-dev" if number == 150 else "ana-dev"
        head = place.github.adds_commit("checkout", f"Change {number}", login=login)
    sampled = await place.repository.changes(REPO, base, head, "now")
    assert (sampled.everyone, "bo-dev" in sampled.authors) == (False, False)
    before = len(place.github.world.ledger)
    changes = await place.repository.changes(REPO, base, head, "now", everyone=True)
    assert (changes.everyone, "bo-dev" in changes.authors) == (everyone, everyone)
    assert len(place.github.world.ledger) - before == calls


async def test_changes_of_a_long_way_are_counted_whole_and_shown_in_part(place: Place) -> None:
    """Five hundred commits are counted; twenty are shown, the newest first, with few calls."""
    base = place.github.sha_of("checkout", "main")
    for number in range(450):
        head = place.github.adds_commit("checkout", f"Change {number} (#{number + 1000})")
    place.github.world.ledger.clear()
    changes = await place.repository.changes(REPO, base, head, "v1")
    assert (changes.commits, len(changes.items), changes.items[0].number) == (450, 20, 1449)
    assert len(place.github.world.ledger) <= 3


async def test_checks_take_the_newest_of_each_name_and_app(place: Place) -> None:
    """A check that was run again counts by its last run; another app's check of that name stays its own."""
    place.github.forgets_checks("checkout", TAGGED)
    for conclusion in ("failure", "success"):
        place.github.sets_check("checkout", TAGGED, "build", conclusion)
    place.github.sets_check("checkout", TAGGED, "build", "failure", app=(7, "stranger"))
    place.github.sets_check("checkout", TAGGED, "test", None)
    place.github.sets_status("checkout", TAGGED, "coverage", "failure")
    place.github.sets_status("checkout", TAGGED, "coverage", "success")
    checks = await place.repository.checks(REPO, TAGGED)
    assert [(check.name, check.app, check.state) for check in checks] == [
        ("build", "github-actions", "passed"),
        ("build", "stranger", "failed"),
        ("coverage", "", "passed"),
        ("test", "github-actions", "pending"),
    ]


async def test_the_jobs_of_our_own_deploys_are_no_checks_of_the_code(place: Place) -> None:
    """A run that we dispatched is a check run of the tip that its workflow ran on; one of somebody else counts."""
    tip = place.github.sha_of("checkout", "main")
    before = await place.repository.checks(REPO, tip)
    await place.dispatches()
    place.github.finishes(conclusion="failure", step="Smoke tests")
    assert await place.repository.checks(REPO, tip) == before

    place.github.starts_run("checkout", "deploy.yml", "eli-dev", INPUTS)
    assert [check.name for check in await place.repository.checks(REPO, tip) if check not in before] == [
        "deploy"
    ]


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [
        ("success", "passed"),
        ("neutral", "skipped"),
        ("skipped", "skipped"),
        *[
            (word, "failed")
            for word in (
                "failure",
                "timed_out",
                "cancelled",
                "action_required",
                "stale",
                "startup_failure",
                "new",
            )
        ],
    ],
)
async def test_P08_conclusion_that_is_not_known_to_be_good_is_not(
    place: Place, conclusion: str, state: str
) -> None:
    """One of GitHub's words passes and two say that nothing ran; every other, also one of tomorrow, is a failure."""
    place.github.forgets_checks("checkout", TAGGED)
    place.github.sets_check("checkout", TAGGED, "build", conclusion)
    assert [check.state for check in await place.repository.checks(REPO, TAGGED)] == [state]


async def test_f62_checks_are_read_to_the_last_page_or_not_at_all(place: Place) -> None:
    """A failing check on the third page is seen; a page that fails makes the look fail."""
    for number in range(250):
        place.github.sets_check("checkout", TAGGED, f"a{number:03}", "failure" if number == 0 else "success")
    for number in range(120):
        place.github.sets_status("checkout", TAGGED, f"s{number:03}", "success")
    checks = await place.repository.checks(REPO, TAGGED)
    assert len(checks) == 250 + 120 + 3
    assert [check.name for check in checks if check.state == "failed"] == ["a000"]
    place.github.world.vendor["github"] = [200, 200, 502]
    with pytest.raises(Unclear):
        await place.repository.checks(REPO, TAGGED)
