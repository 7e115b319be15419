"""Advice on the host's clock."""

from blocks.text import duration
from bot.domain.checkup import Advice


def right(vendors: str) -> Advice:
    """The clock agrees."""
    return Advice(f"This host's clock agrees with that of {vendors}.")


def wrong(vendor: str, ahead: float) -> Advice:
    """The clock is so wrong that Slack's requests are, or soon will be, refused."""
    return Advice(
        f"This host's clock is {_off(ahead)} {vendor}'s: Slack's requests are refused at 5 min.",
        "Set the clock, and keep it with NTP (timedatectl set-ntp true).",
    )


def drifting(vendor: str, ahead: float) -> Advice:
    """The clock is a little off."""
    return Advice(
        f"This host's clock is {_off(ahead)} {vendor}'s.", "Keep it with NTP (timedatectl set-ntp true)."
    )


def unknown() -> Advice:
    """Nobody told the time."""
    return Advice(
        "Neither Slack nor GitHub told the time, so the clock was not compared.",
        "Mend what is said of them, then run the doctor again.",
    )


def _off(ahead: float) -> str:
    return f"{duration(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'}"
