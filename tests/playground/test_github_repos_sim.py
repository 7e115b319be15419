"""The simulated GitHub reads repositories, commits and checks as strictly as the vendor."""

import base64
from collections.abc import AsyncIterator

import pytest

from bot.playground.world import sha_for
from tests.playground.github_place import INPUTS, Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as made:
        yield made


@pytest.mark.parametrize(
    ("ref", "version"),
    [
        ("v2.14.3", "v2.14.3"),
        ("tags/v2.14.3", "v2.14.3"),
        ("refs/tags/v2.14.3", "v2.14.3"),
        ("main", "v2.15.0"),
        ("heads/main", "v2.15.0"),
        ("feature%2Flimits", "feature/limits"),
        ("feature/limits", "feature/limits"),
        (sha_for("checkout", "v2.14.1"), "v2.14.1"),
        (sha_for("checkout", "v2.14.1")[:7], "v2.14.1"),
        (sha_for("checkout", "fork"), "fork"),
    ],
)
async def test_a_ref_is_a_sha_a_branch_or_a_tag(place: Place, ref: str, version: str) -> None:
    """Every way to write a commit leads to it, a fork's commit through its parent too."""
    assert (await place.repo(f"/commits/{ref}"))["sha"] == sha_for("checkout", version)


async def test_unknown_and_ambiguous_refs_are_422(place: Place) -> None:
    """What means no commit, or two, has none."""
    commits = place.github.repository("checkout").commits
    some = commits[sha_for("checkout", "v2.14.3")]
    commits["abcdef1" + "0" * 33] = commits["abcdef1" + "1" * 33] = some
    for ref in ("v9", "abcdef1", "f" * 40, "abc"):
        answer = await place.repo(f"/commits/{ref}")
        assert (answer.status, answer["message"]) == (422, f"No commit found for SHA: {ref}")
    assert (await place.asks("/repos/acme/nothing/commits/main")).status == 404


async def test_tags_branches_and_matching_refs(place: Place) -> None:
    """Tags come newest first; refs match by the beginning of their names."""
    assert [tag["name"] for tag in (await place.repo("/tags?per_page=2")).listed()] == ["v2.15.0", "v2.14.3"]
    assert [branch["name"] for branch in (await place.repo("/branches")).listed()] == [
        "feature/limits",
        "main",
    ]
    found = (await place.repo("/git/matching-refs/tags/v2.14")).listed()
    assert [ref["ref"] for ref in found] == [f"refs/tags/v2.14.{number}" for number in range(4)]
    assert (await place.repo("/git/matching-refs/tags/x")).listed() == []


async def test_moved_tag_is_another_commit(place: Place) -> None:
    """After the verb the tag resolves to the other commit; the simulator keeps no memory of the old one."""
    place.github.moves_tag("checkout", "v2.14.3", sha_for("checkout", "fork"))
    assert (await place.repo("/commits/v2.14.3"))["sha"] == sha_for("checkout", "fork")
    assert place.github.sha_of("checkout", "v2.14.3") == sha_for("checkout", "fork")


@pytest.mark.parametrize(
    ("base", "head", "status", "ahead", "behind"),
    [
        ("v2.14.2", "v2.14.3", "ahead", 3, 0),
        ("v2.14.3", "v2.14.2", "behind", 0, 3),
        ("main", "main", "identical", 0, 0),
        ("main", "feature/limits", "diverged", 1, 3),
        ("main", sha_for("checkout", "fork"), "diverged", 1, 3),
    ],
)
async def test_compare(place: Place, base: str, head: str, status: str, ahead: int, behind: int) -> None:
    """How head stands to base, with head's own commits oldest first."""
    found = await place.repo(f"/compare/{base}...{head}")
    assert (found["status"], found["ahead_by"], found["behind_by"]) == (status, ahead, behind)
    shas = [commit["sha"] for commit in found.listed("commits")]
    assert len(shas) == ahead
    assert shas[-1:] == ([place.github.sha_of("checkout", head)] if ahead else [])


async def test_compare_is_paged_and_404_on_unknown_ends(place: Place) -> None:
    """Pages hold the commits; the count stays that of all."""
    second = await place.repo("/compare/v2.14.0...v2.14.3?per_page=4&page=2")
    assert (second["total_commits"], len(second.listed("commits"))) == (9, 4)
    assert (await place.repo("/compare/v2.14.0...v9")).status == 404


async def test_pull_requests_of_a_commit(place: Place) -> None:
    """A merged change names its pull request; a commit of a fork has none."""
    pulls = (await place.repo(f"/commits/{sha_for('checkout', 'v2.14.3')}/pulls")).listed()
    message = place.github.repository("checkout").commits[sha_for("checkout", "v2.14.3")].message
    assert [f"{pull['title']} (#{pull['number']})" for pull in pulls] == [message]
    assert (await place.repo(f"/commits/{sha_for('checkout', 'fork')}/pulls")).listed() == []


async def test_check_runs_keep_the_newest_of_a_name(place: Place) -> None:
    """A failed and then repeated check is once in the latest and twice in all; another app's is its own."""
    sha = INPUTS["sha"]
    place.github.sets_check("checkout", sha, "test", "failure")
    place.github.sets_check("checkout", sha, "test", "success")
    place.github.sets_check("checkout", sha, "test", None, app=(7, "other-ci"))
    latest = (await place.repo(f"/commits/{sha}/check-runs")).listed("check_runs")
    said = sorted((str(run["name"]), str(run["conclusion"])) for run in latest)
    assert said == [("build", "success"), ("test", "None"), ("test", "success")]
    every = await place.repo(f"/commits/{sha}/check-runs?filter=all&check_name=test&app_id=15368")
    assert every["total_count"] == 3
    paged = await place.repo("/commits/v2.14.3/check-runs?per_page=1&page=2")
    assert (paged["total_count"], len(paged.listed("check_runs"))) == (3, 1)


async def test_combined_status_takes_the_newest_of_each_context(place: Place) -> None:
    """Red turns green when its context says so again; a commit with nothing said is pending, not green."""
    sha = INPUTS["sha"]
    place.github.sets_status("checkout", sha, "e2e", "failure")
    assert (await place.repo(f"/commits/{sha}/status"))["state"] == "failure"
    place.github.sets_status("checkout", sha, "e2e", "success")
    combined = await place.repo(f"/commits/{sha}/status")
    assert (combined["state"], combined["total_count"]) == ("success", 2)
    assert len((await place.repo(f"/commits/{sha}/statuses")).listed()) == 3
    place.github.forgets_checks("checkout", sha)
    assert (await place.repo(f"/commits/{sha}/status"))["state"] == "pending"
    assert (await place.repo(f"/commits/{sha}/check-runs"))["total_count"] == 0


async def test_contents_and_workflow(place: Place) -> None:
    """The workflow file can be read, base64 or raw, and its workflow looked up by name and number."""
    path = "/contents/.github/workflows/deploy.yml?ref=main"
    encoded = str((await place.repo(path))["content"])
    raw = await place.asks("/repos/acme/checkout" + path, Accept="application/vnd.github.raw+json")
    assert base64.b64decode(encoded).decode() == raw.body
    assert "correlation_id: {required: true}" in str(raw.body)
    assert (await place.repo("/contents/nothing")).status == 404
    assert (await place.repo("/contents/README.md?ref=v9")).status == 404
    workflow = await place.repo("/actions/workflows/deploy.yml")
    assert (await place.repo(f"/actions/workflows/{workflow['id']}"))[
        "path"
    ] == ".github/workflows/deploy.yml"


async def test_team_members(place: Place) -> None:
    """A team's people, and 404 for a team or an organization that does not exist."""
    members = (await place.asks("/orgs/acme/teams/release-managers/members")).listed()
    assert [member["login"] for member in members] == ["bo-dev", "cy-dev"]
    assert (await place.asks("/orgs/acme/teams/nobody/members")).status == 404
    assert (await place.asks("/orgs/other/teams/sre/members")).status == 404


async def test_renamed_repository_answers_301(place: Place) -> None:
    """The old name leads to the new address; the number stays."""
    before = await place.repo()
    place.github.renames("checkout", "till")
    after = await place.repo()  # the client follows the redirect
    assert (after["full_name"], after["id"]) == ("acme/till", before["id"])
    assert [call.status for call in place.world.ledger] == [200, 301, 200]


async def test_adds_commit_on_main_and_off_it(place: Place) -> None:
    """A new commit with a tag is main's tip and green; with no branch it is only known by its SHA."""
    sha = place.github.adds_commit("checkout", "Fix it", tag="v2.15.1")
    assert (await place.repo("/commits/main"))["sha"] == (await place.repo("/commits/v2.15.1"))["sha"] == sha
    assert (await place.repo(f"/commits/{sha}/status"))["state"] == "success"
    stray = place.github.adds_commit("checkout", "From a fork", branch=None)
    assert (await place.repo(f"/compare/main...{stray}"))["status"] == "ahead"
    assert (await place.repo("/commits/main"))["sha"] == sha
