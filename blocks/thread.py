"""Notes in a promotion's thread. The caller shows two of them (failure, rolled back) in the channel too."""

from blocks import pieces
from blocks.rendition import Rendition
from blocks.words import blocked as blocked_words
from blocks.words import endings, notes
from bot.domain.face import Face


def _note(text: str, *codes: str) -> Rendition:
    codes = tuple(code for code in codes if code)
    small = [pieces.context(" · ".join(codes))] if codes else []
    return Rendition(text, ([pieces.section(text), *small],), codes[0] if codes else "")


def mention(face: Face) -> Rendition:
    """Ask the approvers, once, when approval is possible."""
    return _note(notes.ready(face))


def approved(face: Face, person_name: str) -> Rendition:
    """Tell who approved and how far that brings it."""
    return _note(notes.approved(face, person_name))


def voided(face: Face) -> Rendition:
    """Tell which change voided earlier approvals."""
    return _note(notes.voided(face))


def started(face: Face) -> Rendition:
    """Tell that the deploy has begun, with its run."""
    return _note(notes.started(face))


def blocked(face: Face) -> Rendition:
    """Tell whoever asked what stands in the way."""
    return _note(notes.blocked(face), *blocked_words.codes(face))


def failure(face: Face) -> Rendition:
    """Tell everyone that a deploy failed, what serves now, and who is on it."""
    return _note(notes.failed(face))


def rolled_back(face: Face) -> Rendition:
    """Tell everyone that an environment is back on an earlier version."""
    return _note(notes.rolled_back(face))


def cancelled_serving(face: Face) -> Rendition:
    """Tell what a cancelled run left behind."""
    return _note(notes.cancelled_serving(face))


def unknown(face: Face) -> Rendition:
    """Tell whoever asked that nobody knows the outcome."""
    return _note(notes.unknown(face), "E18")


def not_ours(face: Face, run: str) -> Rendition:
    """Tell that the run which somebody named is another one's."""
    return _note(notes.not_ours(face, run), "E41")


def stranger(face: Face) -> Rendition:
    """Tell that somebody else's run carries the correlation id."""
    return _note(notes.stranger(face))


def held(face: Face) -> Rendition:
    """Tell whoever asked that GitHub keeps the run waiting."""
    return _note(notes.held(face))


def unstopped(face: Face) -> Rendition:
    """Tell that GitHub did not stop the run, so that a person does it."""
    return _note(notes.unstopped(face))


def errored(face: Face) -> Rendition:
    """Tell whoever asked why the deploy could not start."""
    return _note(notes.errored(face), endings.refusal_code(face))


def page_failed(face: Face) -> Rendition:
    """Tell that on-call was not paged, so that a person does it."""
    return _note(notes.page_failed(face))


def extra_attempt(face: Face) -> Rendition:
    """Tell that a re-run in GitHub changes nothing here."""
    return _note(notes.extra_attempt(face))
