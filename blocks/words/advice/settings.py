"""Advice on the settings, and on the secrets that the catalog names."""

from bot.domain.checkup import Advice


def sound() -> Advice:
    """Nothing is wrong with any setting."""
    return Advice("Every setting that is set can be used.")


def problem(sentence: str) -> Advice:
    """What is wrong with one, in the settings' own sentence: `NAME is not set: set …`."""
    says, colon, fix = sentence.partition(": ")
    return Advice(f"{says}.", f"{fix[:1].upper()}{fix[1:]}") if colon else Advice(sentence, "Correct it.")


def secret_missing(name: str, services: str) -> Advice:
    """A secret that the catalog names as env:NAME and nobody set."""
    return Advice(
        f"{name} is not set, and the catalog names it for {services}: a failed deploy would page nobody.",
        f"Set {name} to the integration key (Events API v2) of the PagerDuty service.",
    )


def secret_unwritable(name: str) -> Advice:
    """A secret that the catalog names and that is no key."""
    return Advice(
        f"{name} is a placeholder, or holds what is in no key (a line break, an accent).",
        f"Set {name} to the integration key (Events API v2) of the PagerDuty service.",
    )


def secrets_set(count: int) -> Advice:
    """Every secret that the catalog names is there."""
    return Advice(f"All secrets that the catalog names are set ({count}).")


def no_github_webhook() -> Advice:
    """GitHub's webhook is off."""
    return Advice(
        "GITHUB_WEBHOOK_SECRET is not set, so GitHub cannot tell of runs: they are polled, some seconds late.",
        "Set GITHUB_WEBHOOK_SECRET and add a webhook to https://<your address>/github/webhooks, "
        "or leave it so if GitHub cannot reach this host.",
    )


def no_pagerduty_webhook() -> Advice:
    """PagerDuty's webhook is off."""
    return Advice(
        "PAGERDUTY_WEBHOOK_SECRET is not set, so PagerDuty cannot tell of incidents: they are polled.",
        "Set PAGERDUTY_WEBHOOK_SECRET and add a webhook to https://<your address>/pagerduty/webhooks, "
        "or leave it so if PagerDuty cannot reach this host.",
    )


def webhook_on(name: str) -> Advice:
    """A webhook's secret is there."""
    return Advice(f"{name} is set, so its route is open.")
