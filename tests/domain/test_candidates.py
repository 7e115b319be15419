"""Versions to choose from: what is verified before, tags with the newest first, branches that are taken, what is typed."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.candidates import (
    MOST,
    MOST_VERIFIED,
    Candidate,
    Choice,
    Ref,
    Refs,
    matching,
    next_stage,
)
from bot.domain.promotion import Live, Release
from bot.domain.typeahead import ranked

A, B, C, D = ("a" * 40, "b" * 40, "c" * 40, "d" * 40)
OLD, NEW = Release(A, "v2.14.2", 1.0), Release(B, "v2.14.3", 2.0)


def live(
    environment: str, *good: Release, serving: Release | None = None, undone: tuple[str, ...] = ()
) -> Live:
    """What is recorded of an environment; the first good release serves when none is named."""
    return Live("checkout", environment, serving or (good[0] if good else None), good, undone)


def choice(*tags: str, branches: tuple[str, ...] = ("main",), before: Live | None = None) -> Choice:
    """A promotion to production, where the old version serves."""
    refs = Refs(tuple(Ref(name, D) for name in tags), (Ref("main", D), Ref("topic", C)))
    return Choice(live("production", OLD), before, branches, refs)


def versions(found: tuple[Candidate, ...]) -> list[str]:
    """The candidates by name."""
    return [one.version for one in found]


def test_what_is_verified_before_comes_first() -> None:
    """What serves there is first, older good releases follow, and it is a suggestion for the form."""
    third = Release(C, "v2.14.1", 0.5)
    offered = choice("v2.15.0", "v2.14.3", before=live("staging", NEW, third))
    assert versions(offered.candidates()) == ["v2.14.3", "v2.14.1", "v2.15.0", "main"]
    assert offered.candidates()[0] == Candidate("v2.14.3", "verified", B, "staging", 2.0, serving=True)
    assert offered.suggestion() == "v2.14.3"


def test_what_was_rolled_back_before_is_not_verified() -> None:
    """A version that was undone in staging is offered as a tag at most, and never suggested."""
    offered = choice("v2.14.3", before=live("staging", NEW, undone=(B,)))
    assert [(one.version, one.kind) for one in offered.candidates()] == [
        ("v2.14.3", "tag"),
        ("main", "branch"),
    ]
    assert offered.suggestion() == ""
    assert not offered.is_verified_before(B)


def test_what_serves_unverified_is_not_suggested() -> None:
    """Staging runs something that never passed there."""
    offered = choice(before=live("staging", OLD, serving=NEW))
    assert offered.suggestion() == ""


def test_what_the_target_runs_is_no_news() -> None:
    """The same commit in both is not offered as verified; as a tag it is marked as live."""
    refs = Refs((Ref("v2.14.2", A),))
    offered = Choice(live("production", OLD), live("staging", OLD), ("main",), refs)
    assert offered.candidates() == (
        Candidate("v2.14.2", "tag", A, live=True),
        Candidate("main", "branch", ""),
    )


def test_newest_tags_first_whatever_order_github_lists() -> None:
    """Numbers are compared as numbers; tags of another series than what is live come after it."""
    offered = choice("weekly.2012", "v2.9.0", "v2.14.10", "v2.14.9", "v1.0.0-rc1")
    assert versions(offered.candidates())[:-1] == [
        "v2.14.10",
        "v2.14.9",
        "v2.9.0",
        "weekly.2012",
        "v1.0.0-rc1",
    ]


def test_tags_where_nothing_is_live() -> None:
    """Without a series to go by, the greatest numbers come first."""
    refs = Refs((Ref("v1", A), Ref("2024-10-02", B), Ref("2024-10-11", C)))
    offered = Choice(live("dev"), None, (), refs)
    assert versions(offered.candidates()) == ["2024-10-11", "2024-10-02", "v1"]


def test_only_branches_that_the_target_takes() -> None:
    """A rule of branches names them, listed or not; without one any branch may be chosen."""
    assert versions(choice(branches=("main", "release")).candidates()) == ["main", "release"]
    assert versions(choice(branches=()).candidates()) == ["main", "topic"]


def test_few_of_many_verified_releases() -> None:
    """Ten good releases in staging do not push the tags out of sight."""
    many = tuple(Release(str(n) * 40, f"v3.{n}", float(n)) for n in range(9, 0, -1))
    offered = choice("v9", before=live("staging", *many))
    assert sum(one.kind == "verified" for one in offered.candidates()) == MOST_VERIFIED


def test_a_commit_is_known_by_its_names() -> None:
    """By a tag, by a release, by itself; a name of a tag and a branch that differ is known by neither."""
    refs = Refs((Ref("v1", A), Ref("main", A)), (Ref("main", D),))
    offered = Choice(live("production", OLD), live("staging", NEW), (), refs)
    named = ("v1", "v2.14.3", B, "main", "v9", "")
    assert [offered.sha_of(one) for one in named] == [A, B, B, "", "", ""]


def test_what_is_typed_can_be_chosen_as_it_is() -> None:
    """Unless it is one of the list; blanks around it are nobody's wish."""
    found = (Candidate("v2.14.3", "tag"), Candidate("v2.14.30", "tag"))
    assert versions(matching(" v2.14.3 ", found)) == ["v2.14.3", "v2.14.30"]
    assert matching("abc1234", found) == (Candidate("abc1234", "typed"),)
    assert matching("", found) == found


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=20), max_size=300, unique=True))
def test_never_more_than_slack_takes(typed: str, names: list[str]) -> None:
    """However many fit, a hundred are offered, each once."""
    found = versions(matching(typed, [Candidate(name, "tag") for name in names]))
    assert len(found) <= MOST
    assert len(set(found)) == len(found)


def test_ranks_prefix_then_part_then_likeness() -> None:
    """And within a rank in the order of the list, so that newest tags stay first."""
    names = ("api-checkout", "checkout", "checkout-web", "storefront")
    assert ranked("check", names) == ("checkout", "checkout-web", "api-checkout")
    assert ranked("CHECK", names) == ranked("check", names)
    assert ranked("chekcout", names)[0] == "checkout"
    assert ranked("", names) == names
    assert ranked("zzz", names) == ()
    assert ranked("v1.1", ("v1.2.0", "v1.1.0", "v1.0.0")) == ("v1.1.0",)  # alike is for what nothing holds


def test_the_next_stage_of_a_version() -> None:
    """Behind the last place that runs it; at the beginning of the path when nothing does."""
    path = (live("dev", NEW), live("staging", NEW), live("production", OLD))
    assert next_stage(path, "v2.14.3") == "production"
    assert next_stage(path, B) == "production"
    assert next_stage(path, "v2.14.2") == "production"
    assert next_stage(path, "v2.15.0") == "dev"


def test_the_next_stage_without_a_version() -> None:
    """The last place that lags behind the one before it; the end of the path when none does."""
    assert next_stage((live("dev", NEW), live("staging", OLD), live("production", OLD)), "") == "staging"
    assert next_stage((live("dev", NEW), live("staging", NEW), live("production", OLD)), "") == "production"
    assert next_stage((live("dev", NEW), live("staging", NEW), live("production", NEW)), "") == "production"
    assert next_stage((live("dev"),), "") == "dev"
