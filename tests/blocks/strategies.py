"""Faces that nobody wants to meet: hostile texts everywhere, none or sixty gates, impossible times."""

from typing import get_args

from hypothesis import strategies as st

from bot.domain.face import (
    ApprovalFace,
    ApprovalNeed,
    Button,
    EvidenceChange,
    Face,
    IncidentFace,
    PathMark,
    RequirementFace,
    State,
    StatusRow,
)
from bot.domain.policy import Kind, Person, Verdict
from bot.domain.promotion import Change, Changes, EndCause, Ending, Release, Replaced, Step, Stranger
from bot.domain.readings import ChecksReading, HealthReading, IncidentsReading, OpenIncident, Unreadable
from bot.domain.room import Happening, RoomLine

NASTY = (
    "<!channel>",
    "<!here|hello>",
    "<@U0EVE>",
    "<#C0EVE>",
    "<!subteam^S0EVE>",
    "<https://evil.example|Approve>",
    "https://evil.example",
    "*evil*",
    "_evil_",
    "~evil~",
    "`evil`",
    "```evil```",
    ":evil:",
    "@channel @here @everyone",
    "&lt;!channel&gt;",
    "reason\n> forged quote\n*Approved by bo*",
    "\u202egnp.exe",
    "a\u200bb\u2066c\ufeff",
    "\x00\x07\x1b[31m",
    "\ud800",
    "שלום עולם",
    "مرحبا",
    "👩‍👩‍👧 🇫🇷",
    "long " * 600,
    "<" * 3_000,
    "",
    " ",
)
hostile = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
names = st.one_of(st.sampled_from(("checkout", "v2.14.3", "production", "a" * 40)), hostile)
times = st.one_of(st.floats(), st.floats(1.7e9, 1.9e9))
urls = st.sampled_from(
    ("", "https://github.com/acme/checkout", "javascript:alert(1)", "https://a|b>c", "http://[x")
)
people = st.builds(Person, name=names, slack=st.one_of(st.sampled_from(("U0ANA", "")), hostile))
looks = st.integers(0, 99)
some_names = st.lists(hostile, max_size=6).map(tuple)
readings = st.one_of(
    st.none(),
    st.builds(ChecksReading, passed=looks, failed=some_names, pending=some_names, missing=some_names),
    st.builds(
        HealthReading,
        good_in_a_row=looks,
        attempts=looks,
        status=st.one_of(st.none(), st.integers(100, 599)),
        version=st.one_of(st.none(), hostile),
        wrong=st.one_of(st.none(), hostile),
    ),
    st.builds(
        IncidentsReading,
        open=st.lists(st.builds(OpenIncident, number=looks, title=hostile, url=urls), max_size=3).map(tuple),
    ),
    st.builds(Unreadable, why=hostile),
)
requirements = st.builds(
    RequirementFace,
    name=names,
    kind=st.sampled_from(
        ("gate", "branch", "path", "role", "approvals", "wait", "slot", "unavailable", "verify")
    ),
    verdict=st.sampled_from(Verdict),
    use=st.sampled_from(("", "health", "checks", "incidents")),
    environment=names,
    reading=readings,
    basis=hostile,
    link=urls,
    reason=hostile,
    by=hostile,
)
releases = st.builds(Release, sha=hostile, version=names, since=times, promotion=hostile, by=hostile)
changes = st.builds(
    Changes,
    since=names,
    commits=looks,
    items=st.lists(
        st.builds(
            Change, title=hostile, author=hostile, url=urls, number=st.one_of(st.none(), looks), sha=hostile
        ),
        max_size=5,
    ).map(tuple),
    authors=some_names,
    url=urls,
    behind=looks,
)
needs = st.builds(
    ApprovalNeed,
    count=st.integers(1, 3),
    have=st.integers(0, 3),
    team=names,
    slack_group=st.one_of(st.sampled_from(("", "S0WEB")), hostile),
    possible=st.lists(people, max_size=12).map(tuple),
)
approvals = st.builds(
    ApprovalFace, by=people, note=hostile, counts=st.booleans(), checking=st.booleans(), at=times
)
causes = st.sampled_from(get_args(EndCause))
endings = st.builds(Ending, cause=causes, at=times, by=hostile, said=hostile, nearest=some_names)
incidents = st.builds(
    IncidentFace,
    number=st.one_of(st.none(), st.integers(1, 99_999)),
    url=urls,
    channel=st.one_of(st.sampled_from(("", "C0INC")), hostile),
    on_call=st.lists(people, max_size=3).map(tuple),
    asked=st.booleans(),
    delayed=hostile,
    acknowledged_by=st.one_of(st.none(), people),
    acknowledged_at=st.one_of(st.none(), times),
    resolved_by=st.one_of(st.none(), people),
    resolved_at=st.one_of(st.none(), times),
    lead=st.one_of(st.none(), people),
    untold=hostile,
    buttons=st.lists(
        st.sampled_from((Button.ACKNOWLEDGE, Button.TAKE_LEAD, Button.ADD_NOTE, Button.RESOLVE)), unique=True
    ).map(tuple),
)
room_lines = st.builds(
    RoomLine,
    happening=st.sampled_from(Happening),
    by=st.one_of(st.none(), people),
    at=st.one_of(st.none(), times),
    text=st.one_of(hostile, st.lists(hostile, max_size=30).map("\n".join)),
    link=urls,
)
steps = st.builds(
    Step,
    name=hostile,
    status=st.sampled_from(("pending", "running", "succeeded", "failed", "skipped")),
    url=urls,
)
maybe_release = st.one_of(st.none(), releases)
many_requirements = st.one_of(
    st.lists(requirements, max_size=4).map(tuple),
    requirements.map(lambda one: (one,) * 60),
)
faces = st.builds(
    Face,
    id=st.sampled_from(("P-1", "P-142", "P-1234567")),
    kind=st.sampled_from(Kind),
    service=names,
    environment=names,
    version=names,
    sha=hostile,
    repo=hostile,
    requester=people,
    reason=hostile,
    created=times,
    state=st.sampled_from(State),
    digest=st.just("abcdef0123456789"),
    path=st.lists(
        st.builds(
            PathMark,
            environment=names,
            mark=st.sampled_from(("passed", "here", "failed", "ahead", "unknown")),
        ),
        max_size=10,
    ).map(tuple),
    requirements=many_requirements,
    blocking=some_names,
    needs=st.lists(needs, max_size=2).map(tuple),
    approvals=st.lists(approvals, max_size=8).map(tuple),
    voided=st.lists(st.builds(EvidenceChange, part=hostile, before=hostile, after=hostile), max_size=4).map(
        tuple
    ),
    changes=st.one_of(st.none(), changes),
    self_approval=st.booleans(),
    expires=st.one_of(st.none(), times),
    starts=st.one_of(st.none(), times),
    wait=times,
    behind=hostile,
    position=looks,
    replaces=hostile,
    workflow=hostile,
    run_id=st.one_of(st.none(), st.integers(1, 10**12)),
    run_url=urls,
    attempt=st.integers(1, 9),
    extra_attempt=st.integers(0, 9),
    steps=st.one_of(st.lists(steps, max_size=4).map(tuple), steps.map(lambda one: (one,) * 60)),
    extra_by=hostile,
    waiting_in_github=st.booleans(),
    waiting_since=st.one_of(st.none(), times),
    blind=st.booleans(),
    unstopped=st.booleans(),
    stop=st.sampled_from(("", "asked", "forced")),
    lost=st.booleans(),
    nothing_ran=st.booleans(),
    steps_done=looks,
    steps_total=looks,
    stranger=st.one_of(st.none(), st.builds(Stranger, run_id=st.integers(1, 10**12), starter=hostile)),
    unclear=hostile,
    asked_github_at=st.one_of(st.none(), times),
    cancelled_by=hostile,
    ending=st.one_of(st.none(), endings),
    ended_by=st.one_of(st.none(), people),
    took=st.one_of(st.none(), times),
    usual=st.one_of(st.none(), times),
    left=hostile,
    last_look=st.booleans(),
    replaced=st.one_of(
        st.none(), st.builds(Replaced, at=times, version=st.one_of(st.just(""), hostile), by=hostile)
    ),
    impact=st.one_of(st.none(), st.tuples(times, times)),
    serving=maybe_release,
    serving_known=st.booleans(),
    serving_sought=st.booleans(),
    previous=maybe_release,
    target=maybe_release,
    undoes=hostile,
    undone_by=hostile,
    undone_to=hostile,
    incident=st.one_of(st.none(), incidents),
    trouble=hostile,
    trouble_until=st.one_of(st.none(), times),
    buttons=st.lists(st.sampled_from(Button), max_size=30).map(tuple),
)
status_rows = st.builds(
    StatusRow,
    service=names,
    environment=names,
    live=maybe_release,
    known=st.booleans(),
    in_flight=st.lists(st.tuples(hostile, names, st.sampled_from(State)), max_size=6).map(tuple),
)
