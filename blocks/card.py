"""The card: the one message of a promotion, a pure function of its face.

Three parts in every state: a head (what, state, id, path), what matters now, and the buttons. The thread and
the details form hold the rest, because vertical space in a channel is everybody's.
"""

from collections.abc import Callable, Mapping

from blocks import buttons, pieces
from blocks.evidence import (
    classic_evidence,
    classic_obstacles,
    classic_passed,
    rich_evidence,
    rich_obstacles,
    rich_passed,
)
from blocks.progress import classic_progress, rich_progress
from blocks.rendition import Blocks, Rendition, ladder
from blocks.short_card import short_card
from blocks.words import approvals, blocked, card_lines, endings, evidence, sentences, serving, states, steps
from bot.domain.face import Face, State

Part = Callable[[Face], Blocks]


def card(face: Face) -> Rendition:
    """Render a promotion's message; the same for its first post and every edit."""
    if face.discreet:
        return short_card(face)
    rich, classic = _BODIES[face.state]
    head, foot = _head(face), [*_trouble(face), *buttons.row(face)]
    return ladder(sentences.sentence(face), [*head, *rich(face), *foot], [*head, *classic(face), *foot])


def end(face: Face) -> Blocks:
    """How a promotion ended, as its card says it, without head and buttons; for blocks that every surface takes."""
    return _BODIES[face.state][1](face)


def _head(face: Face) -> Blocks:
    return [pieces.section(states.headline(face)), pieces.context(card_lines.origin(face))]


def _paragraph(*lines: str) -> Blocks:
    kept = [line for line in lines if line]
    return [pieces.section("\n".join(kept))] if kept else []


def _small(line: str) -> Blocks:
    return [pieces.context(line)] if line else []


def _why(face: Face) -> Blocks:
    return _paragraph(*card_lines.reason(face), *card_lines.changes_line(face))


def _waivers(face: Face) -> Blocks:
    return _paragraph(*evidence.waivers(face))


def _voided(face: Face) -> Blocks:
    return _paragraph(card_lines.voided(face)) if face.voided else []


def _checking(body: Part) -> Part:
    def checking(face: Face) -> Blocks:
        if face.last_look:
            return _waiting_its_turn(face)
        return [*_why(face), *body(face), *_waivers(face), *_voided(face)]

    return checking


def _blocked(body: Part) -> Part:
    return lambda face: [*_checking(body)(face), *_small(blocked.small(face))]


def _awaiting(body: Part) -> Part:
    return lambda face: [*_checking(body)(face), *_small(approvals.small(face))]


def _waiting_its_turn(face: Face) -> Blocks:
    return [*_why(face), *_waivers(face), *_small(card_lines.its_turn(face))]


def _starting(face: Face) -> Blocks:
    return [*_paragraph(steps.starting(face)), *_small(card_lines.by_whom(face))]


def _deploying(body: Part) -> Part:
    return lambda face: [*body(face), *_small(card_lines.by_whom(face))]


def _cancelling(face: Face) -> Blocks:
    return [*_paragraph(card_lines.cancelling(face)), *_small(card_lines.by_whom(face))]


def _succeeded(face: Face) -> Blocks:
    return [*_paragraph(steps.extra_attempt(face)), *_small(card_lines.succeeded(face))]


def _replaced(face: Face) -> Blocks:
    return [*_paragraph(steps.extra_attempt(face)), *_small(card_lines.replaced(face))]


def _rolled_back(face: Face) -> Blocks:
    return _small(card_lines.rolled_back(face))


def _failed(face: Face) -> Blocks:
    said = endings.why_failed(face)
    told = _paragraph(
        serving.line(face),
        f"> {said}" if said else "",
        serving.incident(face),
        steps.extra_attempt(face),
    )
    return [*told, *_small(card_lines.by_whom(face))]


def _unknown(face: Face) -> Blocks:
    told = _paragraph(steps.unknown(face), serving.line(face))
    run = _small(card_lines.by_whom(face)) if face.lost else []
    return [*told, *run, *_small(card_lines.nobody_knows())]


def _errored(face: Face) -> Blocks:
    return [*_paragraph(endings.could_not_start(face)), *_small(endings.refusal_code(face))]


def _stopped(face: Face) -> Blocks:
    """A promotion that ended without a deploy, or whose run was cancelled: two lines."""
    said, ran = endings.said(face.ending), steps.may_have_run(face)
    who = endings.by_nobody_known(face)
    told = _paragraph(
        f"> {said}" if said else "", who, serving.line(face) if ran else "", steps.extra_attempt(face)
    )
    return told or _paragraph(card_lines.nothing_ran())


def _superseded(face: Face) -> Blocks:
    return _paragraph(endings.superseded(face))


def _expired(face: Face) -> Blocks:
    return _paragraph(endings.expired(face))


def _trouble(face: Face) -> Blocks:
    return _small(card_lines.trouble(face)) if face.trouble else []


_BODIES: Mapping[State, tuple[Part, Part]] = {
    State.CHECKING: (_checking(rich_evidence), _checking(classic_evidence)),
    State.AWAITING_APPROVAL: (_awaiting(rich_passed), _awaiting(classic_passed)),
    State.TIMER: (_waiting_its_turn, _waiting_its_turn),
    State.QUEUED: (_waiting_its_turn, _waiting_its_turn),
    State.BLOCKED: (_blocked(rich_obstacles), _blocked(classic_obstacles)),
    State.STARTING: (_starting, _starting),
    State.DEPLOYING: (_deploying(rich_progress), _deploying(classic_progress)),
    State.CANCELLING: (_cancelling, _cancelling),
    State.VERIFYING: (_deploying(rich_progress), _deploying(classic_progress)),
    State.SUCCEEDED: (_succeeded, _succeeded),
    State.REPLACED: (_replaced, _replaced),
    State.ROLLED_BACK: (_rolled_back, _rolled_back),
    State.FAILED: (_failed, _failed),
    State.UNKNOWN: (_unknown, _unknown),
    State.ERRORED: (_errored, _errored),
    State.REJECTED: (_stopped, _stopped),
    State.CANCELLED: (_stopped, _stopped),
    State.EXPIRED: (_expired, _expired),
    State.SUPERSEDED: (_superseded, _superseded),
}
