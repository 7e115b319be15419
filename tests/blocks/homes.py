"""Homes for the judges: one of every kind, and ones that nobody wants to meet."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from bot.domain.checkup import Checkup, Finding, Grade
from bot.domain.home import DAY, Drift, EnvironmentRow, HomeFace, Keep, ServiceRow, Step
from bot.domain.promotion import Ending
from tests.blocks.faces import ANA, ASKED, BO, FACES, NEW, OLD
from tests.blocks.strategies import faces, hostile, names, people, releases, times

NOW = ASKED + 3 * DAY
CHECKED = Checkup((Finding("slack", "scopes", "chat:write", Grade.PASS, "is granted"),), NOW)
KEEP = Keep(
    (("store", True), ("worker", True), ("slack", False)), "0.1.0", "272c84f707875a1b", ASKED, checked=CHECKED
)
STRIP = (
    EnvironmentRow("dev", (), ("checkout", NEW)),
    EnvironmentRow("staging", (FACES["deploying"],), ("checkout", NEW)),
    EnvironmentRow("production", (FACES["awaiting"], FACES["queued"], FACES["timer"]), None),
)
CHECKOUT = ServiceRow(
    "checkout",
    (("dev", NEW), ("staging", NEW), ("production", OLD)),
    Drift("production", "staging", ASKED, commits=7),
)
INVENTORY = ServiceRow("inventory", (("dev", NEW), ("staging", None)), None)
ENDED = (
    replace(FACES["succeeded"], ending=Ending("done", ASKED + 432)),
    FACES["failed"],
    FACES["rolled back"],
)
EMPTY = HomeFace(BO, STRIP[:1], (), (), (), is_owner=False, recent=())

HOMES: Mapping[str, HomeFace] = {
    "newcomer": replace(EMPTY, steps=(Step.ASKED,)),
    "nothing to do": replace(EMPTY, services=(INVENTORY,)),
    "busy": HomeFace(
        BO, STRIP, (FACES["awaiting"], FACES["awaiting one more"]), (FACES["deploying"],), (CHECKOUT, INVENTORY),
        is_owner=True, recent=ENDED,
    ),
    "admin": HomeFace(ANA, STRIP, (), (), (CHECKOUT,), is_owner=True, recent=ENDED, keep=KEEP),
    "admin whose change was refused": replace(
        EMPTY, keep=replace(KEEP, refused=("promotions.yml line 41: `count` must be 1 or more, got 0.",))
    ),
}  # fmt: skip


def many(count: int) -> HomeFace:
    """A Home with so many of everything."""
    waiting = tuple(replace(FACES["awaiting"], id=f"P-{number}") for number in range(count))
    flying = tuple(replace(FACES["deploying"], id=f"P-{1000 + number}") for number in range(count))
    services = tuple(replace(CHECKOUT, service=f"service-{number}") for number in range(count))
    strip = tuple(EnvironmentRow(f"stage-{number}", waiting, ("checkout", NEW)) for number in range(count))
    recent = tuple(replace(ENDED[0], id=f"P-{2000 + number}") for number in range(count))
    return HomeFace(BO, strip, waiting, flying, services, is_owner=True, recent=recent, keep=KEEP)


rows = st.builds(
    EnvironmentRow, names, st.lists(faces, max_size=1).map(tuple), st.none() | st.tuples(names, releases)
)
drifts = st.builds(Drift, names, names, times, st.none() | st.integers(0, 10**6))
services = st.builds(
    ServiceRow,
    names,
    st.lists(st.tuples(names, st.none() | releases), max_size=4).map(tuple),
    st.none() | drifts,
)
keeps = st.builds(
    Keep,
    st.lists(st.tuples(names, st.booleans()), max_size=4).map(tuple),
    names,
    names,
    times,
    st.lists(hostile, max_size=7).map(tuple),
)
homes = st.builds(
    HomeFace,
    person=people,
    strip=st.lists(rows, max_size=2).map(tuple),
    waiting=st.lists(faces, max_size=1).map(tuple),
    flying=st.lists(faces, max_size=1).map(tuple),
    services=st.lists(services, max_size=5).map(tuple),
    is_owner=st.booleans(),
    recent=st.lists(faces, max_size=2).map(tuple),
    steps=st.none() | st.just(()) | st.just((Step.ASKED,)),
    keep=st.none() | keeps,
)
