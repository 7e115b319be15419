"""The timeline of an incident: what its thread, PagerDuty and its new lead are told, line by line."""

from typing import assert_never

from blocks.text import clip, date, link, raw, untrusted, web_address
from blocks.words import names, serving
from bot.domain.face import Face
from bot.domain.room import Happening, RoomLine

MOST_LINES = 12  # of one note
MOST_NOTE = 500  # characters of one note
PAGER_MOST = 1_000
UPDATE_EVERY = "30 minutes"


def said(face: Face, line: RoomLine) -> str:
    """One line of the thread below the incident's card."""
    number, what = incident(face), names.live_in(face)
    who = names.mention(line.by) if line.by else ""
    when = f", {date(line.at)}" if line.at is not None else ""
    match line.happening:
        case Happening.ACKNOWLEDGED:
            return f":eyes: {_done(face, who, 'acknowledged')}{when}: {what}."
        case Happening.LEAD:
            return f":bust_in_silhouette: {who or 'Somebody'} leads {number}{when}: {what}."
        case Happening.NOTED:
            return f":memo: {who or 'Somebody'} on {number}{when}:\n{quoted(line.text)}{_source(line)}"
        case Happening.ROLLED_BACK:
            return f":leftwards_arrow_with_hook: {_back(face)}{when}."
        case Happening.RESOLVED:
            return f":white_check_mark: {_done(face, who, 'resolved')}{when}: {what}."
        case _:
            assert_never(line.happening)


def incident(face: Face) -> str:
    """The incident by its number, or by its promotion while PagerDuty has named none."""
    return serving.incident_name(face) or f"the incident of {names.promotion(face.id)}"


def subject(face: Face) -> str:
    """The same where a sentence begins with it."""
    number = incident(face)
    return f"{number[0].upper()}{number[1:]}"


def _done(face: Face, who: str, done: str) -> str:
    return f"{who} {done} {incident(face)}" if who else f"{subject(face)} was {done}"


def _back(face: Face) -> str:
    place = f"{names.service(face.service)} {names.environment(face.environment)}"
    to = names.version(face.undone_to) if face.undone_to else "the release before"
    by = f" ({names.promotion(face.undone_by)} undid {names.promotion(face.id)})" if face.undone_by else ""
    return f"{place} is back on {to}{by}"


def quoted(text: str) -> str:
    """What somebody wrote, line by line, as a quote: no markup, no mention, nothing invisible."""
    lines = [one for one in text[:MOST_NOTE].splitlines() if one.strip()]
    return "\n".join(f"> {untrusted(one, MOST_NOTE)}" for one in lines[:MOST_LINES])


def _source(line: RoomLine) -> str:
    return f"\n{link(line.link, 'the message')}" if line.link else ""


def noted(face: Face, line: RoomLine) -> str:
    """The same as plain text, for a note on the PagerDuty incident."""
    who = raw(line.by.name, 60) if line.by else "Somebody"
    match line.happening:
        case Happening.ACKNOWLEDGED:
            words = f"{who} acknowledged it in Slack."
        case Happening.LEAD:
            words = f"{who} leads the response to {raw(face.id, 20)}."
        case Happening.NOTED:
            words = f"{who}: {raw(line.text, MOST_NOTE)} {web_address(line.link, 300)}".strip()
        case Happening.ROLLED_BACK:
            to, by = raw(face.undone_to or face.version, 80), raw(face.undone_by or face.id, 20)
            words = f"{raw(face.service, 60)} in {raw(face.environment, 40)} was rolled back to {to} by {by}."
        case Happening.RESOLVED:
            words = f"{who} resolved it in Slack."
        case _:
            assert_never(line.happening)
    return clip(words, PAGER_MOST)


def duties(face: Face) -> str:
    """What is expected of whoever leads from now on, told to them alone."""
    id = names.promotion(face.id)
    return (
        f":bust_in_silhouette: *You lead {incident(face)}*: {names.live_in(face)}. Four things are yours:\n"
        f"1. Say what serves. {serving.line(face)}\n"
        f"2. {_way_back(face)}\n"
        f"3. Write a note every {UPDATE_EVERY}, also when nothing is new: *Add note*, or `/promote note {id} …`\n"
        f"4. Resolve it when it is over: *Resolve*, or `/promote resolve {id}`"
    )


def _way_back(face: Face) -> str:
    if face.undone_by:
        return f"See that the way back holds: {_back(face)}."
    by_line = f"`/rollback {names.service(face.service)} because …`"
    if face.target is None:
        return f"Decide on the way back. I know no verified version to go back to; {by_line} takes one that you name."
    to = names.version(face.target.version)
    return f"Decide on the way back: *Roll back to {to}* on the card, or {by_line}"
