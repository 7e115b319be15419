"""Which messages Slack still owes: the card as it should look, and what is said once in its thread."""

from collections.abc import Iterator

from bot.domain.claims import told_at
from bot.domain.effects import MUST_ARRIVE, Note, Say, ShowCard, ShowIncidentCard
from bot.domain.face import Face, RequirementFace
from bot.domain.ledger import LOOK, WRONG_RUN
from bot.domain.live import serving_settles
from bot.domain.needs import NOW, Need, Scene
from bot.domain.policy import Kind, Verdict, digest_of
from bot.domain.portrait import face_of, voided
from bot.domain.promotion import Phase
from bot.domain.readings import Unreadable
from bot.domain.run_facts import is_unstopped

COALESCE = 2.0  # seconds between two edits of one message; the last state is always shown
PATIENT_LOOKS = 2  # failed looks at the version after which the requester is told privately
REMIND_AFTER = (3600.0, 86_400.0, 7 * 86_400.0, 21 * 86_400.0)  # seconds that GitHub keeps a run waiting
CARD = "card"
MIRROR = "mirror"  # the card of a rollback, shown in the incident channel too


def notice_needs(scene: Scene) -> Iterator[Need]:
    """The card first, because everything else hangs below it."""
    promotion, context = scene.promotion, scene.context
    if promotion.sha is None or _was_turned_away(scene) or _asker_is_checked(scene):
        yield from _turned_away(scene)
        return
    face = face_of(promotion, context, scene.requirements)
    at = told_at(promotion)
    yield from show(scene, face, CARD, context.rules.service.channel, at=at)
    if promotion.kind is Kind.ROLLBACK and context.undoes is not None and context.undoes.incident:
        channel = context.undoes.incident.channel
        if channel:
            yield from show(scene, face, MIRROR, channel, at=at)
    card = scene.entry(CARD)
    if card is not None and card.ref:
        yield from _thread(scene, face, card.channel, card.ref)


def show(
    scene: Scene,
    face: Face,
    key: str,
    channel: str,
    card: type[ShowCard] | type[ShowIncidentCard] = ShowCard,
    at: float = NOW,
) -> Iterator[Need]:
    """Post a card that is not there, edit one that shows something else (from `at` on), and leave the rest alone."""
    entry, shown = scene.entry(key), digest_of(face)
    if entry is None or not entry.ref:
        yield Need(NOW, card(key=key, face=face, shown=shown, ts="", channel=channel))
    elif entry.shown != shown:
        effect = card(key=key, face=face, shown=shown, ts=entry.ref, channel=entry.channel)
        yield Need(max((entry.done or NOW) + COALESCE, at), effect)


def _asker_is_checked(scene: Scene) -> bool:
    """A card that may have to be taken back at once is not posted; a look that fails does not hold it back."""
    looks = (entry for key, entry in scene.promotion.ledger.items() if key.startswith(LOOK + "team:"))
    pending = scene.requirements.verdict("role") is Verdict.PENDING
    return pending and CARD not in scene.promotion.ledger and not any(entry.tries for entry in looks)


def _was_turned_away(scene: Scene) -> bool:
    """Ended for what it asked, before there was a card: the answer is private."""
    promotion = scene.promotion
    return promotion.phase in {Phase.REJECTED, Phase.ERRORED} and CARD not in promotion.ledger


def _turned_away(scene: Scene) -> Iterator[Need]:
    promotion = scene.promotion
    look = scene.entry(LOOK + "version")
    if _was_turned_away(scene):
        note = Note.TURNED_AWAY
    elif promotion.phase is Phase.WAITING and look is not None and look.tries >= PATIENT_LOOKS:
        note = Note.DELAYED
    else:
        return
    face = face_of(promotion, scene.context, scene.requirements)
    yield from _say(scene, face, note, note, promotion.asked_in, promotion.asked_thread)


def _thread(scene: Scene, face: Face, channel: str, thread: str) -> Iterator[Need]:
    for key, note, who in _notes(scene):
        at = serving_settles(scene.promotion, scene.context) if note is Note.FAILED else NOW
        yield from _say(scene, face, note, key, channel, thread, who, at)


def _notes(scene: Scene) -> Iterator[tuple[str, Note, str]]:
    """What is to be said, each under a key that makes it happen once."""
    promotion, requirements = scene.promotion, scene.requirements
    if promotion.phase is Phase.WAITING:
        if requirements.awaiting_approval:
            yield Note.MENTION, Note.MENTION, ""
        for name in requirements.tally.counted:
            yield f"{Note.APPROVED}:{name}:{requirements.digest[:6]}", Note.APPROVED, name
        changed = voided(promotion, requirements)
        if changed:
            yield f"{Note.VOIDED}:{digest_of(changed)[:6]}", Note.VOIDED, ""
        refusing = [
            item.name
            for item in requirements.items
            if item.verdict is Verdict.UNMET and not _may_be_a_blip(scene, item)
        ]
        if refusing:
            yield f"{Note.BLOCKED}:{digest_of(refusing)[:6]}", Note.BLOCKED, ""
    if promotion.phase is Phase.DEPLOYING:
        yield Note.STARTED, Note.STARTED, ""
        yield from _of_the_run(scene)
    if promotion.stranger is not None and promotion.phase.is_open:
        yield Note.STRANGER, Note.STRANGER, ""
    if promotion.phase is Phase.UNKNOWN and promotion.intent is not None:
        yield f"{Note.UNKNOWN}:{promotion.intent.number}", Note.UNKNOWN, ""
    wrong = scene.entry(WRONG_RUN)
    if promotion.phase is Phase.UNKNOWN and wrong is not None:
        yield f"{Note.NOT_OURS}:{wrong.ref}", Note.NOT_OURS, wrong.ref
    if promotion.phase is Phase.ERRORED:
        yield Note.ERRORED, Note.ERRORED, ""
    if promotion.phase is Phase.FAILED:
        yield Note.FAILED, Note.FAILED, ""
    if promotion.run.extra_attempt and not promotion.phase.is_open:
        yield f"{Note.EXTRA_ATTEMPT}:{promotion.run.extra_attempt}", Note.EXTRA_ATTEMPT, ""
    if promotion.undone_by and promotion.kind is not Kind.ROLLBACK:
        yield Note.ROLLED_BACK, Note.ROLLED_BACK, ""
    page = scene.entry("page")
    if page is not None and page.gave_up:
        yield Note.PAGE_FAILED, Note.PAGE_FAILED, ""


def _of_the_run(scene: Scene) -> Iterator[tuple[str, Note, str]]:
    """What is wrong with a run that goes on: GitHub keeps it waiting, or does not stop it."""
    since = scene.promotion.run.waiting_since
    waited = 0.0 if since is None else scene.context.now - since
    reminders = sum(waited >= after for after in REMIND_AFTER)
    if reminders:
        yield f"{Note.HELD}:{reminders}", Note.HELD, ""
    if is_unstopped(scene.promotion, scene.context):
        yield Note.UNSTOPPED, Note.UNSTOPPED, ""


def _may_be_a_blip(scene: Scene, item: RequirementFace) -> bool:
    """A look that failed once or twice is told on the card, and not yet worth a note."""
    entry = scene.entry(LOOK + item.name)
    return isinstance(item.reading, Unreadable) and (entry is None or entry.tries <= PATIENT_LOOKS)


def _say(
    scene: Scene,
    face: Face,
    note: Note,
    key: str,
    channel: str,
    thread: str,
    who: str = "",
    at: float = NOW,
) -> Iterator[Need]:
    entry = scene.entry(key)
    if entry is not None and entry.done is not None:
        return
    lost_track = entry is not None and entry.begun is not None  # a try that failed has been reported
    if lost_track and note not in MUST_ARRIVE:
        return  # nobody can say whether it was said: chatter is not worth a second time
    yield Need(at, Say(key=key, note=note, face=face, thread=thread, channel=channel, who=who))
