"""What the world answered, and what the promotion becomes by it. A late or repeated fact changes nothing."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.messages import (
    CancelAccepted,
    ChannelOpened,
    DispatchAccepted,
    DispatchRefused,
    DispatchUnclear,
    EffectDone,
    EffectFailed,
    EffectsBegun,
    Fact,
    GateSeen,
    IncidentSeen,
    NotSent,
    OnCallSeen,
    RunNotFound,
    RunNotOurs,
    RunSeen,
    ServingSeen,
    Undone,
    VersionNotFound,
    VersionRefused,
    VersionSeen,
)
from bot.domain.policy import GateRule, Kind, Verdict
from bot.domain.promotion import (
    Ending,
    Entry,
    GateFact,
    Incident,
    Phase,
    Promotion,
    Release,
    Run,
    Step,
)
from bot.domain.readings import Unreadable
from bot.domain.requirements import gate_verdict, path_verdict
from bot.domain.size import cut

SETTLE = 180.0  # seconds after which a run that was started must be listed: far above lease, deadline and lag
FORCE_AFTER = 300.0  # seconds that GitHub has to cancel a run before it is forced to
MOST_STEPS = 40
CLIP = 300  # bytes of a vendor's sentence that are kept
LOOK = "look:"
VERIFY = "verify:"
WRONG_RUN = "not ours"  # the ledger's line of the run that an admin named and that is another one's
VERSION_LOOK = LOOK + "version"


def nothing(promotion: Promotion, message: Fact, context: Context) -> Promotion:
    """A fact that has nothing to say here."""
    return promotion


def end(promotion: Promotion, phase: Phase, ending: Ending) -> Promotion:
    """The promotion at one of its seven ends."""
    return replace(promotion, phase=phase, since=ending.at, ending=ending, awaiting_since=None)


def version_seen(promotion: Promotion, message: VersionSeen, context: Context) -> Promotion:
    """The version means a commit; another one than before makes all that was seen worthless."""
    first = promotion.sha is None
    moved = not first and promotion.sha != message.sha
    seen = replace(
        _looked_well(promotion, "version"),
        sha=message.sha,
        version_seen=context.now,
        on_branch=message.on_branch,
        changes=message.changes or (None if moved else promotion.changes),
        gates={} if moved else promotion.gates,
    )
    return _not_worth_a_card(seen, context) if first else seen


def version_not_found(promotion: Promotion, message: VersionNotFound, context: Context) -> Promotion:
    """A version that names nothing is rejected; one that vanished later voids what was signed."""
    if promotion.sha is not None:
        return replace(_looked_well(promotion, "version"), version_seen=context.now, on_branch=None)
    ending = Ending(cause=message.cause, at=context.now, nearest=message.nearest[:5])
    return end(promotion, Phase.REJECTED, ending)


def version_refused(promotion: Promotion, message: VersionRefused, context: Context) -> Promotion:
    """GitHub refuses to be asked: at the request that ends it, later the look is repeated."""
    said = cut(f"{message.code} {message.sentence}", CLIP)
    if promotion.sha is not None:
        return _failed(promotion, LOOK + "version", said, context.now + 60.0)
    return end(promotion, Phase.ERRORED, Ending(cause="refused", at=context.now, said=said))


def gate_seen(promotion: Promotion, message: GateSeen, context: Context) -> Promotion:
    """Keep the newest look of the gate, when it was at the commit that is promoted now."""
    if promotion.sha not in {None, message.sha}:
        return _looked_well(promotion, message.gate)
    fact = GateFact(
        name=message.gate,
        at=context.now,
        reading=message.reading,
        basis=message.basis,
        link=message.link,
    )
    failed = isinstance(message.reading, Unreadable)
    seen = promotion if failed else _looked_well(promotion, message.gate)
    return replace(seen, gates={**promotion.gates, message.gate: fact})


def verify_seen(promotion: Promotion, message: GateSeen, context: Context) -> Promotion:
    """A look after the deploy: all good is success, one no is failure."""
    if not message.gate.startswith(VERIFY):
        return promotion
    seen = gate_seen(promotion, message, context)
    verdicts = {
        rule.name: gate_verdict(rule, seen.gates.get(VERIFY + rule.name)) for rule in context.rules.verify
    }
    failed = next((rule.name for rule in context.rules.verify if _says_no(rule, seen, context)), None)
    if failed is not None:
        return end(seen, Phase.FAILED, Ending(cause="verification", at=context.now, said=failed))
    if all(verdict is Verdict.MET for verdict in verdicts.values()):
        return succeeded(seen, context)
    return seen


def _says_no(rule: GateRule, promotion: Promotion, context: Context) -> bool:
    """A look that failed is no answer; without a yes within the deploy's time it counts as a no."""
    fact = promotion.gates.get(VERIFY + rule.name)
    verdict = gate_verdict(rule, fact)
    if context.now >= promotion.since + context.rules.deploy_timeout:
        return verdict is not Verdict.MET
    return verdict is Verdict.UNMET and fact is not None and not isinstance(fact.reading, Unreadable)


def dispatch_accepted(promotion: Promotion, message: DispatchAccepted, context: Context) -> Promotion:
    """GitHub started it. Without a run id the run is looked for, and never assumed."""
    if not _answers(promotion, message.number) or promotion.run.run_id is not None:
        return promotion
    if message.run_id is None:
        return _unclear(promotion, "accepted without naming the run")
    run = Run(run_id=message.run_id, url=message.url, status="queued", heard=context.now, started=context.now)
    return replace(promotion, phase=Phase.DEPLOYING, since=context.now, run=run)


def dispatch_refused(promotion: Promotion, message: DispatchRefused, context: Context) -> Promotion:
    """GitHub said no: nothing runs, and a person has to mend it."""
    if not _answers(promotion, message.number):
        return promotion
    said = cut(f"{message.code} {message.sentence}", CLIP)
    return end(promotion, Phase.ERRORED, Ending(cause="refused", at=context.now, said=said))


def dispatch_unclear(promotion: Promotion, message: DispatchUnclear, context: Context) -> Promotion:
    """Neither yes nor no: from here on only a look can tell."""
    return _unclear(promotion, message.why) if _answers(promotion, message.number) else promotion


def not_sent(promotion: Promotion, message: NotSent, context: Context) -> Promotion:
    """The dispatch never left: everything is checked again, and a wish to cancel is granted at once."""
    if not _answers(promotion, message.number):
        return promotion
    held = _failed(promotion, VERSION_LOOK, message.why, message.again)
    return back_to_waiting(held, context)


def held_until(promotion: Promotion) -> float:
    """Until when a dispatch that did not leave is held back, also where no version has to be looked at first."""
    entry = promotion.ledger.get(VERSION_LOOK)
    return entry.not_before if entry is not None else 0.0


def run_seen(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """Progress from anywhere; the end only from a read of the API."""
    known = promotion.run
    if known.run_id not in {None, message.run_id} or message.attempt < known.attempt:
        return promotion
    followed = replace(
        _looked_well(promotion, "run"),
        phase=Phase.DEPLOYING,
        since=promotion.since if promotion.phase is Phase.DEPLOYING else context.now,
        run=_followed(known, message, context),
    )
    if message.status != "completed" or message.source != "api":
        return followed
    return _ended(followed, message, context)


def run_seen_after_end(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """A person ran it again in GitHub: it is told, and never turns an end into success by itself.

    What serves is open again, when the new attempt begins and when it has ended.
    """
    run = promotion.run
    begun = message.attempt > max(run.attempt, run.extra_attempt)
    ended = message.attempt == run.extra_attempt and message.status == "completed" != run.status
    if message.run_id != run.run_id or not (begun or ended):
        return promotion
    again = replace(run, extra_attempt=message.attempt, status=message.status, actor=message.actor)
    return replace(promotion, run=again, serving=None, serving_seen=None)


def run_not_found(promotion: Promotion, message: RunNotFound, context: Context) -> Promotion:
    """No run after the settle time: back to the start once when the sender died, else honestly unknown."""
    intent = promotion.intent
    looked = looked_at(promotion, context)
    if intent is None or intent.number != message.number or context.now < intent.at + SETTLE:
        return looked
    if intent.unclear or promotion.returned:
        return replace(looked, phase=Phase.UNKNOWN, since=context.now)
    return replace(back_to_waiting(looked, context), returned=True)


def looked(promotion: Promotion, message: RunNotFound, context: Context) -> Promotion:
    """A look in `unknown` that found nothing: look again later."""
    return looked_at(promotion, context)


def looked_at(promotion: Promotion, context: Context) -> Promotion:
    """Remember when the run was last looked for."""
    return replace(_looked_well(promotion, "run"), run=replace(promotion.run, heard=context.now))


def run_not_ours(promotion: Promotion, message: RunNotOurs, context: Context) -> Promotion:
    """The run that an admin named is another one's: forget it."""
    if promotion.phase is not Phase.UNKNOWN or promotion.run.run_id != message.run_id:
        return promotion
    return replace(
        promotion,
        run=Run(heard=context.now),
        ledger={**promotion.ledger, WRONG_RUN: Entry(ref=str(message.run_id))},
    )


def cancel_accepted(promotion: Promotion, message: CancelAccepted, context: Context) -> Promotion:
    """GitHub took the request to cancel; the phase still waits for what becomes of the run."""
    if promotion.wish is None:
        return promotion
    wish = replace(
        promotion.wish,
        asked_at=promotion.wish.asked_at or context.now,
        forced=message.forced or promotion.wish.forced,
    )
    return replace(_looked_well(promotion, "cancel"), wish=wish)


def serving_seen(promotion: Promotion, message: ServingSeen, context: Context) -> Promotion:
    """What serves after an end that left it open, if the health body named it."""
    return replace(
        _looked_well(promotion, "serving"),
        serving=_named(promotion, message.version, context),
        serving_seen=context.now,
    )


def effects_begun(promotion: Promotion, message: EffectsBegun, context: Context) -> Promotion:
    """From here on these may have happened."""
    begun = {key: replace(promotion.ledger.get(key, Entry()), begun=context.now) for key in message.keys}
    return replace(promotion, ledger={**promotion.ledger, **begun})


def effect_done(promotion: Promotion, message: EffectDone, context: Context) -> Promotion:
    """It happened: what was shown, and where."""
    known = promotion.ledger.get(message.key, Entry())
    entry = Entry(
        begun=known.begun,
        done=context.now,
        ref=message.ref or known.ref,
        channel=message.channel or known.channel,
        shown=message.shown,
    )
    return replace(promotion, ledger={**promotion.ledger, message.key: entry})


def effect_failed(promotion: Promotion, message: EffectFailed, context: Context) -> Promotion:
    """It did not happen, as far as is known: when it may be tried again."""
    failed = _failed(promotion, message.key, message.why, message.again)
    entry = replace(failed.ledger[message.key], gave_up=message.gave_up)
    if message.lost:
        entry = replace(entry, ref="", shown="", begun=None, done=None)
    return replace(failed, ledger={**failed.ledger, message.key: entry})


def incident_seen(promotion: Promotion, message: IncidentSeen, context: Context) -> Promotion:
    """The incident as PagerDuty told it."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    seen = replace(incident, number=message.number, pager_id=message.pager_id, url=message.url)
    return replace(_looked_well(promotion, "incident"), incident=seen)


def on_call_seen(promotion: Promotion, message: OnCallSeen, context: Context) -> Promotion:
    """Who is on call for the service."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    done = effect_done(promotion, EffectDone(promotion.id, "on_call"), context)
    return replace(done, incident=replace(incident, on_call=message.people))


def channel_opened(promotion: Promotion, message: ChannelOpened, context: Context) -> Promotion:
    """The incident channel is there."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    done = effect_done(promotion, EffectDone(promotion.id, "channel", ref=message.channel), context)
    return replace(done, incident=replace(incident, channel=message.channel, channel_name=message.name))


def undone(promotion: Promotion, message: Undone, context: Context) -> Promotion:
    """A rollback of this promotion succeeded."""
    return replace(promotion, undone_by=message.by, undone_to=message.to)


def incident_key(promotion: Promotion) -> str:
    """PagerDuty's dedup key: the same failure is one incident, a new promotion is a new one."""
    return f"greenlight/{promotion.service}/{promotion.environment}/{promotion.id}"


def back_to_waiting(promotion: Promotion, context: Context) -> Promotion:
    """Nothing runs: everything is checked again, unless somebody wished it cancelled meanwhile."""
    if promotion.wish is not None:
        wish = promotion.wish
        return end(
            promotion,
            Phase.CANCELLED,
            Ending(cause="person", at=context.now, by=wish.by, said=wish.reason),
        )
    return replace(promotion, phase=Phase.WAITING, since=context.now, run=Run())


def deployed(promotion: Promotion, context: Context) -> Promotion:
    """The deploy is through: verify where the rules say how, else it succeeded."""
    if not context.rules.verify:
        return succeeded(promotion, context)
    gates = {name: fact for name, fact in promotion.gates.items() if not name.startswith(VERIFY)}
    return replace(promotion, phase=Phase.VERIFYING, since=context.now, gates=gates)


def succeeded(promotion: Promotion, context: Context) -> Promotion:
    """It is live and verified."""
    release = Release(
        sha=promotion.sha or "",
        version=promotion.version,
        since=context.now,
        promotion=promotion.id,
        by=promotion.requester,
    )
    ended = end(promotion, Phase.SUCCEEDED, Ending(cause="done", at=context.now))
    return replace(ended, serving=release, serving_seen=context.now)


def _not_worth_a_card(promotion: Promotion, context: Context) -> Promotion:
    """What can be refused at the request is refused there: off the branches, off the path, live already."""
    if promotion.kind is Kind.ROLLBACK:
        return promotion
    serving = context.live.serving
    if serving is not None and serving.sha == promotion.sha:
        ending = Ending(cause="live", at=context.now, said=serving.promotion)
        return end(promotion, Phase.REJECTED, ending)
    if context.rules.branches and promotion.on_branch is None:
        ending = Ending(cause="branch", at=context.now, nearest=context.rules.branches)
        return end(promotion, Phase.REJECTED, ending)
    if path_verdict(promotion, context) is Verdict.UNMET:
        after = context.rules.after or ""
        undone = promotion.sha in context.live_in(after).undone
        ending = Ending(cause="undone" if undone else "path", at=context.now, said=after)
        return end(promotion, Phase.REJECTED, ending)
    return promotion


def _answers(promotion: Promotion, number: int) -> bool:
    return promotion.intent is not None and promotion.intent.number == number


def _unclear(promotion: Promotion, why: str) -> Promotion:
    if promotion.intent is None:
        return promotion
    return replace(promotion, intent=replace(promotion.intent, unclear=cut(why, CLIP)))


def _followed(known: Run, message: RunSeen, context: Context) -> Run:
    return replace(
        known,
        run_id=message.run_id,
        url=message.url or known.url,
        status=_furthest(known, message),
        attempt=message.attempt,
        actor=_acting(known, message),
        steps=message.steps[:MOST_STEPS] if message.steps is not None else known.steps,
        heard=context.now,
        started=known.started or context.now,
        end_announced=message.status == "completed" or _still_announced(known, message),
    )


def _still_announced(known: Run, message: RunSeen) -> bool:
    """Whether an end that an event told has not been read yet: a late event does not take it back."""
    return known.end_announced and message.source == "webhook" and message.attempt == known.attempt


def _acting(known: Run, message: RunSeen) -> str:
    """Who started the attempt; once it was cancelled, who did that: only the event of the end tells it."""
    if message.source == "webhook" or message.conclusion != "cancelled":
        return message.actor or known.actor
    return known.actor if known.end_announced and message.attempt == known.attempt else ""


def _furthest(known: Run, message: RunSeen) -> str:
    """Events come late and in any order: a run never goes back to the queue within an attempt."""
    order = {"requested": 0, "queued": 1, "pending": 1, "waiting": 1, "in_progress": 2, "completed": 3}
    if message.source == "api" or message.attempt > known.attempt:
        return message.status
    return max(known.status, message.status, key=lambda word: order.get(word, 0))


def _ended(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    run = replace(promotion.run, conclusion=message.conclusion, end_announced=False)
    ended = replace(promotion, run=run)
    if message.conclusion == "success":
        return deployed(ended, context)
    if message.conclusion == "cancelled":
        return _cancelled(ended, context)
    step = next((step.name for step in run.steps if step.status == "failed"), message.conclusion)
    return end(ended, Phase.FAILED, Ending(cause="run", at=context.now, said=step))


def _cancelled(promotion: Promotion, context: Context) -> Promotion:
    """By us, by a time-out of ours, by GitHub's concurrency group, or by a person in GitHub."""
    wish = promotion.wish
    if wish is not None and not wish.by:
        return end(promotion, Phase.FAILED, Ending(cause="timeout", at=context.now, said=wish.reason))
    if wish is not None:
        ending = Ending(cause="person", at=context.now, by=wish.by, said=wish.reason)
        return end(promotion, Phase.CANCELLED, ending)
    if not _any_step_ran(promotion.run.steps) and not _is_human(promotion.run.actor):
        return end(promotion, Phase.SUPERSEDED, Ending(cause="concurrency", at=context.now))
    ending = Ending(cause="github", at=context.now, by=promotion.run.actor)
    return end(promotion, Phase.CANCELLED, ending)


def _is_human(login: str) -> bool:
    """Whether a person is known to have done it; GitHub's concurrency groups act as whoever started the next run."""
    return bool(login) and not login.endswith("[bot]")


def _any_step_ran(steps: tuple[Step, ...]) -> bool:
    return any(step.status not in {"pending", "skipped"} for step in steps)


def _named(promotion: Promotion, version: str | None, context: Context) -> Release | None:
    """The release that a version or SHA in a health body means, among the two that it can be."""
    if version is None:
        return None
    previous = promotion.previous
    if _means(version, promotion.version, promotion.sha or ""):
        return Release(
            sha=promotion.sha or "",
            version=promotion.version,
            since=context.now,
            promotion=promotion.id,
            by=promotion.requester,
        )
    if previous is not None and _means(version, previous.version, previous.sha):
        return previous
    return None


def _means(said: str, version: str, sha: str) -> bool:
    short = len(said) >= 7 and sha.startswith(said)
    return said == version or (bool(sha) and short)


def _looked_well(promotion: Promotion, what: str) -> Promotion:
    """A look that worked: its failures are forgotten."""
    key = LOOK + what
    if key not in promotion.ledger:
        return promotion
    return replace(promotion, ledger={name: entry for name, entry in promotion.ledger.items() if name != key})


def _failed(promotion: Promotion, key: str, why: str, again: float) -> Promotion:
    known = promotion.ledger.get(key, Entry())
    entry = replace(known, tries=known.tries + 1, error=cut(why, CLIP), not_before=again)
    return replace(promotion, ledger={**promotion.ledger, key: entry})
