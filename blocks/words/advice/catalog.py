"""Advice on promotions.yml."""

from blocks.text import count_of
from bot.domain.checkup import Advice


def sound(name: str, services: int, places: int) -> Advice:
    """The catalog can be used."""
    return Advice(f"{name} has {count_of(services, 'service')} and {count_of(places, 'rule set')}.")


def problem(sentence: str) -> Advice:
    """One mistake, with its line."""
    return Advice(sentence, "Correct the line; `greenlight config check` says when all is well.")


def unusable(sentence: str) -> Advice:
    """A file that cannot be read as a whole."""
    return Advice(
        sentence, "Set CATALOG to the catalog's file, or correct it (examples/promotions.yml shows one)."
    )


def warning(sentence: str) -> Advice:
    """A rule that cannot be judged, or a wish that is not acted on."""
    return Advice(f"{sentence}.", "Remove it from the catalog, or know that it does nothing good yet.")
