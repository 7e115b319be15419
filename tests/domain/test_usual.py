"""How long a deploy usually takes: the median of the last good ones, frozen when the next one is started."""

from dataclasses import replace

from bot.domain.forms import Expected
from bot.domain.policy import Kind
from bot.domain.promotion import Live, Promotion
from bot.domain.usual import LOOKED_AT, expected, timed, usual_seconds
from tests.domain.builders import (
    GOOD,
    PRODUCTION,
    T0,
    VERSION,
    after,
    approved,
    at,
    context,
    decision,
    deploying,
    ended,
    health,
    held,
    recorded,
    run_seen,
)


def taking(seconds: float, kind: Kind = Kind.PROMOTE) -> Promotion:
    """A success that took so long."""
    one = replace(ended(), kind=kind)
    assert one.ending is not None
    assert one.intent is not None
    return replace(one, ending=replace(one.ending, at=one.intent.at + seconds))


def after_all(*ones: Promotion) -> Live:
    """The record after these successes."""
    live = PRODUCTION
    for one in ones:
        live = timed(live, one)
    return live


def test_nobody_knows_before_the_first_one() -> None:
    """What was adopted was not deployed through Greenlight."""
    assert expected(PRODUCTION, Kind.PROMOTE) is None
    assert usual_seconds(PRODUCTION, Kind.ROLLBACK) is None


def test_it_is_the_median() -> None:
    """One that hung for an hour does not make them all slow."""
    live = after_all(taking(170), taking(3600), taking(180))
    assert expected(live, Kind.PROMOTE) == Expected(180.0, 3, "deploy")
    assert usual_seconds(live, Kind.PROMOTE) == 180.0


def test_a_rollback_is_like_a_deploy_until_there_was_one() -> None:
    """Its own workflow counts as soon as it has gone well once."""
    live = after_all(taking(180))
    assert expected(live, Kind.ROLLBACK) == Expected(180.0, 1, "deploy")
    assert expected(timed(live, taking(60, Kind.ROLLBACK)), Kind.ROLLBACK) == Expected(60.0, 1, "rollback")


def test_only_the_last_ones_count() -> None:
    """The record stays small, and last year's pipeline is forgotten."""
    live = after_all(*[taking(900)] * 20, *[taking(60)] * LOOKED_AT)
    assert live.deploys == (60.0,) * LOOKED_AT


def test_what_people_held_back_is_not_the_deploys_time() -> None:
    """GitHub kept the run waiting for a reviewer for an hour."""
    one = taking(3780)
    waited = replace(one, run=replace(one.run, waited=3600.0))
    assert timed(PRODUCTION, waited).deploys == (180.0,)


def test_an_outcome_that_somebody_vouched_for_took_no_time_that_is_known() -> None:
    """No run was ever seen: an hour of not knowing is no deploy of an hour."""
    vouched = replace(taking(3600), run=replace(ended().run, started=None))
    assert timed(PRODUCTION, vouched) == PRODUCTION


def test_it_is_recorded_with_what_is_live_and_frozen_at_the_next_start() -> None:
    """One record holds both, and a deploy that runs keeps what was usual when it began."""
    done = decision(deploying(), run_seen("completed", "success"), at(context(slot=held()), 90))
    assert done.live is not None
    assert done.live.deploys == (90.0,)
    world = recorded(context(slot=held()), replace(PRODUCTION, deploys=(200.0, T0, 100.0)))
    started = after(approved(), world, VERSION, health(GOOD))
    assert started.intent is not None
    assert started.intent.usual == 200.0
