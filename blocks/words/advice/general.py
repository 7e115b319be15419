"""Advice that is the same for every vendor."""

from bot.domain.checkup import Advice

NAMES = {
    "slack": "Slack",
    "github": "GitHub",
    "pagerduty": "PagerDuty",
    "services": "The service",
    "store": "The store",
    "clock": "The clock",
}


def named(subject: str) -> str:
    """A vendor as people write it."""
    return NAMES.get(subject, subject)


def silent(subject: str, why: str, looks: int) -> Advice:
    """A vendor that gave no answer."""
    asked = "1 look" if looks == 1 else f"{looks} looks"
    return Advice(
        f"{named(subject)} did not answer {asked} ({why}); what else it would be asked was not.",
        "See its status page, and that this host reaches it; then run the doctor again.",
    )


def limited(subject: str, looks: int) -> Advice:
    """A vendor that asks to wait: what was not looked at may be well."""
    asked = "1 look was" if looks == 1 else f"{looks} looks were"
    return Advice(
        f"{named(subject)} asks to wait (rate limit), so {asked} not made.",
        "Run the doctor again in some minutes, with this subject only.",
    )


def refused(subject: str, why: str) -> Advice:
    """A no that has no advice of its own."""
    return Advice(
        f"{named(subject)} refused the look: {why}.", "Let the token read this, or correct the name."
    )


def broke(reference: str) -> Advice:
    """A look of ours that broke."""
    return Advice(
        f"This could not be judged: something went wrong on my side (ref {reference}).",
        "Find the log line by that reference, and report it.",
    )


def unfinished(seconds: float) -> Advice:
    """A subject that took too long as a whole."""
    return Advice(
        f"The looks were not finished within {seconds:g} s; the rest was not looked at.",
        "Run the doctor again with only this subject.",
    )


def not_examined(settings: str) -> Advice:
    """A subject whose settings are broken."""
    return Advice(
        f"Not looked at, because {settings} cannot be used.",
        "Mend the setting (`greenlight doctor --only settings` tells how), then run the doctor again.",
    )


def without_catalog() -> Advice:
    """What the catalog names could not be looked at."""
    return Advice(
        "What the catalog names was not looked at, because the catalog cannot be used.",
        "Mend the catalog (`greenlight config check` names each mistake), then run the doctor again.",
    )
