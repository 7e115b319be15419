"""The request form: what to promote where, what changes with it, and what it will need.

The version's block is named after the service and the environment that its versions are offered for: Slack tells
a search nothing else of the form, and forgets the chosen version when either of them changes.
"""

from collections.abc import Mapping, Sequence

from blocks import inputs, pieces
from blocks.inputs import Option
from blocks.rendition import Block, Blocks, View
from blocks.text import lines_within, raw
from blocks.views import modal
from blocks.words import changes
from blocks.words import request_form as words
from bot.domain.candidates import Candidate
from bot.domain.forms import LiveAlready, RequestForm
from bot.domain.promotion import Live

REQUEST = "promo.request"
SERVICE, VERSION, ENVIRONMENT, REASON = "service", "version", "environment", "reason"
SKIP, SKIP_REASON = "skip_health", "skip_reason"
LEAST_REASON = 8
_MOST_NAME = 100


def request(form: RequestForm, *, opens: bool = False) -> View:
    """Ask what to promote where, and why. One that opens with all the rest filled in begins at the reason: one that
    is redrawn leaves people where they type."""
    retries = words.retries(form)
    blocks = [
        *[_alert(words.warning(one)) for one in form.warnings[:4]],
        *([pieces.context(retries)] if retries else []),
        _service(form),
        *(_of_service(form) if form.environments else []),
        inputs.line(
            REASON,
            words.REASON,
            form.reason,
            words.REASON_EXAMPLE,
            words.REASON_HINT,
            least=LEAST_REASON,
            begins=opens and bool(form.service and form.version and form.environment),
        ),
        *_told(form),
        *_skips(form),
    ]
    return modal(REQUEST, words.TITLE, blocks, id=form.retries, submit=words.SUBMIT)


def version_block(service: str, environment: str) -> str:
    """The id of the block in which a version is chosen."""
    return f"{VERSION}@{service[:_MOST_NAME]}@{environment[:_MOST_NAME]}"


def place_of(block: str) -> tuple[str, str]:
    """The service and the environment that a version's block is named after; nothing for any other block."""
    name, _, place = block.partition("@")
    service, _, environment = place.partition("@")
    return (service, environment) if name == VERSION else ("", "")


def services(found: Mapping[str, str]) -> Mapping[str, Blocks]:
    """What the search for a service answers: each with its repository."""
    return inputs.found({"": [Option(name, below=words.service_below(repo)) for name, repo in found.items()]})


def versions(found: Sequence[Candidate], before: str, target: Live, now: float) -> Mapping[str, Blocks]:
    """What the search for a version answers: under headings, in the order in which they came."""
    groups: dict[str, list[Option]] = {}
    for one in found:
        shown = Option(one.version, words.version_text(one), words.version_below(one, target, now))
        groups.setdefault(words.group(one, before), []).append(shown)
    return inputs.found(groups)


def _service(form: RequestForm) -> Block:
    return inputs.search(
        SERVICE, words.SERVICE, Option(form.service) if form.service else None, "", acts=True
    )


def _of_service(form: RequestForm) -> Blocks:
    """The fields whose choices are the service's own."""
    chosen = Option(form.version, raw(form.version, 75)) if form.version else None
    return [
        inputs.search(
            VERSION,
            words.VERSION,
            chosen,
            words.version_hint(form),
            acts=True,
            block=version_block(form.service, form.environment),
        ),
        inputs.choice(
            ENVIRONMENT,
            words.TARGET,
            form.environments,
            form.environment,
            acts=True,
            block=f"{ENVIRONMENT}@{form.service[:_MOST_NAME]}",
        ),
    ]


def _skips(form: RequestForm) -> Blocks:
    if not inputs.offerable(form.skippable):
        return []
    block = f"{SKIP}@{form.service[:_MOST_NAME]}@{form.environment[:_MOST_NAME]}"
    return [
        inputs.checks(SKIP, words.SKIP, form.skippable, block=block, hint=words.SKIP_HINT),
        inputs.line(SKIP_REASON, words.WHY_SKIP, "", "", words.WHY_SKIP_HINT, optional=True),
    ]


def _told(form: RequestForm) -> Blocks:
    """What changes, and what it will need: known as soon as the service is."""
    if not form.environments:
        return []
    listed = lines_within(changes.coming(form.changes, form.environment), 2_900)
    is_there = any(isinstance(one, LiveAlready) for one in form.warnings)
    return [pieces.section(listed), *([] if is_there else [pieces.context(words.needs(form))])]


def _alert(text: str) -> Block:
    return {"type": "alert", "level": "warning", "text": pieces.plain(text, 200)}
