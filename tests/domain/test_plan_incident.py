"""What a failed deploy calls for, in which order, and what the rollback adds; a rollback waits for none of it."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.effects import Effect, Invite, OpenChannel, ResolveIncident, SendChange
from bot.domain.incident_effects import NoteIncident
from bot.domain.incident_messages import ChannelOpened, IncidentSeen, OnCallSeen
from bot.domain.messages import EffectDone, EffectFailed, EffectsBegun, Undone
from bot.domain.plan import plan
from bot.domain.plan_incident import PATIENCE
from bot.domain.policy import FailureRule, Rules
from bot.domain.promotion import Promotion
from tests.domain.builders import RULES, T0, after, at, context, ended, judged

P = "P-142"
PAGED = EffectDone(P, "page", "key")
READ = IncidentSeen(P, "Q1", 4411, "https://pd.example/4411")
OPENED = ChannelOpened(P, "C9", "inc-4411-checkout")


def world(seconds: float = 70.0, rules: Rules = RULES) -> Context:
    """A moment after the failure."""
    return at(context(rules), seconds)


def wanted(one: Promotion, around: Context) -> dict[str, Effect]:
    """What PagerDuty and the incident channel still owe, by key."""
    effects = plan(one, around, judged(one, around)).effects
    return {effect.key: effect for effect in effects if effect.key not in {"card", "failed", "rolled_back"}}


def test_a_failure_pages_first() -> None:
    """The page does not wait for a channel, and the channel waits for the incident's number."""
    assert set(wanted(ended("failure"), world())) == {"page"}


def test_the_page_is_followed_by_its_number_and_by_who_is_on_call() -> None:
    """Only what was read back is shown; the channel is named by it."""
    paged = after(ended("failure"), world(), PAGED)
    assert set(wanted(paged, world())) == {"look:incident", "on_call"}
    read = after(paged, world(), READ)
    channel = wanted(read, world())["channel"]
    assert isinstance(channel, OpenChannel)
    assert channel.number == "4411"


def test_f86_a_channel_does_not_wait_for_ever_for_a_number() -> None:
    """No incident came of the page; after a minute the channel takes the promotion's name."""
    paged = after(ended("failure"), world(), PAGED)
    assert "channel" not in wanted(paged, world(59.0 + PATIENCE))
    channel = wanted(paged, world(60.0 + PATIENCE))["channel"]
    assert isinstance(channel, OpenChannel)
    assert channel.number == "p-142"


def test_f87_a_page_that_is_impossible_does_not_hold_up_the_channel() -> None:
    """A wrong key is permanent; people get their channel at once."""
    gone = after(ended("failure"), world(), EffectFailed(P, "page", "400", T0, gave_up=True))
    assert "page" not in wanted(gone, world())
    assert "channel" in wanted(gone, world())


def test_the_channel_gets_people_card_and_topic() -> None:
    """Whoever asked, whoever approved and whoever is on call; the pin comes with the card."""
    opened = after(ended("failure"), world(), PAGED, READ, OnCallSeen(P, ("dee",)), OPENED)
    effects = wanted(opened, world())
    assert set(effects) == {"incident_card", "invite", "topic"}
    invite = effects["invite"]
    assert isinstance(invite, Invite)
    assert invite.people == ("ana", "bo", "cy", "dee")
    posted = after(opened, world(), EffectDone(P, "incident_card", "9.1", "C9", "old face"))
    assert "pin" in wanted(posted, world())


def test_nobody_is_invited_before_it_is_known_who_is_on_call() -> None:
    """One invitation, with everybody in it; one that cannot be read is not waited for."""
    opened = after(ended("failure"), world(), PAGED, READ, OPENED)
    assert "invite" not in wanted(opened, world())
    blind = after(opened, world(), EffectFailed(P, "on_call", "404", T0, gave_up=True))
    assert "invite" in wanted(blind, world())


def test_without_a_page_nothing_of_pagerduty_is_wanted() -> None:
    """The catalog decides what a failure is worth."""
    rules = replace(RULES, on_failure=FailureRule())
    assert wanted(ended("failure", rules), world(rules=rules)) == {}
    quiet = replace(RULES, on_failure=FailureRule(incident_channel=True))
    assert set(wanted(ended("failure", quiet), world(rules=quiet))) == {"channel"}


def test_a_success_is_a_change_event() -> None:
    """Whoever is paged next sees what changed; a change that may have been told is not told twice."""
    change = wanted(ended(), world())["change"]
    assert isinstance(change, SendChange)
    assert wanted(after(ended(), world(), EffectsBegun(P, ("change",))), world()) == {}


def test_a_rollback_is_noted_and_resolves_what_the_catalog_lets_it() -> None:
    """Once the rollback succeeded, and not before."""
    paged = after(ended("failure"), world(), PAGED, READ, OnCallSeen(P, ()), OPENED)
    assert not {"resolve", "note:P-143"} & set(wanted(paged, world()))
    undone = after(paged, world(), Undone(P, "P-143", "v2.14.2"))
    effects = wanted(undone, world())
    assert isinstance(effects["note:P-143"], NoteIncident)
    assert isinstance(effects["resolve"], ResolveIncident)
    never = replace(RULES, on_failure=replace(RULES.on_failure, resolve="never"))
    assert "resolve" not in wanted(undone, world(rules=never))


def test_a_note_that_may_have_been_written_is_not_written_again() -> None:
    """Incident: the bot was killed after PagerDuty took the note; the incident got it a second time."""
    undone = after(ended("failure"), world(), PAGED, READ, Undone(P, "P-143", "v2.14.2"))
    begun = after(undone, world(), EffectsBegun(P, ("note:P-143",)))
    assert "note:P-143" not in wanted(begun, world())
    failed = after(begun, world(), EffectFailed(P, "note:P-143", "503", T0))
    assert "note:P-143" in wanted(failed, world())


def test_the_topic_follows_what_serves() -> None:
    """Set again after the rollback, and only then."""
    opened = after(ended("failure"), world(), PAGED, READ, OnCallSeen(P, ()), OPENED)
    topic = wanted(opened, world())["topic"]
    said = after(opened, world(), EffectDone(P, "topic", shown=getattr(topic, "shown", "")))
    assert "topic" not in wanted(said, world())
    assert "topic" in wanted(after(said, world(), Undone(P, "P-143", "v2.14.2")), world())
