"""The rollback form: what serves, what it could go back to, what goes away with it, and how long that takes."""

from dataclasses import replace

from blocks import replies, rollback_modal
from blocks.modals import message
from blocks.words import rollback_form as rollback_words
from bot.courier import noted
from bot.domain.errors import Refusal
from bot.domain.face import ApprovalNeed, WantedForm
from bot.domain.forms import ChangeList, Checking, NotAsked, RollbackForm, Target
from bot.domain.live import explains, left_by, rollback_target
from bot.domain.opening import refuse_to_undo
from bot.domain.policy import Kind, Person
from bot.domain.promotion import Live, Release
from bot.domain.usual import expected
from bot.ports import ShownView
from handlers.changes import looked_up
from handlers.desk import Desk, Trigger
from handlers.payloads import Filled, Submission
from handlers.places import Place, to_roll_back

MOST_TARGETS = 10
ACTS = frozenset({rollback_modal.VERSION})


async def open_rollback(desk: Desk, trigger: Trigger, place: Place, wanted: WantedForm) -> None:
    """Open the form for a place, with the version that somebody named, or say why nothing there is to roll back.

    Without a promotion to undo it is the one that a rollback undoes there now: what runs is stopped, and said so.
    """
    if not place.promotion:
        place = await to_roll_back(desk, place.service, place.environment)
    refusal = await _refusal(desk, place)
    if refusal is not None:
        desk.open(trigger, message(rollback_words.TITLE, noted(replies.refused(refusal)).text), wanted)
        return
    form = await drawn(desk, place, wanted.version, wanted.reason)

    async def then(shown: ShownView) -> None:
        await _complete(desk, shown, form)

    desk.open(trigger, rollback_modal.rollback(form), wanted, then)


async def _refusal(desk: Desk, place: Place) -> Refusal | None:
    """Why the promotion that was named is none to roll back: it never ran, or something else serves by now."""
    undone = await desk.store.load(place.promotion) if place.promotion else None
    live, _ = await desk.service.contexts.live(place.service, place.environment)
    return refuse_to_undo(undone, live) if undone is not None else None


async def redraw(desk: Desk, person: Person, filled: Filled, action: str) -> None:
    """Draw the form again for the release that was chosen: other commits go away with it."""
    form = await _drawn_again(desk, filled)

    async def then(shown: ShownView) -> None:
        await _complete(desk, shown, form)

    desk.redraws.redraw(filled, rollback_modal.rollback(form), then)


async def _drawn_again(desk: Desk, filled: Filled) -> RollbackForm:
    """By what was chosen; when something else serves by now, by that."""
    place, reason = await place_of(desk, filled), filled.text(rollback_modal.REASON)
    live, _ = await desk.service.contexts.live(place.service, place.environment)
    if await seen(desk, filled) not in (None, live.serving.sha if live.serving is not None else ""):
        return await anew(desk, place, reason)
    return await drawn(desk, place, filled.text(rollback_modal.VERSION), reason)


async def place_of(desk: Desk, filled: Filled | Submission) -> Place:
    """The record decides; the form's own words count only where it undoes no promotion."""
    undone = await desk.store.load(filled.promotion) if filled.promotion else None
    if undone is not None:
        return Place(undone.service, undone.environment, undone.id)
    return Place(filled.text(rollback_modal.SERVICE), filled.text(rollback_modal.ENVIRONMENT), "")


async def seen(desk: Desk, filled: Filled | Submission) -> str | None:
    """The commit that a form showed as serving.

    None when that says nothing: what serves is the doing of the very promotion that the form is to undo.
    """
    undone = await desk.store.load(filled.promotion) if filled.promotion else None
    if undone is None:
        return filled.rev
    live, _ = await desk.service.contexts.live(undone.service, undone.environment)
    return None if explains(undone, live) else filled.rev


async def anew(desk: Desk, place: Place, reason: str) -> RollbackForm:
    """The form of a place for what serves there now, with the alert that this is new.

    What was chosen before was chosen for something else: the release that would be taken first is chosen again.
    """
    now = await to_roll_back(desk, place.service, place.environment)
    return replace(await drawn(desk, now, "", reason), moved=True)


async def drawn(desk: Desk, place: Place, version: str = "", reason: str = "") -> RollbackForm:
    """The form with what is known at this moment; GitHub is not asked."""
    live, _ = await desk.service.contexts.live(place.service, place.environment)
    rules = desk.service.contexts.rules(place.service, place.environment, Kind.ROLLBACK)
    undone = await desk.store.load(place.promotion) if place.promotion else None
    left = left_by(undone, live)
    targets, chosen = _targets(live, left), rollback_target(live, left, version)
    form = RollbackForm(
        service=place.service,
        environment=place.environment,
        current=live.serving,
        targets=targets,
        workflow=rules.deploy.workflow,
        repo=rules.service.repo,
        undoes=place.promotion,
        in_flight=undone.id if undone is not None and undone.phase.is_open else "",
        approvals=tuple(ApprovalNeed(rule.count, 0, rule.team) for rule in rules.approvals),
        reason=reason,
        chosen=chosen or (targets[0].release if targets and not version else None),
        missing=version if chosen is None else "",
        expected=expected(live, Kind.ROLLBACK),
    )
    return replace(form, changes=_known(desk, form))


def _targets(live: Live, left: frozenset[str]) -> tuple[Target, ...]:
    """What can be gone back to: the release that would be taken first, each with how long it ran."""
    first = rollback_target(live, left)
    others = [one for one in live.good if one != first and one.sha not in left]
    releases = [first, *others] if first else others
    return tuple(Target(one, _ran(live, one)) for one in releases[:MOST_TARGETS])


def _ran(live: Live, release: Release) -> float | None:
    """Seconds until the next release came; None when it serves now, or nobody knows."""
    after = [one.since for one in (*live.good, live.serving) if one and one.since > release.since]
    return min(after) - release.since if after else None


def _known(desk: Desk, form: RollbackForm) -> ChangeList:
    if form.chosen is None:
        return NotAsked("no version")
    if form.current is None:
        return NotAsked("no live")
    return desk.candidates.compared(form.repo, form.chosen.sha, form.current.sha) or Checking()


async def _complete(desk: Desk, shown: ShownView, form: RollbackForm) -> None:
    """Show which commits go away, once GitHub has told it."""
    if form.chosen is None or form.current is None or not isinstance(form.changes, Checking):
        return
    changes = await looked_up(desk, form.repo, form.chosen, form.current.sha)
    await desk.redraws.refresh(shown, rollback_modal.rollback(replace(form, changes=changes)))
