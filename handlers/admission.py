"""Who gets in, and what is said to whoever does not: the same for every kind of thing that Slack sends."""

from blocks import replies
from blocks.rendition import Rendition
from bot.courier import noted
from bot.domain.errors import NotChecked
from bot.domain.policy import Person
from handlers.desk import Desk
from handlers.failures import Broke
from handlers.payloads import Caller

UNAVAILABLE = 503  # an acknowledgement is a receipt: what was not stored is not acknowledged


def identify(desk: Desk, caller: Caller) -> Person | Rendition:
    """The person, or what to say to somebody who is none."""
    person = desk.accounts.identify(caller.user, caller.team, caller.app)
    return person if isinstance(person, Person) else replies.refused(person)


def is_unchecked(desk: Desk, caller: Caller) -> bool:
    """Whether nobody knows yet who it is: what they did may be let in when it comes again."""
    return isinstance(desk.accounts.identify(caller.user, caller.team, caller.app), NotChecked)


def admit(desk: Desk, caller: Caller) -> Person | Rendition:
    """The person, as long as they ask no faster than hands can; else what to say."""
    person = identify(desk, caller)
    if isinstance(person, Rendition):
        return person
    too_fast = desk.limits.asks(person.name)
    return replies.refused(too_fast) if too_fast else person


def said(broke: Broke) -> Rendition:
    """What is said when a handler broke."""
    match broke.reason:
        case "store down":
            return replies.store_down()
        case "newer":
            return replies.newer()
        case "ours":
            return replies.internal(broke.reference)


def whisper(desk: Desk, caller: Caller, channel: str, rendition: Rendition, thread: str = "") -> None:
    """Say something privately to whoever Slack names, person of ours or not, where they are; no faster than it can
    be read, or one account would hold up what others are told."""
    if channel and not desk.limits.has_heard_enough(caller.user):
        words = noted(rendition)
        desk.courier.send(
            lambda: desk.chat.whisper(channel, caller.user, words.text, words.blocks, thread=thread or None)
        )
