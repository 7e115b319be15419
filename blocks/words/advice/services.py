"""Advice on the health URLs of services."""

from bot.domain.checkup import Advice


def fine(status: int, version: str) -> Advice:
    """It answers."""
    return Advice(f"It answers {status}{f' and names {version}' if version else ''}.")


def dead(why: str, url: str) -> Advice:
    """Nothing answers."""
    return Advice(
        f"The health URL does not answer: {why}.",
        f"Start the service, or correct its health URL in the catalog ({url}), or let this host reach it.",
    )


def not_read(why: str, url: str) -> Advice:
    """An address that a probe may not read."""
    return Advice(
        f"The health URL is not read: {why}.", f"Name an address in the catalog that may be read, not {url}."
    )


def unwell(status: int, expected: int, url: str) -> Advice:
    """It answers something else."""
    return Advice(
        f"The health URL answers {status}, not {expected}.",
        f"Look after the service, or correct its health URL in the catalog ({url}).",
    )


def no_version(path: str, url: str) -> Advice:
    """Its body does not name what runs."""
    return Advice(
        f"The health body names no version at {path}, so no deploy there can be verified.",
        f"Let {url} answer JSON with the version at {path}, or correct `version:` in the catalog.",
    )


def none() -> Advice:
    """No service has one."""
    return Advice("No service of the catalog has a health URL.")
