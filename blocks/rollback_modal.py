"""The rollback form: what changes for everyone, what goes away, what stays, and why it is done.

It carries the commit that it showed as serving, and its choices are commits: a branch may have been live more than
once. The block of the choice is named after what serves, so that Slack forgets what was chosen when that changes.
"""

from blocks import inputs, pieces
from blocks.inputs import Option
from blocks.modals import message
from blocks.rendition import Block, Blocks, View
from blocks.text import lines_within
from blocks.views import modal
from blocks.words import changes
from blocks.words import request_form as request_words
from blocks.words import rollback_form as words
from bot.domain.forms import RollbackForm

ROLLBACK = "promo.rollback"
SERVICE, VERSION, ENVIRONMENT, REASON = "service", "version", "environment", "reason"
LEAST_REASON = 8


def rollback(form: RollbackForm) -> View:
    """Ask which release to go back to, with what that changes."""
    if not form.targets:
        return message(words.TITLE, words.no_target(form))
    beware = [words.moved(form), words.missing(form), words.stops(form)]
    blocks: Blocks = [
        _alert("error", words.warning(form)),
        *[_alert("warning", text) for text in beware if text],
        pieces.section(words.move(form)),
        *_place(form),
        _targets(form),
        pieces.section(lines_within(changes.leaving(form.changes), 2_900)),
        pieces.section(words.facts(form)),
        inputs.line(
            REASON,
            words.REASON,
            form.reason,
            words.REASON_EXAMPLE,
            request_words.REASON_HINT,
            least=LEAST_REASON,
        ),
    ]
    return modal(ROLLBACK, words.TITLE, blocks, id=form.undoes, rev=serving(form), submit="Roll back")


def serving(form: RollbackForm) -> str:
    """The commit that the form shows as serving; empty when nobody knows it."""
    return form.current.sha if form.current is not None else ""


def _targets(form: RollbackForm) -> Block:
    """The releases to choose from, each by its commit."""
    options = [
        Option(one.release.sha, words.release(form, one.release, 75), words.ran(one)) for one in form.targets
    ]
    chosen = form.chosen.sha if form.chosen is not None else ""
    block = f"{VERSION}@{serving(form)}"
    return inputs.pick(VERSION, words.BACK_TO, options, chosen, acts=True, block=block)


def _place(form: RollbackForm) -> Blocks:
    """Service and environment as fields, unless the promotion that is undone names them."""
    if form.undoes:
        return []
    return [
        inputs.choice(SERVICE, words.SERVICE, (form.service,), form.service),
        inputs.choice(ENVIRONMENT, words.IN, (form.environment,), form.environment),
    ]


def _alert(level: str, text: str) -> Block:
    return {"type": "alert", "level": level, "text": pieces.plain(text, 200)}
