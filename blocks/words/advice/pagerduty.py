"""Advice on PagerDuty."""

from bot.domain.checkup import Advice


def unused() -> Advice:
    """PagerDuty is not used."""
    return Advice("No service of the catalog names PagerDuty.")


def key_unset() -> Advice:
    """There is no API key."""
    return Advice(
        "PAGERDUTY_API_KEY is not set: incidents are opened, but nobody can be told who is on call, "
        "and nothing was looked at here.",
        "Set PAGERDUTY_API_KEY to a REST API key (Integrations > API Access Keys; read-only unless notes are wanted).",
    )


def key_taken() -> Advice:
    """The API key works."""
    return Advice("PagerDuty takes the API key.")


def key_refused(why: str) -> Advice:
    """PagerDuty does not take the key."""
    return Advice(
        f"PagerDuty does not take PAGERDUTY_API_KEY ({why}).",
        "Set PAGERDUTY_API_KEY to a REST API key (Integrations > API Access Keys).",
    )


def service_fine(name: str, status: str) -> Advice:
    """The service is there."""
    return Advice(f"The PagerDuty service {name} is {status or 'there'}.")


def service_missing(service: str, ours: str) -> Advice:
    """No such service."""
    return Advice(
        f"PagerDuty has no service {service}, which the catalog gives to {ours}.",
        f"Correct services.{ours}.pagerduty.service in the catalog (the id at the end of the service's address).",
    )


def service_disabled(name: str, ours: str) -> Advice:
    """A service that pages nobody."""
    return Advice(
        f"The PagerDuty service {name} is disabled: a failed deploy of {ours} would page nobody.",
        "Enable it in PagerDuty (Services > Service Directory), or name another one in the catalog.",
    )


def service_resting(name: str) -> Advice:
    """A service in maintenance."""
    return Advice(
        f"The PagerDuty service {name} is in a maintenance window: it pages nobody until that ends.",
        "End the window in PagerDuty when it is over.",
    )


def key_of_another(name: str, ours: str) -> Advice:
    """A routing key that the service does not show."""
    return Advice(
        f"The routing key of {ours} is none of the integration keys of the PagerDuty service {name}: "
        "incidents may be opened elsewhere.",
        f"Set it to the integration key (Events API v2) of {name}, unless it leads there through an orchestration.",
    )


def nobody_on_call(name: str) -> Advice:
    """A page that nobody would get."""
    return Advice(
        f"Nobody is on call for the PagerDuty service {name}.",
        "Put somebody on the first level of its escalation policy.",
    )


def from_unset() -> Advice:
    """Notes need an author."""
    return Advice(
        "PAGERDUTY_FROM is not set, so no note can be written on an incident.",
        "Set PAGERDUTY_FROM to the e-mail address of a PagerDuty user.",
    )


def from_known(email: str) -> Advice:
    """Notes have an author."""
    return Advice(f"{email} is a PagerDuty user.")


def from_nobody(email: str) -> Advice:
    """Nobody has the address."""
    return Advice(
        f"PAGERDUTY_FROM is {email}, and no PagerDuty user has that address: notes are refused.",
        "Set PAGERDUTY_FROM to the e-mail address of a PagerDuty user.",
    )


def schedule_fine(team: str, count: int) -> Advice:
    """A schedule with somebody on it."""
    return Advice(f"The schedule of the team {team} has {count} on call.")


def schedule_missing(team: str, schedule: str) -> Advice:
    """No such schedule."""
    return Advice(
        f"PagerDuty has no schedule {schedule}, which the catalog gives to the team {team}.",
        f"Correct teams.{team}.pagerduty_schedule in the catalog.",
    )


def schedule_empty(team: str, schedule: str) -> Advice:
    """A schedule that nobody is on."""
    return Advice(
        f"Nobody is on call on the schedule {schedule} of the team {team}.", "Fill the schedule in PagerDuty."
    )


def webhook_fine() -> Advice:
    """PagerDuty tells of incidents."""
    return Advice("A PagerDuty webhook leads to /pagerduty/webhooks.")


def webhook_missing() -> Advice:
    """No webhook leads to us."""
    return Advice(
        "PAGERDUTY_WEBHOOK_SECRET is set, but no PagerDuty webhook leads to /pagerduty/webhooks.",
        "Add one under Integrations > Generic Webhooks (v3), or remove PAGERDUTY_WEBHOOK_SECRET.",
    )


def webhook_off() -> Advice:
    """The webhook was switched off."""
    return Advice(
        "The PagerDuty webhook to /pagerduty/webhooks is disabled.",
        "Enable it under Integrations > Generic Webhooks (v3).",
    )


def webhooks_hidden() -> Advice:
    """The key may not read webhooks."""
    return Advice(
        "PagerDuty does not let this API key read webhooks, so they were not looked at.",
        "See under Integrations > Generic Webhooks (v3) that one leads to /pagerduty/webhooks.",
    )
