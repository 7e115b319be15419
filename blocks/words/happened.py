"""What happened to a promotion, as sentences in order of time: what people did, and what each step came to."""

from collections.abc import Mapping

from blocks.text import moment, untrusted
from bot.domain.forms import AuditLine

GREENLIGHT = "greenlight"  # the actor where no person is
DID: Mapping[str, str] = {
    "request": "asked for it",
    "approve": "approved",
    "reject": "rejected it",
    "cancel": "cancelled it",
    "retry": "asked for another look",
    "skip_wait": "ended the wait",
    "supersede": "replaced it by a newer one",
    "adopt_run": "named its run",
    "never_started": "said that nothing of it runs",
    "is_live": "said that it is live",
    "acknowledge_incident": "acknowledged the incident",
    "take_lead": "took the lead of the incident",
    "add_note": "added a note to the incident",
    "close_incident": "resolved the incident",
    "refused": "asked for something that was refused",
    "version_seen": "found the commit of the version",
    "version_not_found": "did not find the version",
    "version_refused": "was not told what the version is",
    "dispatch_accepted": "started the workflow",
    "dispatch_refused": "was refused the workflow by GitHub",
    "dispatch_unclear": "asked GitHub for the workflow and got no clear answer",
    "not_sent": "did not reach GitHub",
    "run_not_found": "looked for the run and found none",
    "run_not_ours": "saw that the run which was named is not this one's",
    "cancel_accepted": "asked GitHub to stop the run",
    "serving_seen": "saw which version serves now",
    "incident_seen": "read the incident back",
    "channel_opened": "opened the incident's channel",
    "undone": "noted that it was rolled back",
}
# Looks, wakes and bookkeeping: told only when something came of them.
QUIET = frozenset(
    {
        "effect_done",
        "effect_failed",
        "effects_begun",
        "woken",
        "gate_seen",
        "run_seen",
        "on_call_seen",
        "incident_announced",
    }
)
_CAME_TO: Mapping[str, str] = {
    "waiting": "it waits",
    "dispatching": "all requirements hold, and it is being started",
    "deploying": "the deploy is under way",
    "verifying": "the run succeeded, and it is being verified",
    "unknown": "nobody knows how it went",
    "succeeded": "it succeeded",
    "failed": "it failed",
    "errored": "it could not be started",
    "rejected": "it was rejected",
    "cancelled": "it was cancelled",
    "expired": "it expired without a decision",
    "superseded": "a newer one took its place",
}
_SAYS_IT = {
    ("request", "waiting"),
    ("reject", "rejected"),
    ("cancel", "cancelled"),
    ("supersede", "superseded"),
}


def is_news(one: AuditLine) -> bool:
    """Whether a row stands in the timeline."""
    return bool(one.phase) or one.action not in QUIET


def sentence(one: AuditLine) -> str:
    """One thing that happened, with its second."""
    did = "" if one.action in QUIET else f"{_who(one)} {_did(one)}"
    came_to = "" if (one.action, one.phase) in _SAYS_IT else _came_to(one.phase)
    told = "; ".join(part for part in (did, came_to) if part)
    return f"{moment(one.at)} · {told if did else _capital(told)}"


def _who(one: AuditLine) -> str:
    return "Greenlight" if one.actor == GREENLIGHT else untrusted(one.actor, 40)


def _did(one: AuditLine) -> str:
    did = DID.get(one.action) or untrusted(one.action, 60).replace("_", " ")
    return f"{did}: “{untrusted(one.said, 150)}”" if one.said else did


def _came_to(phase: str) -> str:
    return _CAME_TO.get(phase) or (f"it is {untrusted(phase, 20)}" if phase else "")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
