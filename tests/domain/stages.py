"""One promotion in every phase, and one message of every type."""

from dataclasses import replace

from bot.domain.incident_messages import (
    AcknowledgeIncident,
    AddNote,
    ChannelOpened,
    CloseIncident,
    IncidentAnnounced,
    IncidentSeen,
    OnCallSeen,
    TakeLead,
)
from bot.domain.messages import (
    AdoptRun,
    Approve,
    Cancel,
    CancelAccepted,
    DispatchAccepted,
    DispatchRefused,
    DispatchUnclear,
    EffectDone,
    EffectFailed,
    EffectsBegun,
    IsLive,
    Message,
    NeverStarted,
    NotSent,
    Reject,
    Retry,
    RunNotFound,
    RunNotOurs,
    ServingSeen,
    SkipWait,
    Supersede,
    Undone,
    VersionNotFound,
    VersionRefused,
    Woken,
)
from bot.domain.promotion import Phase, Promotion
from tests.domain.builders import (
    HEALTHY,
    RUN,
    T0,
    VERIFIED_RULES,
    VERSION,
    after,
    context,
    deploying,
    dispatching,
    ended,
    request,
    reviewed,
    run_seen,
    unknown,
)

P = "P-142"
MESSAGES: tuple[Message, ...] = (
    request(),
    Approve(P, "bo"),
    Reject(P, "bo", "too risky"),
    Cancel(P, "ana", "changed my mind"),
    Retry(P, "ana"),
    SkipWait(P, "bo"),
    Supersede(P, "ana", "P-143"),
    AdoptRun(P, "fay", RUN),
    NeverStarted(P, "fay"),
    IsLive(P, "fay"),
    AcknowledgeIncident(P, "dee"),
    TakeLead(P, "dee"),
    AddNote(P, "dee", "refunds fail for EUR cards"),
    CloseIncident(P, "dee", "rolled back"),
    Woken(P),
    VERSION,
    VersionNotFound(P, "missing", ("v2.14.2",)),
    VersionRefused(P, "403", "Resource not accessible by integration"),
    HEALTHY,
    DispatchAccepted(P, 1, RUN, "u"),
    DispatchRefused(P, 1, "422", "Unexpected inputs provided"),
    DispatchUnclear(P, 1, "502"),
    NotSent(P, 1, "rate limited", T0 + 60),
    run_seen(),
    RunNotFound(P, 1),
    RunNotOurs(P, RUN),
    CancelAccepted(P, False),
    ServingSeen(P, "v2.14.2"),
    EffectsBegun(P, ("card",)),
    EffectDone(P, "card", "1.1", "C1", "digest"),
    EffectFailed(P, "card", "503", T0 + 5),
    IncidentAnnounced(P),
    IncidentSeen(P, "Q1", 4411, "https://pd.example/4411"),
    OnCallSeen(P, ("dee",)),
    ChannelOpened(P, "C9", "inc-4411-checkout"),
    Undone(P, "P-143", "v2.14.2"),
)


def in_every_phase() -> dict[Phase, Promotion]:
    """A promotion that came to each phase through messages alone."""
    late = context(now=T0 + 5 * 3600.0)
    waiting = reviewed()
    stages = (
        waiting,
        dispatching(),
        deploying(),
        ended(rules=VERIFIED_RULES),
        unknown(),
        ended(),
        ended("failure"),
        after(dispatching(), context(), DispatchRefused(P, 1, "422", "no such input")),
        after(waiting, context(), Reject(P, "bo", "too risky")),
        after(waiting, context(), Cancel(P, "ana")),
        after(waiting, late, Woken(P)),
        replace(after(waiting, context(), Cancel(P, "ana")), phase=Phase.SUPERSEDED),
    )
    return {stage.phase: stage for stage in stages}
