"""The forms: request, rollback, reject, an unknown run, details, and the two that only say something.

Every input's block_id and action_id is its name, so that a field's error finds its place. `private_metadata`
is the promotion's id and the digest that was shown, and nothing else: the record decides.
"""

import json
from collections.abc import Sequence

from blocks import pieces
from blocks.inputs import checks, choice, line, offerable
from blocks.rendition import Blocks, View
from blocks.text import lines_within, raw
from blocks.words import forms
from blocks.words.card_lines import change_lines
from bot.domain.face import AuditLine, Face, RequestForm, RollbackForm

REQUEST = "promo.request"
ROLLBACK = "promo.rollback"
REJECT = "promo.reject"
ADOPT_RUN = "promo.adopt_run"
DETAILS = "promo.details"
MESSAGE = "promo.message"
LEAST_REASON = 8


def _view(
    callback: str, title: str, blocks: Blocks, *, id: str = "", rev: str = "", submit: str = ""
) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": pieces.plain(title, 24),
        "close": pieces.plain("Close" if not submit else "Not now", 24),
        "private_metadata": json.dumps({"id": id, "rev": rev}),
        "blocks": blocks[:100],
    }
    return view | ({"submit": pieces.plain(submit, 24)} if submit else {})


def checking(title: str = forms.REQUEST) -> View:
    """The form that opens at once, while the answer is looked up."""
    return _view(MESSAGE, title, [pieces.section(forms.checking())])


def message(title: str, text: str) -> View:
    """A form that only says something: safe mrkdwn, as the words make it."""
    return _view(MESSAGE, title, [pieces.section(text)])


def request(form: RequestForm) -> View:
    """Ask what to promote where, and why."""
    retries = forms.retries(form)
    blocks = [
        *([pieces.context(retries)] if retries else []),
        choice("service", "Service", form.services, form.service, acts=True),
        line("version", "Version", form.version, "v2.14.3, a branch or a commit"),
        choice("environment", "To", form.environments, form.environment),
        line(
            "reason",
            "Reason",
            form.reason,
            "fix refunds for EUR cards",
            forms.REASON_HINT,
            least=LEAST_REASON,
        ),
        *_skips(form),
    ]
    return _view(REQUEST, forms.REQUEST, blocks, id=form.retries, submit="Check and request")


def _skips(form: RequestForm) -> Blocks:
    if not offerable(form.skippable):
        return []
    return [
        checks("skip_health", "Skip a health check", form.skippable),
        line("skip_reason", "Why it may be skipped", "", "", forms.SKIP_HINT, optional=True),
    ]


def rollback(form: RollbackForm) -> View:
    """Ask which release to go back to, with what that changes."""
    if not form.targets:
        return message(forms.ROLL_BACK, forms.no_target(form))
    versions = tuple(dict.fromkeys(release.version for release in form.targets))
    blocks: Blocks = [
        {"type": "alert", "level": "error", "text": pieces.plain(forms.rollback_warning(form), 200)},
        pieces.section(forms.rollback_facts(form)),
        *_place(form),
        choice("version", "Back to", versions, versions[0]),
        line(
            "reason", "Reason", form.reason, "errors after the deploy", forms.REASON_HINT, least=LEAST_REASON
        ),
    ]
    return _view(ROLLBACK, forms.ROLL_BACK, blocks, id=form.undoes, submit="Roll back")


def _place(form: RollbackForm) -> Blocks:
    """Service and environment as fields, unless the promotion that is undone names them."""
    if form.undoes:
        return []
    return [
        choice("service", "Service", (form.service,), form.service),
        choice("environment", "In", (form.environment,), form.environment),
    ]


def reject(face: Face) -> View:
    """Ask why not."""
    blocks = [
        pieces.section(forms.reject_question(face)),
        line("reason", "Reason", "", "not ready: the migration is not reviewed", forms.REASON_HINT, least=1),
    ]
    return _view(REJECT, forms.REJECT, blocks, id=face.id, rev=face.digest, submit="Reject")


def adopt_run(face: Face) -> View:
    """Ask an admin which run is this promotion's."""
    blocks = [
        pieces.section(forms.reject_question(face)),
        line("run", "Run number", "", "8840", forms.RUN_HINT, least=1),
    ]
    return _view(ADOPT_RUN, forms.ADOPT_RUN, blocks, id=face.id, rev=face.digest, submit="This is the run")


def details(face: Face, audit: Sequence[AuditLine] = ()) -> View:
    """Show everything: state, ids, rules, changes and the audit log."""
    parts = [
        ("Rules", forms.details_gates(face)),
        ("Changes", change_lines(face, 20)),
        ("Audit", [forms.audit_line(one) for one in audit]),
    ]
    blocks = [pieces.section(forms.details_head(face)), pieces.section(forms.details_ids(face))]
    for title, lines in parts:
        if lines:
            blocks.append(pieces.section(f"*{title}*\n{lines_within(lines, 2_900)}"))
    return _view(DETAILS, f"{forms.DETAILS} {raw(face.id, 12)}", blocks, id=face.id, rev=face.digest)
