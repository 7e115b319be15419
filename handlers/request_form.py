"""The request form: filled with what is known at once, drawn again with what was chosen, completed by GitHub."""

from dataclasses import replace

from blocks import request_modal
from blocks.rendition import Blocks
from bot.domain.candidates import Choice, counted, matching, next_stage
from bot.domain.face import Button, WantedForm
from bot.domain.forms import (
    Checking,
    LiveAlready,
    Needed,
    NotSeen,
    NotVerified,
    RequestForm,
    SlotBusy,
    Warned,
)
from bot.domain.nearest import nearest
from bot.domain.opening import is_version
from bot.domain.policy import Kind, Person
from bot.domain.promotion import Promotion
from bot.domain.typeahead import ranked
from bot.ports import ShownView
from bot.store.protocol import Query
from handlers import rollback_form
from handlers.changes import choice_of, known_changes, looked_up
from handlers.desk import Desk, Trigger
from handlers.payloads import Filled, Search
from handlers.places import to_roll_back
from handlers.whereabouts import service_of

NAME = "request"
RECENT = 20  # promotions among which somebody's last one is looked for
MOST_SERVICES = 100
SHA_LETTERS = frozenset("0123456789abcdef")
ACTS = frozenset({request_modal.SERVICE, request_modal.VERSION, request_modal.ENVIRONMENT})


async def open_request(desk: Desk, trigger: Trigger, wanted: WantedForm) -> None:
    """Open the form with what somebody said already; what changes follows when GitHub has told it."""
    form = await drawn(desk, trigger.person, wanted, trigger.channel)

    async def then(shown: ShownView) -> None:
        await _complete(desk, shown, form)

    desk.open(trigger, request_modal.request(form, opens=True), wanted, then)


async def open_again(desk: Desk, trigger: Trigger, promotion: Promotion) -> None:
    """Open the form for asking for the same thing once more: of a rollback, the one for a rollback."""
    if promotion.kind is Kind.ROLLBACK:
        await _open_rollback_again(desk, trigger, promotion)
        return
    form = await drawn(desk, trigger.person, again(promotion))

    async def then(shown: ShownView) -> None:
        await _complete(desk, shown, form)

    wanted = WantedForm(Button.REQUEST_AGAIN.value, promotion.id)
    desk.open(trigger, request_modal.request(form, opens=True), wanted, then)


async def _open_rollback_again(desk: Desk, trigger: Trigger, promotion: Promotion) -> None:
    """Where it went back to is chosen already; what it undoes is what is to be undone now."""
    place = await to_roll_back(desk, promotion.service, promotion.environment)
    wanted = WantedForm("rollback", place.promotion, place.service, place.environment)
    wanted = replace(wanted, version=promotion.sha or promotion.version, reason=promotion.reason)
    await rollback_form.open_rollback(desk, trigger, place, wanted)


def again(promotion: Promotion) -> WantedForm:
    """What a promotion asked for, to be asked for again."""
    return WantedForm(
        NAME,
        promotion.id,
        promotion.service,
        promotion.environment,
        promotion.version,
        promotion.reason,
    )


async def redraw(desk: Desk, person: Person, filled: Filled, action: str) -> None:
    """Draw the form again by what was chosen in it: another service has other environments and versions.

    A service that has left the catalog is told about when the form is sent, never replaced by another one.
    """
    if filled.text(request_modal.SERVICE) not in desk.catalog().services:
        return
    moved = action == request_modal.SERVICE
    wanted = WantedForm(
        NAME,
        filled.promotion,
        filled.text(request_modal.SERVICE),
        "" if moved else filled.text(request_modal.ENVIRONMENT),
        "" if moved else filled.text(request_modal.VERSION),
        filled.text(request_modal.REASON),
    )
    form = await drawn(desk, person, wanted)

    async def then(shown: ShownView) -> None:
        await _complete(desk, shown, form)

    desk.redraws.redraw(filled, request_modal.request(form), then)


async def drawn(desk: Desk, person: Person, wanted: WantedForm, channel: str = "") -> RequestForm:
    """The form with what is known at this moment; GitHub is not asked."""
    services = desk.catalog().services
    service = wanted.service if wanted.service in services else await _usual(desk, person, channel)
    form = RequestForm(reason=wanted.reason, retries=await retried(desk, wanted.promotion, service))
    if not service:
        return form
    known = services[service]
    lives = [(await desk.service.contexts.live(service, name))[0] for name in known.environments]
    asked = wanted.environment in known.environments
    environment = wanted.environment if asked else next_stage(lives, wanted.version)
    choice = await choice_of(desk, service, environment)
    form = replace(form, service=service, environments=known.environments, environment=environment)
    return await _chosen(desk, form, choice, wanted.version or choice.suggestion())


async def retried(desk: Desk, promotion: str, service: str) -> str:
    """The promotion that is tried again; nothing when the form is about another service by now."""
    earlier = await desk.store.load(promotion) if promotion else None
    return promotion if earlier is not None and earlier.service == service else ""


async def _chosen(desk: Desk, form: RequestForm, choice: Choice, version: str) -> RequestForm:
    """The form of a known service with a version: what it needs, what to beware of, what changes."""
    rules = desk.catalog().rules(form.service, form.environment, Kind.PROMOTE)
    repo = rules.service.repo
    listed = desk.candidates.want(repo)
    return replace(
        form,
        version=version,
        repo=repo,
        skippable=tuple(gate.name for gate in rules.gates if gate.use == "health"),
        needed=Needed(
            approvals=tuple((rule.count, rule.team) for rule in rules.approvals),
            self_approval=rules.self_approval,
            author_approval=rules.author_approval,
            wait=rules.wait,
            gates=tuple(gate.name for gate in rules.gates),
        ),
        warnings=await _warnings(desk, form, choice, version, repo),
        changes=known_changes(desk, repo, choice, version),
        silent=listed.failed,
        listed=listed.at,
    )


async def _usual(desk: Desk, person: Person, channel: str) -> str:
    """The service whose channel this is, else the one that somebody asked for last, else the catalog's first."""
    services = desk.catalog().services
    here = service_of(desk, channel) if channel else ""
    if here:
        return here
    recent = await desk.store.find(Query(limit=RECENT))
    own = (one.service for one in recent if one.requester == person.name and one.service in services)
    return next(own, next(iter(services), ""))


async def _warnings(
    desk: Desk, form: RequestForm, choice: Choice, version: str, repo: str
) -> tuple[Warned, ...]:
    """What somebody should know before they ask; none of it keeps them from asking."""
    live = live_already(choice, version)
    unverified = None if live else _unverified(choice, version)
    found = (live, await _busy(desk, form), unverified, _unseen(desk, choice, version, repo))
    return tuple(one for one in found if one is not None)


def live_already(choice: Choice, version: str) -> LiveAlready | None:
    """Whether a version serves there already; a branch of that name may have moved on since."""
    serving, sha = choice.target.serving, choice.refs.sha_of(version)
    if serving is None or not version:
        return None
    moves = version in choice.branches or version in {one.name for one in choice.refs.branches}
    same = sha == serving.sha if sha else version in (serving.version, serving.sha) and not moves
    if not same:
        return None
    return LiveAlready(version, choice.target.environment, serving.since, serving.promotion)


def serves_surely(choice: Choice, version: str) -> LiveAlready | None:
    """The same of a tag or a commit only: where a branch is now GitHub alone can tell, and is asked later."""
    serving = choice.target.serving
    tags = {one.name for one in choice.refs.tags}
    is_branch = version in choice.branches or version in {one.name for one in choice.refs.branches}
    is_fixed = version in tags or (serving is not None and version == serving.sha)
    return live_already(choice, version) if is_fixed and not is_branch else None


async def _busy(desk: Desk, form: RequestForm) -> SlotBusy | None:
    slot = await desk.store.slot(form.service, form.environment)
    holder = await desk.store.load(slot.holder) if slot.holder else None
    return SlotBusy(holder.id, holder.phase) if holder is not None else None


def _unverified(choice: Choice, version: str) -> NotVerified | None:
    sha = choice.sha_of(version)
    if choice.before is None or not sha or choice.is_verified_before(sha):
        return None
    return NotVerified(version, choice.target.environment, choice.before.environment)


def _unseen(desk: Desk, choice: Choice, version: str, repo: str) -> NotSeen | None:
    """A version that is in no list, as far as the list is whole; a commit never is."""
    listed = desk.candidates.known(repo)
    in_doubt = listed.at is None or not listed.refs.whole or set(version.lower()) <= SHA_LETTERS
    if not version or in_doubt or choice.sha_of(version):
        return None
    names = [ref.name for ref in (*listed.refs.tags, *listed.refs.branches)]
    return None if version in names else NotSeen(version, repo, nearest(version, names))


async def _complete(desk: Desk, shown: ShownView, form: RequestForm) -> None:
    """Show what changes, once GitHub has told it."""
    choice = await choice_of(desk, form.service, form.environment) if form.service else None
    base = choice.target.serving if choice else None
    if choice is None or base is None or not isinstance(form.changes, Checking):
        return
    head = choice.sha_of(form.version) or form.version
    changes = await looked_up(desk, form.repo, base, head)
    await desk.redraws.refresh(shown, request_modal.request(replace(form, changes=changes)))


async def found(desk: Desk, search: Search) -> dict[str, Blocks]:
    """What a select of the form offers for what was typed so far: from the cache, at once."""
    services = desk.catalog().services
    if search.action == request_modal.SERVICE:
        names = ranked(search.query, tuple(services))[:MOST_SERVICES]
        return dict(request_modal.services({name: services[name].repo for name in names}))
    service, environment = request_modal.place_of(search.block)
    if service not in services or environment not in services[service].environments:
        return {"options": []}
    return await _versions(desk, service, environment, search.query)


async def _versions(desk: Desk, service: str, environment: str, query: str) -> dict[str, Blocks]:
    repo = desk.catalog().services[service].repo
    desk.candidates.want(repo)
    choice = await choice_of(desk, service, environment)
    fit = [one for one in matching(query, choice.candidates()) if is_version(one.version)]
    live = choice.target.serving
    if live is not None:
        fit = [counted(one, _ahead(desk, repo, live.sha, one.sha)) for one in fit]
    before = choice.before.environment if choice.before else ""
    return dict(request_modal.versions(fit, before, choice.target, desk.service.clock.now()))


def _ahead(desk: Desk, repo: str, base: str, head: str) -> int | None:
    changes = desk.candidates.compared(repo, base, head)
    return changes.commits if changes is not None else None
