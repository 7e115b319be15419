"""Advice on GitHub's webhooks."""

from blocks.text import duration
from bot.domain.checkup import Advice

ROUTE = "/github/webhooks"


def fine(proved: str) -> Advice:
    """It arrives."""
    return Advice(f"GitHub's webhook arrives (proved by {proved}).")


def hidden(why: str) -> Advice:
    """The token may not read webhooks."""
    return Advice(
        f"GitHub does not let us read the webhooks ({why}), so they were not looked at.",
        f"See under the repository's Settings > Webhooks that deliveries to {ROUTE} are green, "
        "or grant Webhooks: read.",
    )


def missing(repo: str) -> Advice:
    """None leads to us."""
    return Advice(
        f"No webhook of {repo} leads to {ROUTE}: its runs are polled, and seen some seconds later.",
        f"Add one to https://<your address>{ROUTE}: application/json, the secret of GITHUB_WEBHOOK_SECRET, "
        "the events Workflow runs and Workflow jobs (fine as it is if the organization or the App has one).",
    )


def off() -> Advice:
    """It was switched off."""
    return Advice(
        f"The webhook to {ROUTE} is not active.", "Tick Active under the repository's Settings > Webhooks."
    )


def event_missing(event: str, title: str) -> Advice:
    """It does not tell what is awaited."""
    return Advice(
        f"The webhook does not send the event {event}.",
        f"Tick {title} under Settings > Webhooks > Let me select individual events.",
    )


def form() -> Advice:
    """It sends what cannot be read."""
    return Advice(
        "The webhook sends forms, which Greenlight does not read.",
        "Set its content type to application/json under Settings > Webhooks.",
    )


def secret_wrong(what: str) -> Advice:
    """Ours and GitHub's differ."""
    return Advice(
        f"The webhook's secret is not that of GITHUB_WEBHOOK_SECRET: {what} was answered 401.",
        "Set both to the same secret (the repository's Settings > Webhooks > Secret, and GITHUB_WEBHOOK_SECRET).",
    )


def refused(status: int, what: str) -> Advice:
    """Something else answers."""
    return Advice(
        f"A delivery of the webhook ({what}) was answered {status}.",
        f"Let its address lead to {ROUTE} of a running bot.",
    )


def unreached(what: str) -> Advice:
    """Nothing answers."""
    return Advice(
        f"A delivery of the webhook ({what}) did not reach the bot.",
        f"Start `greenlight run`, and let the webhook's address lead to its {ROUTE}.",
    )


def unproved() -> Advice:
    """Nothing was delivered in time."""
    return Advice(
        "GitHub has listed no answered ping in time, so the secret was not proved.",
        "See under the repository's Settings > Webhooks > Recent Deliveries that the ping was answered 202.",
    )


def never_used() -> Advice:
    """There is nothing to judge by."""
    return Advice(
        "Nothing was delivered yet and no ping may be asked for, so the secret was not proved.",
        "Look at Recent Deliveries after the first run.",
    )


def long_ago(event: str, status: int, age: float) -> Advice:
    """What was delivered last is too old to judge by."""
    answered = f"answered {status}" if status else "not answered"
    return Advice(
        f"The newest delivery of the webhook ({event}, {answered}) is {duration(age)} old, "
        "so the secret was not proved since.",
        "Run the doctor again after the next run of a workflow, or redeliver one under Advanced > Recent Deliveries.",
    )
