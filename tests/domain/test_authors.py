"""`author_approval: false`: whoever wrote a part of it may not approve it, and nobody may before that is known."""

from dataclasses import replace

import pytest

from bot.domain.authors import TOO_MANY, UNKNOWN_LIVE
from bot.domain.context import Context
from bot.domain.effects import LookAtVersion
from bot.domain.errors import AuthorApproval, NotReadyForApproval
from bot.domain.messages import Approve, VersionSeen
from bot.domain.plan import plan
from bot.domain.policy import ApprovalRule, Kind, Person, Verdict
from bot.domain.portrait import face_of
from bot.domain.promotion import Change, Changes, Live, Promotion
from bot.domain.requirements import requirements_of
from tests.domain.builders import (
    NEW,
    OLD,
    PEOPLE,
    RULES,
    STAGING,
    TEAMS,
    after,
    at,
    context,
    refusal,
    reviewed,
    team,
)
from tests.small_catalog import catalog_of

P = "P-142"
STRICT = replace(RULES, author_approval=False, approvals=(ApprovalRule(1, "release-managers"),))
MINE = Changes("v2.14.2", 1, (Change("Fix refunds", "BO", "", 812),), ("BO",), "", base=OLD, everyone=True)


def strict() -> Context:
    """The world where authors may not approve."""
    return replace(context(), rules=STRICT)


def written(changes: Changes | None = MINE) -> Promotion:
    """A reviewed promotion that brings these changes."""
    return replace(reviewed(), changes=changes)


def test_a15_whoever_wrote_a_part_of_it_cannot_approve_it() -> None:
    """Bo, whose login GitHub spells in another case, is told what he wrote and whom to ask; Cy may."""
    told = refusal(written(), Approve(P, "bo"), strict())
    assert told == AuthorApproval(P, ("#812",), (PEOPLE["cy"],))
    assert requirements_of(after(written(), strict(), Approve(P, "cy")), strict()).tally.is_complete


def test_a15_where_the_rules_say_nothing_authors_may_approve() -> None:
    """The rule is off unless the environment switches it on."""
    assert after(written(), context(), Approve(P, "bo")).approvals[0].by == "bo"


def test_a15_whoever_committed_the_newest_change_cannot_approve_it() -> None:
    """Somebody who put another's work there is as good as an author."""
    pushed = replace(MINE, authors=("mallory",), newest_by="Bo")
    assert isinstance(refusal(written(pushed), Approve(P, "bo"), strict()), AuthorApproval)


def test_a15_an_author_whom_the_catalog_does_not_know_bars_nobody() -> None:
    """Who has no entry, or an entry without a GitHub account, cannot approve or cannot be mapped: others go on."""
    unknown = replace(MINE, authors=("mallory",))
    world = replace(strict(), people={**PEOPLE, "cy": Person("cy", "U0CY")})
    assert requirements_of(after(written(unknown), world, Approve(P, "cy")), world).tally.is_complete


def test_a15_an_approval_of_somebody_who_turns_out_to_be_an_author_is_struck() -> None:
    """What is live went back meanwhile, so that more changes with it: who wrote that counts no more."""
    before = after(written(replace(MINE, authors=("ana",))), strict(), Approve(P, "bo"))
    assert requirements_of(before, strict()).tally.is_complete
    assert requirements_of(replace(before, changes=MINE), strict()).tally.counted == ()


@pytest.mark.parametrize(
    ("changes", "verdict", "why"),
    [
        (None, Verdict.PENDING, ""),
        (replace(MINE, base="d" * 40), Verdict.PENDING, ""),
        (replace(MINE, everyone=False), Verdict.UNMET, TOO_MANY),
    ],
)
def test_a15_before_the_authors_are_known_nobody_may_approve(
    changes: Changes | None, verdict: Verdict, why: str
) -> None:
    """Not read, compared with what is not live any more, or read in part: no approval is taken."""
    one = written(changes)
    found = next(item for item in requirements_of(one, strict()).items if item.kind == "authors")
    assert (found.verdict, found.reason) == (verdict, why)
    assert isinstance(refusal(one, Approve(P, "cy"), strict()), NotReadyForApproval)


def test_a15_where_nobody_knows_what_is_live_nobody_knows_the_authors() -> None:
    """Without a version to compare with there is no list of changes: it has to be recorded first."""
    lives = {"staging": STAGING, "production": Live("checkout", "production")}
    world = replace(strict(), lives=lives)
    found = next(item for item in requirements_of(written(), world).items if item.kind == "authors")
    assert (found.verdict, found.reason) == (Verdict.UNMET, UNKNOWN_LIVE)


@pytest.mark.parametrize("changes", [None, replace(MINE, base="d" * 40)])
def test_authors_that_are_not_known_are_looked_up_at_once(changes: Changes | None) -> None:
    """The rule changed, or what is live did: the version is looked at again, until it is known."""
    one, world = written(changes), at(strict(), 5)
    looks = [e for e in plan(one, world, requirements_of(one, world)).effects if isinstance(e, LookAtVersion)]
    assert len(looks) == 1
    seen = after(one, world, VersionSeen(P, NEW, "main", MINE))
    again = plan(seen, world, requirements_of(seen, world)).effects
    assert not [e for e in again if isinstance(e, LookAtVersion)]


def test_what_cannot_be_read_to_its_end_is_not_read_for_ever() -> None:
    """Too much changes: that does not heal by looking."""
    one = written(replace(MINE, everyone=False))
    effects = plan(one, strict(), requirements_of(one, strict())).effects
    assert not [e for e in effects if isinstance(e, LookAtVersion)]


def test_the_rule_is_part_of_what_is_signed() -> None:
    """Who signed under the lenient rule has to sign again under the strict one, and the other way round."""
    assert dict(STRICT.sections())["approvals"] == "1 of release-managers, the authors may not"
    lenient = replace(STRICT, author_approval=True)
    assert dict(lenient.sections())["approvals"] == "1 of release-managers"


def test_the_card_names_the_approvers_who_wrote_it() -> None:
    """Of the authors those who could approve otherwise; nobody else is shut out by it."""
    changes = replace(MINE, authors=("bo", "dee"))
    world = replace(
        strict(), teams={**TEAMS, "release-managers": team("release-managers", "ana", "bo", "cy")}
    )
    face = face_of(written(changes), world, requirements_of(written(changes), world))
    assert [(one.who.name, one.wrote) for one in face.barred] == [("bo", ("#812",))]
    assert [person.name for person in face.needs[0].possible] == ["cy"]


def test_a_rollback_is_not_held_up_by_who_wrote_what() -> None:
    """It brings nothing new: the catalog's rule is about what goes forward."""
    catalog = catalog_of(("    wait: 10m", "    wait: 10m\n    author_approval: false"))
    assert not catalog.rules("shop", "production", Kind.PROMOTE).author_approval
    assert catalog.rules("shop", "production", Kind.ROLLBACK).author_approval
