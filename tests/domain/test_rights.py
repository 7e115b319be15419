"""What one person may do: the same rules that are asked when they act, grouped by answer."""

from dataclasses import replace

import pytest

from bot.domain.context import Context, Membership
from bot.domain.rights import Right, rights_of, teams_of
from tests.domain.builders import ROLLBACK_RULES, RULES, T0, TEAMS, context, group

PLACES = [
    (replace(RULES, environment="staging", approvals=()), replace(ROLLBACK_RULES, environment="staging")),
    (RULES, ROLLBACK_RULES),
]


def rights(person: str, world: Context) -> list[tuple[str, tuple[str, ...], Membership]]:
    """Act, places and answer."""
    return [(one.act, one.environments, one.answer) for one in rights_of(person, PLACES, world)]


@pytest.mark.parametrize(
    ("person", "approves", "goes_back", "settles"),
    [
        ("ana", Membership.NO, Membership.YES, Membership.NO),
        ("bo", Membership.YES, Membership.NO, Membership.NO),
        ("fay", Membership.NO, Membership.NO, Membership.YES),
        ("nobody", Membership.NO, Membership.NO, Membership.NO),
    ],
)
def test_each_right_is_what_the_rules_say(
    person: str, approves: Membership, goes_back: Membership, settles: Membership
) -> None:
    """The places with the same answer stand together, and where no approval is asked stands apart."""
    asks = Membership.NO if person == "nobody" else Membership.YES
    both = ("staging", "production")
    rolls = [("roll back", both, goes_back)]
    assert rights(person, context()) == [
        ("request", both, asks),
        ("approve", ("staging",), Membership.NO),
        ("approve", ("production",), approves),
        *rolls,
        ("administer", both, settles),
    ]


def test_a_right_names_the_teams_that_give_it() -> None:
    """Why, and not only whether."""
    found = {one.act: one for one in rights_of("ana", PLACES[1:], context())}
    assert found["roll back"] == Right(
        "roll back", ("production",), Membership.YES, ("owner", "approvers"), ("owner",)
    )
    assert found["request"].through == ("anyone",)


def test_a_team_that_was_not_looked_up_is_not_a_no() -> None:
    """Nobody is told that they may not when nobody knows."""
    stale = replace(context(), teams={**TEAMS, "payments": group("payments", T0 - 3600, "ana")})
    assert ("roll back", ("production",), Membership.UNKNOWN) in [
        (one.act, one.environments, one.answer) for one in rights_of("ana", PLACES[1:], stale)
    ]
    assert teams_of("ana", stale) == (("payments", Membership.UNKNOWN),)
