"""The pages that links of the simulators lead to: whoever follows a link on a card sees what it promised."""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from aiohttp import web

Tone = Literal["good", "bad", "busy", "odd", "plain"]
_TONES: Mapping[str, Tone] = {
    "success": "good",
    "resolved": "good",
    "merged": "good",
    "failure": "bad",
    "timed_out": "bad",
    "triggered": "bad",
    "cancelled": "odd",
    "in_progress": "busy",
    "queued": "busy",
    "acknowledged": "busy",
}
_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    '<link rel="icon" href="/greenlight.svg"><link rel="stylesheet" href="/theme.css">'
    '<link rel="stylesheet" href="/sheet.css"><script src="/theme.js"></script></head>'
)
_BODY = (
    '<body class="sheet"><header><strong>{vendor}</strong><span>simulated</span>'
    '<a href="/">Playground</a></header><main><p class="place">{place}</p><h1>{title}</h1>{rest}</main></body></html>'
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what it says, a word beside it, where it leads, and how it stands."""

    words: str
    aside: str = ""
    link: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A list below a heading; an empty one says `otherwise`."""

    title: str
    lines: tuple[Line, ...]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of one vendor about one thing."""

    vendor: str
    place: str
    title: str
    lead: str = ""
    state: str = ""
    parts: tuple[Part, ...] = ()


def shown(sheet: Sheet, *, status: int = 200) -> web.Response:
    """The sheet as HTML, in which every word is escaped."""
    rest = "".join((_lead(sheet), *map(_part, sheet.parts)))
    words = {"vendor": sheet.vendor, "place": sheet.place, "title": sheet.title}
    escaped = {name: html.escape(value) for name, value in words.items()}
    text = _HEAD.format(title=escaped["title"]) + _BODY.format(**escaped, rest=rest)
    return web.Response(text=text, status=status, content_type="text/html")


def nothing(vendor: str, place: str, *, status: int = 200) -> web.Response:
    """A page for what a link may name and the simulator does not draw."""
    lead = f"The simulated {vendor} has no page for this. The real one has."
    return shown(Sheet(vendor, place, "Nothing to see here", lead), status=status)


def moment(at: float) -> str:
    """A time as these pages write it."""
    return datetime.fromtimestamp(at, UTC).strftime("%d %b %Y, %H:%M:%S UTC")


def facts(title: str, pairs: Iterable[tuple[str, str]]) -> Part:
    """A list of names and values."""
    return Part(title, tuple(Line(name, value) for name, value in pairs))


def _lead(sheet: Sheet) -> str:
    pill = _pill(sheet.state) if sheet.state else ""
    return f'<p class="lead">{pill}{html.escape(sheet.lead)}</p>' if pill or sheet.lead else ""


def _part(part: Part) -> str:
    lines = "".join(map(_line, part.lines)) or f"<li>{html.escape(part.otherwise)}</li>"
    return f"<section><h2>{html.escape(part.title)}</h2><ul>{lines}</ul></section>"


def _line(line: Line) -> str:
    words = html.escape(line.words)
    if line.link:
        words = f'<a href="{html.escape(line.link)}">{words}</a>'
    aside = f'<span class="aside">{html.escape(line.aside)}</span>' if line.aside else ""
    return f'<li><span class="words">{words}</span>{_pill(line.state) if line.state else ""}{aside}</li>'


def _pill(state: str) -> str:
    tone = _TONES.get(state, "plain")
    return f'<span class="pill pill-{tone}">{html.escape(state.replace("_", " "))}</span>'
