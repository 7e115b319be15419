"""Forms that nobody wants to meet: hostile texts in every field, impossible times, more of all than Slack takes."""

from dataclasses import replace

from hypothesis import strategies as st

from bot.domain.candidates import Candidate
from bot.domain.forms import (
    TABS,
    AuditLine,
    Checking,
    Details,
    Expected,
    LiveAlready,
    Needed,
    NotAsked,
    NotSeen,
    NotTold,
    NotVerified,
    RequestForm,
    RollbackForm,
    SlotBusy,
    Target,
)
from bot.domain.promotion import Live, Phase
from tests.blocks.strategies import (
    changes,
    faces,
    hostile,
    maybe_release,
    names,
    needs,
    releases,
    requirements,
    some_names,
    times,
)

maybe_time = st.one_of(st.none(), times)
change_lists = st.one_of(
    st.builds(NotAsked, st.sampled_from(("no version", "no live", "same"))),
    st.just(Checking()),
    st.builds(NotTold, hostile),
    changes,
)
warnings = st.one_of(
    st.builds(SlotBusy, hostile, st.sampled_from(Phase)),
    st.builds(LiveAlready, hostile, names, times, hostile),
    st.builds(NotVerified, hostile, names, names),
    st.builds(NotSeen, hostile, hostile, st.one_of(st.none(), hostile)),
)
request_forms = st.builds(
    RequestForm,
    service=names,
    environments=some_names,
    environment=names,
    version=names,
    reason=hostile,
    retries=st.sampled_from(("", "P-139")),
    skippable=some_names,
    repo=hostile,
    needed=st.builds(
        Needed,
        st.lists(st.tuples(st.integers(1, 9), names), max_size=6).map(tuple),
        st.booleans(),
        times,
        st.lists(names, max_size=20).map(tuple),
    ),
    warnings=st.lists(warnings, max_size=6).map(tuple),
    changes=change_lists,
    silent=st.booleans(),
    listed=maybe_time,
)
committed = st.builds(
    lambda release, sha: replace(release, sha=sha),
    releases,
    st.text("0123456789abcdef", min_size=40, max_size=40),
)
rollback_forms = st.builds(
    RollbackForm,
    service=names,
    environment=names,
    current=st.one_of(st.none(), committed),
    targets=st.lists(st.builds(Target, committed, maybe_time), max_size=6).map(tuple),
    workflow=hostile,
    repo=hostile,
    undoes=st.sampled_from(("", "P-142")),
    in_flight=hostile,
    approvals=st.lists(needs, max_size=2).map(tuple),
    reason=hostile,
    chosen=st.one_of(st.none(), committed),
    missing=st.one_of(st.just(""), hostile),
    moved=st.booleans(),
    expected=st.one_of(
        st.none(), st.builds(Expected, times, st.integers(1, 10), st.sampled_from(("rollback", "deploy")))
    ),
    changes=change_lists,
)
audit_lines = st.builds(
    AuditLine,
    at=times,
    actor=hostile,
    action=st.one_of(hostile, st.sampled_from(("request", "approve", "run_seen", "refused"))),
    facts=st.tuples(st.tuples(st.just("why"), hostile)),
    number=st.integers(0, 10**9),
    phase=hostile,
    said=hostile,
)
details = st.builds(
    Details,
    face=faces,
    tab=st.sampled_from(TABS),
    audit=st.lists(audit_lines, max_size=40).map(tuple),
    correlation=hostile,
    gates=st.lists(requirements, max_size=60).map(tuple),
    looked=st.dictionaries(names, times, max_size=4),
)
candidates = st.builds(
    Candidate,
    version=names,
    kind=st.sampled_from(("verified", "tag", "branch", "typed")),
    sha=hostile,
    environment=names,
    since=maybe_time,
    serving=st.booleans(),
    live=st.booleans(),
    ahead=st.one_of(st.none(), st.integers(0, 10_000)),
)
lives = st.builds(Live, service=names, environment=names, serving=maybe_release)
