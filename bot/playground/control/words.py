"""Reading what a script or the page sends to the control API; what is wrong is said in one sentence."""

import json

from aiohttp import web

from bot.playground.slack.raw import Raw

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class BadCall(Exception):
    """A call to the control API that makes no sense; its sentence is shown with status 400."""


async def body_of(request: web.Request) -> Raw:
    """The JSON object of a call. Raises BadCall for anything else."""
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise BadCall("The body must be JSON.") from None
    if not isinstance(body, dict):
        raise BadCall("The body must be a JSON object.")
    return body


def word(body: Raw, name: str) -> str:
    """A required text. Raises BadCall when it is missing or empty."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadCall(f'"{name}" must be a text.')
    return value


def maybe_word(body: Raw, name: str) -> str | None:
    """An optional text. Raises BadCall when it is something else."""
    return None if body.get(name) is None else word(body, name)


def mapping(value: object, name: str) -> Raw:
    """A JSON object. Raises BadCall for anything else."""
    if not isinstance(value, dict):
        raise BadCall(f'"{name}" must be an object.')
    return value


def seconds_in(text: object) -> float:
    """The seconds of a duration such as 10s, 10m or 4h. Raises BadCall for anything else."""
    if isinstance(text, str) and text[-1:] in _UNITS:
        try:
            seconds = float(text[:-1]) * _UNITS[text[-1]]
        except ValueError:
            seconds = 0.0
        if 0 < seconds < float("inf"):
            return seconds
    raise BadCall('A duration is a number above 0 and s, m, h or d, for example "10m".')
