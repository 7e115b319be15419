"""Which approvals count: a matching of people to places, one person once, in the order of time."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approvals import tally
from bot.domain.context import TEAM_FRESH, Context
from bot.domain.errors import (
    AlreadyApproved,
    NotApprover,
    NotReadyForApproval,
    SelfApproval,
    StaleCard,
    TooManyApprovals,
)
from bot.domain.messages import Approve, Woken
from bot.domain.plan import plan
from bot.domain.policy import ApprovalRule, Rules, Verdict
from bot.domain.portrait import face_of
from bot.domain.promotion import Approval, Phase, Promotion
from tests.domain.builders import (
    RULES,
    T0,
    TEAMS,
    VERSION,
    after,
    approved,
    at,
    context,
    group,
    judged,
    promotion,
    refusal,
    reviewed,
    team,
)

P = "P-142"
CROWD = ("bo", "cy", "dee", "eli", "fay")
NAMES = ("red", "green", "blue")
teams = st.fixed_dictionaries({name: st.frozensets(st.sampled_from(CROWD)) for name in NAMES})
asked = st.lists(st.builds(ApprovalRule, st.integers(1, 3), st.sampled_from(NAMES)), min_size=1, max_size=3)
voices = st.lists(st.sampled_from(CROWD), max_size=5)


def crowded(rules: list[ApprovalRule], members: dict[str, frozenset[str]]) -> Context:
    """A world with these rules and teams."""
    world = context(replace(RULES, approvals=tuple(rules)))
    return replace(world, teams={name: team(name, *people) for name, people in members.items()})


def signed(*people: str, digest: str = "d") -> Promotion:
    """A promotion that these people approved, a second apart."""
    approvals = tuple(Approval(name, digest, T0 + index) for index, name in enumerate(people))
    return replace(promotion(), approvals=approvals)


def most_places(rules: list[ApprovalRule], members: dict[str, frozenset[str]], people: set[str]) -> int:
    """How many places can be filled, by trying every order of people for the places."""
    places = [rule.team for rule in rules for _ in range(rule.count)]
    padded = [*people, *("nobody" for _ in places)]
    seatings = permutations(padded, len(places)) if len(places) <= 4 else _greedy(places, padded)
    return max(
        sum(who in members[name] for who, name in zip(seating, places, strict=True)) for seating in seatings
    )


def _greedy(places: list[str], people: list[str]) -> Iterator[tuple[str, ...]]:
    """All seatings of few people on many places: each person takes one place or none."""
    real = [who for who in people if who != "nobody"]
    for chosen in permutations(range(len(places)), min(len(real), len(places))):
        seating = ["nobody"] * len(places)
        for who, place in zip(real, chosen, strict=False):
            seating[place] = who
        yield tuple(seating)


@given(asked, teams, voices)
def test_matching_fills_as_many_places_as_any_seating_could(
    rules: list[ApprovalRule], members: dict[str, frozenset[str]], people: list[str]
) -> None:
    """Overlapping teams: whoever is in two of them sits where they are needed, as brute force finds too."""
    small = [replace(rule, count=min(rule.count, 2)) for rule in rules]
    count = tally(signed(*people), "d", crowded(small, members))
    assert count.have == most_places(small, members, set(people))


@given(asked, teams, voices)
def test_nobody_sits_twice_and_nobody_sits_where_they_do_not_belong(
    rules: list[ApprovalRule], members: dict[str, frozenset[str]], people: list[str]
) -> None:
    """A person fills one place at most, and only people who approved and are in an asked team do."""
    count = tally(signed(*people), "d", crowded(rules, members))
    assert len(set(count.counted)) == len(count.counted) == count.have
    assert set(count.counted) <= set(people)
    assert all(any(who in members[rule.team] for rule in rules) for who in count.counted)
    assert count.is_complete == all(need.have == need.count for need in count.needs)


@given(asked, teams, st.permutations(CROWD))
def test_order_of_voices_does_not_change_how_many_places_are_filled(
    rules: list[ApprovalRule], members: dict[str, frozenset[str]], people: list[str]
) -> None:
    """Two people who approve at one moment count the same, whoever was first."""
    world = crowded(rules, members)
    assert tally(signed(*people), "d", world).have == tally(signed(*reversed(people)), "d", world).have


@given(asked, teams, st.permutations(CROWD), st.integers(0, 5))
def test_extra_approvals_do_not_move_the_moment_of_completion(
    rules: list[ApprovalRule], members: dict[str, frozenset[str]], people: list[str], first: int
) -> None:
    """The wait runs from the last approval that was needed; one more cannot begin it anew."""
    world = crowded(rules, members)
    early = tally(signed(*people[:first]), "d", world)
    if early.is_complete:
        assert tally(signed(*people), "d", world).complete_at == early.complete_at


def test_a15_whoever_asked_cannot_approve() -> None:
    """Self-approval is refused with whom to ask, and would not count if it were there."""
    world = replace(
        context(), teams={**TEAMS, "release-managers": team("release-managers", "ana", "bo", "cy")}
    )
    told = refusal(reviewed(), Approve(P, "ana"), world)
    assert isinstance(told, SelfApproval)
    assert [person.name for person in told.ask] == ["bo", "cy"]
    assert tally(signed("ana", "bo"), "d", world).counted == ("bo",)


def test_self_approval_counts_where_the_rules_allow_it() -> None:
    """A catalog may say that whoever asks may be one of the approvers."""
    rules = replace(RULES, self_approval=True, approvals=(ApprovalRule(1, "payments"),))
    assert judged(approved(rules, "ana"), context(rules)).tally.is_complete


def test_f27_one_person_counts_once() -> None:
    """The second click on Approve is told so and adds nothing."""
    once = approved(RULES, "bo")
    told = refusal(once, Approve(P, "bo"), context())
    assert told == AlreadyApproved(P, 1, 2)
    assert tally(signed("bo", "bo"), "d", context()).have == 1


def test_f28_two_approvals_at_one_instant_both_count() -> None:
    """The last two votes arrive together and there is exactly one step to approved."""
    both = approved(RULES, "bo", "cy")
    assert {one.at for one in both.approvals} == {T0}
    assert judged(both, context()).tally.counted == ("bo", "cy")
    assert judged(approved(RULES, "cy", "bo"), context()).tally.counted == ("bo", "cy")


def test_a_first_approval_is_the_one_that_is_timed() -> None:
    """Approvals are counted in the order of time, in whatever order they were stored."""
    out_of_order = replace(promotion(), approvals=(Approval("cy", "d", T0 + 9), Approval("bo", "d", T0 + 3)))
    assert tally(out_of_order, "d", context()).complete_at == T0 + 9


def test_a_persons_second_yes_does_not_move_the_moment() -> None:
    """The wait runs from the first time that they said it."""
    twice = replace(promotion(), approvals=(Approval("bo", "d", T0), Approval("bo", "d", T0 + 9)))
    world = context(replace(RULES, approvals=(ApprovalRule(1, "release-managers"),)))
    assert tally(twice, "d", world).complete_at == T0


def test_an_approval_of_other_evidence_does_not_count() -> None:
    """A yes to what was shown before is no yes to what is shown now."""
    assert tally(signed("bo", "cy", digest="before"), "d", context()).have == 0


def test_a13_whoever_is_in_no_asked_team_is_refused_with_names() -> None:
    """E07: the refusal names the teams that are asked, one's own, and people who may."""
    told = refusal(reviewed(), Approve(P, "dee"), context())
    assert isinstance(told, NotApprover)
    assert (told.needs, told.member_of) == (("release-managers",), ("payments",))
    assert [person.name for person in told.ask] == ["bo", "cy"]


def test_whoever_is_not_in_people_is_refused() -> None:
    """A stranger's click does nothing."""
    assert isinstance(refusal(reviewed(), Approve(P, "mallory"), context()), NotApprover)


def guild(seen_at: float | None, *members: str) -> tuple[Rules, Context]:
    """A rule that asks one of a Slack group, last looked at at some time."""
    rules = replace(RULES, approvals=(ApprovalRule(1, "web-guild"),))
    world = replace(context(rules), teams={**TEAMS, "web-guild": group("web-guild", seen_at, *members)})
    return rules, world


def test_a21_unknown_membership_is_recorded_and_does_not_count_yet() -> None:
    """A click while the team is unknown is kept; it counts once a look says member."""
    _, unknown = guild(None)
    recorded = after(reviewed(), unknown, Approve(P, "eli"))
    requirements = judged(recorded, unknown)
    assert (requirements.tally.have, requirements.tally.checking) == (0, ("eli",))
    assert requirements.verdict("approvals") is Verdict.PENDING
    assert [one.checking for one in face_of(recorded, unknown, requirements).approvals] == [True]
    _, known = guild(T0, "eli")
    assert judged(recorded, known).tally.counted == ("eli",)


def test_a_look_that_says_no_strikes_the_recorded_approval() -> None:
    """Recorded is not counted: when the look says no member, it never does."""
    _, unknown = guild(None)
    recorded = after(reviewed(), unknown, Approve(P, "eli"))
    _, known = guild(T0, "dee")
    tallied = judged(recorded, known).tally
    assert (tallied.have, tallied.checking, tallied.is_complete) == (0, (), False)


def test_a_team_is_looked_at_for_somebody_who_sits_elsewhere_already() -> None:
    """Incident: Bo was known in one team and stale in the other, Cy only in the first.

    Bo could have filled the second place, but nobody looked, and the promotion waited until it expired.
    """
    rules = replace(RULES, approvals=(ApprovalRule(1, "release-managers"), ApprovalRule(1, "web-guild")))
    both = approved(rules)
    stale = replace(context(rules), teams={**TEAMS, "web-guild": group("web-guild", T0 - 600, "bo")})
    requirements = judged(both, stale)
    assert (requirements.tally.have, requirements.tally.checking) == (1, ("bo", "cy"))
    assert "look:team:web-guild" in {effect.key for effect in plan(both, stale, requirements).effects}
    known = replace(stale, teams={**TEAMS, "web-guild": group("web-guild", T0, "bo")})
    assert judged(both, known).tally.is_complete


def test_nobody_is_checked_for_a_place_that_is_filled() -> None:
    """What could not change the count is not worth a look, and not worth a word on the card."""
    rules = replace(RULES, approvals=(ApprovalRule(1, "release-managers"), ApprovalRule(1, "web-guild")))
    world = replace(context(rules), teams={**TEAMS, "web-guild": group("web-guild", T0 - 600, "eli")})
    assert judged(approved(rules, "bo"), world).tally.checking == ("bo",)
    faces = face_of(approved(rules, "bo"), world, judged(approved(rules, "bo"), world)).approvals
    assert [(one.counts, one.checking) for one in faces] == [(True, False)]
    plain = context(replace(RULES, approvals=(ApprovalRule(1, "release-managers"),)))
    assert judged(approved(RULES, "bo"), plain).tally.checking == ()


def test_a_fresh_no_is_refused_at_once() -> None:
    """Nobody is told "recorded" when it is known that it cannot count."""
    _, fresh = guild(T0 - 10, "dee")
    assert isinstance(refusal(reviewed(), Approve(P, "eli"), fresh), NotApprover)


def test_a21_a_stale_team_is_an_unknown_team() -> None:
    """A look of long ago counts neither as a yes nor as a no."""
    _, stale = guild(T0 - TEAM_FRESH - 1, "dee", "eli")
    assert judged(after(reviewed(), stale, Approve(P, "eli")), stale).tally.checking == ("eli",)
    assert judged(after(reviewed(), stale, Approve(P, "fay")), stale).tally.have == 0


def test_a19_whoever_left_the_team_is_struck() -> None:
    """P3: an approval by somebody who left before the dispatch no longer counts."""
    ready = approved()
    left = replace(context(), teams={**TEAMS, "release-managers": team("release-managers", "cy", "dee")})
    assert judged(ready, context()).tally.is_complete
    assert judged(ready, left).tally.counted == ("cy",)
    assert after(ready, left, Woken(P)).phase is Phase.WAITING


def test_whoever_left_the_catalog_is_struck() -> None:
    """A person whom `people` no longer names speaks for nobody."""
    left = replace(context(), people={name: who for name, who in context().people.items() if name != "bo"})
    assert judged(approved(), left).tally.counted == ("cy",)


def test_nothing_can_be_signed_before_there_is_evidence() -> None:
    """An approval of gates that nobody has looked at would sign nothing."""
    unlooked = after(promotion(), context(), VERSION)
    assert refusal(unlooked, Approve(P, "bo"), context()) == NotReadyForApproval(P, ("health",), ())


def test_f84_a30_a_click_on_an_old_card_is_refused() -> None:
    """E10: the button carries what the card showed, and that does not hold any more."""
    told = refusal(reviewed(), Approve(P, "bo", digest="0123456789abcdef"), context())
    assert isinstance(told, StaleCard)


def test_a_click_on_the_card_of_now_counts() -> None:
    """The digest that the card showed is the digest that is signed."""
    one = reviewed()
    digest = judged(one, context()).digest
    assert after(one, context(), Approve(P, "bo", digest)).approvals[0].digest == digest


def test_the_document_holds_at_most_twenty_approvals() -> None:
    """The twenty-first is refused: a document stays small whatever people do. Void ones make room first."""
    digest = judged(reviewed(), context()).digest
    full = replace(reviewed(), approvals=tuple(Approval(f"p{n}", digest, T0) for n in range(20)))
    assert refusal(full, Approve(P, "bo"), context()) == TooManyApprovals(P)
    void = replace(reviewed(), approvals=tuple(Approval(f"p{n}", "void", T0) for n in range(20)))
    assert [one.by for one in after(void, context(), Approve(P, "bo")).approvals] == ["bo"]


def test_without_rules_for_approval_nothing_is_awaited() -> None:
    """Where nobody is asked, the promotion goes on by itself."""
    rules = replace(RULES, approvals=())
    requirements = judged(reviewed(rules), context(rules))
    assert requirements.tally.is_complete
    assert not requirements.awaiting_approval
    assert requirements.slot_wish == "want"


def test_approvals_expire_only_while_they_are_awaited() -> None:
    """The clock of `expires` starts when the evidence is complete, not when the request came."""
    unlooked = after(promotion(), context(), VERSION)
    assert after(unlooked, at(context(), 5 * 3600), Woken(P)).phase is Phase.WAITING
    waiting = reviewed()
    assert after(waiting, at(context(), 4 * 3600 - 1), Woken(P)).phase is Phase.WAITING
    assert after(waiting, at(context(), 4 * 3600), Woken(P)).phase is Phase.EXPIRED
