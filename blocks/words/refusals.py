"""Which sentence and which code a refusal has.

Every sentence says what was refused, the rule, who can unblock it, and what to do next. The codes are printed
small under the sentence and in logs, so that somebody who asks for help can name one.
"""

from typing import assert_never

from blocks.words import refused_incidents, refused_people, refused_promotions, refused_requests
from bot.domain import errors
from bot.domain.errors import Refusal

_CODES: dict[type[Refusal], str] = {
    errors.UnknownService: "E01",
    errors.UnknownEnvironment: "E02",
    errors.AlreadyLive: "E04",
    errors.NotApprover: "E07",
    errors.SelfApproval: "E08",
    errors.AlreadyDecided: "E09",
    errors.StaleCard: "E10",
    errors.NothingToRollBack: "E23",
    errors.CannotParse: "E27",
    errors.BadVersion: "E29",
    errors.ReasonNeeded: "E30",
    errors.UnknownGate: "E31",
    errors.NotInPeople: "E32",
    errors.NotAllowed: "E33",
    errors.NotChecked: "E34",
    errors.NoSuchPromotion: "E35",
    errors.WrongPhase: "E36",
    errors.AlreadyApproved: "E37",
    errors.NotReadyForApproval: "E38",
    errors.StrangeSurface: "E39",
    errors.TooManyApprovals: "E40",
    errors.RunMissing: "E41",
    errors.AlreadyAsked: "E42",
    errors.Stranger: "E46",
    errors.TooFast: "E47",
    errors.ServesAnother: "E51",
    errors.AuthorApproval: "E52",
    errors.SharedChannel: "E56",
    errors.NoIncident: "E53",
    errors.IncidentOver: "E54",
    errors.TooManyNotes: "E55",
}


def code(refused: Refusal) -> str:
    """The code of a kind of refusal: E07."""
    return _CODES[type(refused)]


def refusal(refused: Refusal) -> str:
    """The sentence for the person who was refused, with the next step."""
    match refused:
        case errors.UnknownService():
            return refused_requests.unknown_service(refused)
        case errors.UnknownEnvironment():
            return refused_requests.unknown_environment(refused)
        case errors.BadVersion():
            return refused_requests.bad_version(refused)
        case errors.CannotParse():
            return refused_requests.cannot_parse(refused)
        case errors.ReasonNeeded():
            return refused_requests.reason_needed(refused)
        case errors.UnknownGate():
            return refused_requests.unknown_gate(refused)
        case errors.AlreadyAsked():
            return refused_requests.already_asked(refused)
        case errors.AlreadyLive():
            return refused_requests.already_live(refused)
        case errors.NothingToRollBack():
            return refused_requests.nothing_to_roll_back(refused)
        case errors.ServesAnother():
            return refused_requests.serves_another(refused)
        case errors.NotInPeople():
            return refused_people.not_in_people(refused)
        case errors.Stranger():
            return refused_people.stranger(refused)
        case errors.NotAllowed():
            return refused_people.not_allowed(refused)
        case errors.NotChecked():
            return refused_people.not_checked(refused)
        case errors.TooFast():
            return refused_people.too_fast(refused)
        case errors.NotApprover():
            return refused_people.not_approver(refused)
        case errors.SelfApproval():
            return refused_people.self_approval(refused)
        case errors.AuthorApproval():
            return refused_people.author_approval(refused)
        case errors.SharedChannel():
            return refused_people.shared_channel(refused)
        case errors.NoSuchPromotion():
            return refused_promotions.no_such_promotion(refused)
        case errors.WrongPhase():
            return refused_promotions.wrong_phase(refused)
        case errors.AlreadyDecided():
            return refused_promotions.already_decided(refused)
        case errors.AlreadyApproved():
            return refused_promotions.already_approved(refused)
        case errors.NotReadyForApproval():
            return refused_promotions.not_ready(refused)
        case errors.StaleCard():
            return refused_promotions.stale_card(refused)
        case errors.StrangeSurface():
            return refused_promotions.strange_surface(refused)
        case errors.TooManyApprovals():
            return refused_promotions.too_many_approvals(refused)
        case errors.RunMissing():
            return refused_promotions.run_missing(refused)
        case errors.NoIncident():
            return refused_incidents.no_incident(refused)
        case errors.IncidentOver():
            return refused_incidents.incident_over(refused)
        case errors.TooManyNotes():
            return refused_incidents.too_many_notes(refused)
        case _:
            assert_never(refused)
