"""Refusals because of where a promotion stands: decided, changed, not ready, or on another card."""

from typing import assert_never

from blocks.text import date, untrusted
from blocks.words import names
from blocks.words.commands import action, named, typed, why
from bot.domain import errors
from bot.domain.promotion import Phase


def no_such_promotion(refused: errors.NoSuchPromotion) -> str:
    """E35: no promotion has this id."""
    id = untrusted(refused.promotion, 40)
    return f"I know no promotion “{id}”. `/promote status` lists what is on its way."


def wrong_phase(refused: errors.WrongPhase) -> str:
    """E36: the action makes no sense where the promotion stands."""
    step = (
        f"Try {typed(refused.hint)}." if refused.hint else f"{why(refused.promotion)} tells what comes next."
    )
    what = f"I cannot {action(refused.action)} {names.promotion(refused.promotion)}"
    return f"{what}: it {stands(refused.phase)}. {step}"


def already_decided(refused: errors.AlreadyDecided) -> str:
    """E09: the click or the line came after the decision."""
    who = f" by {names.handles(refused.by)}" if refused.by else ""
    when = f"since {date(refused.at)}" if refused.phase.is_open else date(refused.at)
    what = f"{names.promotion(refused.promotion)} {stands(refused.phase)} {when}"
    decided = f", decided{who}" if who else ""
    return f"{what}{decided}. Nothing was changed now; {why(refused.promotion)} tells more."


def already_approved(refused: errors.AlreadyApproved) -> str:
    """E37: one person counts once."""
    what = f"You have approved {names.promotion(refused.promotion)} already"
    if refused.have < refused.need:
        return f"{what}; it has {refused.have} of {refused.need}. Somebody else’s approval is the next step."
    return f"{what}, and it has all {refused.need} it needs. {why(refused.promotion)} tells what comes next."


def not_ready(refused: errors.NotReadyForApproval) -> str:
    """E38: the evidence is not complete, so there is nothing to sign."""
    parts = [f"{named(refused.unmet)} did not pass"] if refused.unmet else []
    parts += [f"{named(refused.pending)} still to be seen"] if refused.pending else []
    missing = ", ".join(parts) or "its evidence is not complete"
    id = names.promotion(refused.promotion)
    return f"{id} cannot be approved yet: {missing}. {why(refused.promotion)} shows each rule."


def stale_card(refused: errors.StaleCard) -> str:
    """E10: the card showed other evidence than holds now."""
    different = f" Different now: {named(refused.changed)}." if refused.changed else ""
    return (
        f"This card of {names.promotion(refused.promotion)} was out of date, so I have refreshed it and done "
        f"nothing else.{different} Look again before you press."
    )


def strange_surface(refused: errors.StrangeSurface) -> str:
    """E39: a forwarded or copied card."""
    return (
        f"This is a copy of the card of {names.promotion(refused.promotion)}, so its buttons do nothing. "
        f"{why(refused.promotion)} leads to the real one."
    )


def too_many_approvals(refused: errors.TooManyApprovals) -> str:
    """E40: the document is full."""
    return (
        f"{names.promotion(refused.promotion)} holds 20 approvals already, the most it can. "
        f"If it is stuck, cancel it and ask again; {why(refused.promotion)} tells what it waits for."
    )


def run_missing(refused: errors.RunMissing) -> str:
    """E41: not a run that this promotion could have started."""
    id = names.promotion(refused.promotion)
    return (
        f"“{untrusted(refused.run, 60)}” is no run that {id} could have started. "
        "Copy the run’s number from its page in GitHub and try again."
    )


def stands(phase: Phase) -> str:
    """Where a promotion stands, after `it`."""
    match phase:
        case Phase.WAITING:
            return "is waiting"
        case Phase.DISPATCHING:
            return "is being started"
        case Phase.DEPLOYING:
            return "is being deployed"
        case Phase.VERIFYING:
            return "is being verified"
        case Phase.UNKNOWN:
            return "has an unknown outcome"
        case Phase.ERRORED:
            return "could not be started"
        case Phase.SUCCEEDED | Phase.FAILED | Phase.EXPIRED:
            return f"has {phase.value}"
        case Phase.REJECTED | Phase.CANCELLED | Phase.SUPERSEDED:
            return f"was {phase.value}"
        case _:
            assert_never(phase)
