"""The crash registry itself: every commit, outside call and request around which the process may die, declared once.

Each stands under the story that is responsible for it: the story must come by, and is killed on either side of it.
What the story of `find_channel` looks for is only there after another death, which stands in `ONLY_AFTER`.
"""

from collections.abc import Iterator, Mapping

from tests.durability.points import point, sides_of

MET_IN: Mapping[str, tuple[str, ...]] = {
    "rolled back": (
        "call:LookAtTeam:chat.group_members",
        "call:LookAtTeam:repository.team_members",
        "call:LookAtGate:pager.open_incidents",
        "call:LookAtGate:probe.get",
        "call:LookAtGate:repository.checks",
        "commit:gate_seen",
        "call:ShowCard:chat.update",
        "commit:effects_begun:say",
        "call:Say:chat.post",
        "commit:effect_done:say",
        "request:slack_click",
        "commit:approve",
        "commit:woken",
        "commit:intent",
        "call:Dispatch:repository.dispatch",
        "commit:dispatch_accepted",
        "request:github",
        "commit:run_seen",
        "call:ReadRun:repository.run",
        "call:LookAtServing:probe.get",
        "commit:serving_seen",
        "commit:effects_begun:failed",
        "call:Say.failed:chat.post",
        "commit:effect_done:failed",
        "call:Page:pager.trigger",
        "commit:effect_done:page",
        "call:ReadIncident:pager.find",
        "commit:incident_seen",
        "call:LookAtOnCall:pager.on_call",
        "commit:on_call_seen",
        "commit:effects_begun:channel",
        "call:OpenChannel:chat.create_channel",
        "call:OpenChannel:chat.find_channel",
        "commit:channel_opened",
        "request:pagerduty",
        "commit:effects_begun:incident_card",
        "call:ShowIncidentCard:chat.post",
        "commit:effect_done:incident_card",
        "call:ShowIncidentCard:chat.update",
        "call:Invite:chat.invite",
        "commit:effect_done:invite",
        "call:SetTopic:chat.set_topic",
        "commit:effect_done:topic",
        "call:PinCard:chat.pin",
        "commit:effect_done:pin",
        "commit:effects_begun:change",
        "call:SendChange:pager.change",
        "commit:effect_done:change",
        "commit:undone",
        "commit:effect_done:tell",
        "commit:effects_begun:rolled_back",
        "call:Say.rolled_back:chat.post",
        "commit:effect_done:rolled_back",
        "commit:effects_begun:note",
        "call:NoteIncident:pager.note",
        "commit:effect_done:note",
        "call:ResolveIncident:pager.resolve",
        "commit:effect_done:resolve",
    ),
    "looked after": (
        "commit:acknowledge_incident",
        "call:AcknowledgePage:pager.acknowledge",
        "commit:effect_done:acknowledge",
        "commit:incident_announced",
        "commit:take_lead",
        "commit:effects_begun:told",
        "call:TellRoom:chat.post",
        "commit:effect_done:told",
        "commit:effects_begun:duties",
        "call:BriefLead:chat.whisper",
        "commit:effect_done:duties",
        "commit:add_note",
        "commit:close_incident",
        "commit:effect_done:close",
    ),
    "lost": (
        "commit:dispatch_unclear",
        "call:LookForRun:repository.find_run",
        "commit:run_not_found",
        "commit:ignored_run",
        "call:beside:chat.open_view",
        "request:slack_form",
        "commit:adopt_run",
        "commit:run_not_ours",
        "commit:never_started",
        "call:Dispatch:repository.find_run",
        "commit:cancel",
        "call:CancelRun:repository.cancel",
        "commit:cancel_accepted",
    ),
    "vouched": ("commit:is_live",),
    "found": ("call:LookForRun:repository.me",),
    "named": ("call:ReadRun:repository.me",),
    "told": ("call:beside:repository.me",),
    "denied": ("call:Dispatch:repository.me",),
    "turned down": (
        "call:beside:chat.me",
        "commit:wake",
        "call:beside:chat.account",
        "request:slack_command",
        "commit:request",
        "call:LookAtVersion:repository.resolve",
        "call:LookAtVersion:repository.branch_of",
        "call:LookAtVersion:repository.changes",
        "commit:version_seen",
        "call:LookAtTeam:pager.schedule_members",
        "commit:team_seen",
        "commit:effect_done:team",
        "commit:effects_begun:card",
        "call:ShowCard:chat.post",
        "commit:effect_done:card",
        "commit:not_sent",
        "commit:dispatch_refused",
    ),
    "turned away": (
        "commit:version_not_found",
        "commit:version_refused",
        "call:Say:chat.whisper",
        "call:Say:chat.direct",
        "commit:refused",
    ),
    "thought over": ("commit:retry", "commit:supersede", "commit:reject"),
    "hurried": ("commit:skip_wait",),
    "adopted": (
        "commit:adopt_asked",
        "commit:adopt_tried",
        "call:beside:repository.resolve",
        "call:beside:probe.get",
        "commit:adopt",
        "commit:adopt_settled",
        "call:beside:chat.whisper",
        "call:beside:chat.direct",
    ),
    "at home": (
        "call:beside:chat.publish_home",
        "commit:home_seen",
        "commit:preferences",
        "commit:effects_begun:letter",
        "call:WriteLetter:chat.permalink",
        "call:WriteLetter:chat.direct",
        "commit:effect_done:letter",
    ),
    "replaced": ("commit:replaced",),
    "overtaken": ("commit:cancel_other", "commit:effect_done:cancel"),
    "shared": ("call:beside:chat.find_channels", "call:beside:chat.channel", "commit:channels_seen"),
    "looked at": (
        "call:ShowCard:chat.direct",
        "commit:effect_failed",
        "request:slack_search",
        "call:beside:repository.refs",
        "call:beside:repository.changes",
        "call:beside:chat.update_view",
        "call:beside:chat.permalink",
        "call:beside:chat.update",
        "commit:ignored_webhook",
    ),
}

# Only somebody who died there and came back has a reason to come by.
ONLY_AFTER: Mapping[str, str] = {
    "call:OpenChannel:chat.find_channel": point("after", "call:OpenChannel:chat.create_channel"),
}

# The rows of faults.md and the points that they name (KILL@…).
ROWS: Mapping[str, str] = {
    "F01": point("before", "request:slack_command"),  # pre_commit
    "F02": point("after", "request:slack_click"),  # post_commit
    "F03": point("acknowledged", "request:slack_command"),  # post_ack
    "F04": point("after", "commit:approve"),  # approved
    "F05": point("after", "commit:intent"),  # intent
    "F06": point("after", "call:Dispatch:repository.dispatch"),  # post_dispatch
    "F07": point("before", "call:ShowCard:chat.update"),  # pre_notify
    "F08": point("after", "call:ShowCard:chat.post"),  # post_message
    "F09": point("after", "call:Page:pager.trigger"),  # pd
}


def declared() -> frozenset[str]:
    """Every what that is declared."""
    return frozenset(what for whats in MET_IN.values() for what in whats)


def points_of(story: str) -> tuple[str, ...]:
    """The points at which a story is killed, in the order of their declaration."""
    return tuple(point(side, what) for what in MET_IN[story] for side in sides_of(what))


def deaths_at(fatal: str) -> Iterator[str]:
    """A death, and the one without which nobody comes by there."""
    earlier = ONLY_AFTER.get(fatal.partition(" ")[2])
    if earlier is not None:
        yield earlier
    yield fatal
