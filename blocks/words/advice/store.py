"""Advice on the store."""

from bot.domain.checkup import Advice


def fine(place: str, schema: int, holder: str) -> Advice:
    """The store can be used."""
    held = f"; the bot that runs as process {holder} owns it" if holder else ""
    return Advice(f"{place} holds a store of schema {schema}{held}.")


def new(place: str) -> Advice:
    """There is none yet."""
    return Advice(f"{place} does not exist yet: the bot makes it when it starts.")


def down(place: str, sentence: str) -> Advice:
    """What is wrong, in the store's own sentence: `place: what it is: what to do.`"""
    said = sentence.removeprefix(f"{place}: ")
    says, colon, fix = said.partition(": ")
    if not colon:
        return Advice(sentence, "Start it, or set STORE_URL to the store that runs.")
    where = "" if said == sentence else f"{place}: "
    return Advice(f"{where}{says}.", f"{fix[:1].upper()}{fix[1:]}")


def doubtful(place: str, doubt: str) -> Advice:
    """Something that unproven=true lets pass."""
    says, _, fix = doubt.partition(": ")
    return Advice(
        f"{place} is used although {says} (unproven=true).",
        f"{fix or 'Run a server that keeps what it acknowledges'}; then remove unproven=true from STORE_URL.",
    )
