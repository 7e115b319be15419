"""Which word stands on a card, and what may be pressed below it.

What a double click on Approve hits when the card is drawn anew in between must do no harm: so Details comes first
wherever a promotion stands right after its last approval.
"""

from collections.abc import Mapping

from bot.domain.face import Button, State
from bot.domain.policy import Verdict
from bot.domain.promotion import Phase, Promotion
from bot.domain.requirements import Requirements
from bot.domain.slot_wish import SATISFIED

STOPPING = frozenset({Phase.WAITING, Phase.DISPATCHING, Phase.DEPLOYING})
STATES = {
    Phase.DISPATCHING: State.STARTING,
    Phase.DEPLOYING: State.DEPLOYING,
    Phase.VERIFYING: State.VERIFYING,
    Phase.UNKNOWN: State.UNKNOWN,
    Phase.SUCCEEDED: State.SUCCEEDED,
    Phase.FAILED: State.FAILED,
    Phase.ERRORED: State.ERRORED,
    Phase.REJECTED: State.REJECTED,
    Phase.CANCELLED: State.CANCELLED,
    Phase.EXPIRED: State.EXPIRED,
    Phase.SUPERSEDED: State.SUPERSEDED,
}
BUTTONS: Mapping[State, tuple[Button, ...]] = {
    State.CHECKING: (Button.DETAILS, Button.CANCEL, Button.REPLACE),
    State.AWAITING_APPROVAL: (
        Button.APPROVE,
        Button.REJECT,
        Button.CANCEL,
        Button.REPLACE,
        Button.DETAILS,
    ),
    State.TIMER: (Button.DETAILS, Button.SKIP_WAIT, Button.CANCEL),
    State.QUEUED: (Button.DETAILS, Button.CANCEL, Button.REPLACE),
    State.BLOCKED: (Button.RETRY, Button.CANCEL, Button.REPLACE, Button.DETAILS),
    State.STARTING: (Button.DETAILS,),
    State.DEPLOYING: (Button.CANCEL_RUN, Button.VIEW_RUN, Button.DETAILS),
    State.CANCELLING: (Button.VIEW_RUN, Button.DETAILS),
    State.VERIFYING: (Button.VIEW_RUN, Button.DETAILS),
    State.SUCCEEDED: (Button.ROLL_BACK, Button.VIEW_RUN, Button.DETAILS),
    State.REPLACED: (Button.VIEW_RUN, Button.DETAILS),
    State.ROLLED_BACK: (Button.VIEW_RUN, Button.DETAILS),
    State.FAILED: (
        Button.ROLL_BACK,
        Button.RETRY,
        Button.VIEW_RUN,
        Button.OPEN_INCIDENT,
        Button.DETAILS,
    ),
    State.UNKNOWN: (Button.ADOPT_RUN, Button.NEVER_STARTED, Button.IS_LIVE, Button.DETAILS),
    State.ERRORED: (Button.RETRY, Button.DETAILS),
    State.REJECTED: (Button.REQUEST_AGAIN, Button.DETAILS),
    State.CANCELLED: (Button.REQUEST_AGAIN, Button.VIEW_RUN, Button.DETAILS),
    State.EXPIRED: (Button.REQUEST_AGAIN, Button.DETAILS),
    State.SUPERSEDED: (Button.REQUEST_AGAIN, Button.DETAILS),
}


def state_of(promotion: Promotion, requirements: Requirements) -> State:
    """The word on the card: the phase, or what a waiting promotion waits for, or what became of a success."""
    if promotion.phase in STOPPING and promotion.wish is not None:
        return State.CANCELLING
    if promotion.phase is Phase.WAITING:
        return _waiting_for(requirements)
    if promotion.phase is Phase.SUCCEEDED and promotion.undone_by:
        return State.ROLLED_BACK
    if promotion.phase is Phase.SUCCEEDED and promotion.replaced is not None:
        return State.REPLACED
    return STATES[promotion.phase]


def is_last_look(requirements: Requirements) -> bool:
    """Whether everything holds and it is its turn: all is looked at once more, and then it starts."""
    others = (item for item in requirements.items if item.kind != "slot")
    return not requirements.behind and all(item.verdict in SATISFIED for item in others)


def _waiting_for(requirements: Requirements) -> State:
    if requirements.unmet:
        return State.BLOCKED
    if not requirements.evidence_complete:
        return State.CHECKING
    if not requirements.tally.is_complete:
        return State.AWAITING_APPROVAL
    if requirements.verdict("wait") is Verdict.PENDING:
        return State.TIMER
    return State.QUEUED if requirements.behind else State.CHECKING
