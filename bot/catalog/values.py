"""The small values of the catalog: times, names, URLs. Each refusal says what to write instead."""

import ipaddress
import re
from collections.abc import Callable
from typing import Annotated, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from bot.catalog.problems import ascii_line, shown
from bot.domain.nearest import nearest

UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
LONGEST_TIME = 366 * 86_400.0
TIME = re.compile(r"([0-9]{1,9})([smhd])")
PERCENT = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)%")
SECRET = re.compile(r"env:[A-Z][A-Z0-9_]{0,127}")
PLACEHOLDER = re.compile(r"\{\s*[A-Za-z_][A-Za-z0-9_.-]*\s*\}")  # other braces are text: PromQL, JSON
PROBED = ("service", "environment")  # what a URL may hold in braces


class Keys(BaseModel):
    """A mapping of the file: the keys below and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    def writes(self, key: str) -> bool:
        """Whether the file says this key, even with its default value."""
        return key in self.model_fields_set


def refuse(sentence: str) -> NoReturn:
    """Raise what pydantic collects; the sentence follows the key's path: 'must be ...'."""
    raise PydanticCustomError("catalog", "{sentence}", {"sentence": sentence})


def seconds(value: object) -> float:
    """Seconds of a time such as 10s, 30m, 4h or 90d."""
    match = TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        refuse(f"must be a time such as 10s, 30m, 4h or 90d, got {shown(value)}.")
    found = float(match[1]) * UNITS[match[2]]
    if found > LONGEST_TIME:
        refuse(f"must be a year or less, got {shown(value)}.")
    return found


def share(value: object) -> float:
    """The fraction of a percentage: 5% is 0.05."""
    match = PERCENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        refuse(f"must be a percentage such as 5%, got {shown(value)}.")
    return float(match[1]) / 100


def text_like(pattern: str, what: str) -> Callable[[object], str]:
    """A validator for text of one grammar; `what` says it in words: 'a file name such as deploy.yml'."""
    grammar = re.compile(pattern)

    def check(value: object) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            refuse(f'must be {what}, got the number {shown(value)}: put it in quotes, "{shown(value)}".')
        if not isinstance(value, str) or not grammar.fullmatch(value):
            refuse(f"must be {what}, got {shown(value)}.")
        return value

    return check


def zone(value: object) -> str:
    """An IANA time zone that this machine knows."""
    try:
        if isinstance(value, str):
            return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    like = nearest(value, available_timezones()) if isinstance(value, str) else None
    refuse(f"must be an IANA time zone such as {like or 'Europe/Paris'}, got {shown(value)}.")


def url(value: object) -> str:
    """An http(s) URL without a user, whose placeholders are {service} and {environment} only."""
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or " " in value:
        refuse(f"must be a URL such as https://shop.acme.example/health, got {shown(value)}.")
    wrong = unknown_placeholder(value, PROBED)
    if wrong:
        refuse(wrong)
    _check_parts(value.replace("{service}", "x").replace("{environment}", "x"))
    return value


def _check_parts(sample: str) -> None:
    try:
        parts = urlsplit(sample)
        port = parts.port
    except ValueError:
        refuse("must be a URL such as https://shop.acme.example/health: its host or port cannot be read.")
    if parts.scheme not in ("http", "https"):
        refuse(f"must begin with https:// or http://, got {shown(sample)}.")
    if parts.username is not None or "@" in parts.netloc:
        refuse("must not name a user or password: a URL of the catalog is read by everyone.")
    if not parts.hostname or port == 0 or "\\" in sample:
        refuse(f"must name a host, got {shown(sample)}.")
    if _is_link_local(parts.hostname):
        refuse("must not be a link-local address: no probe goes there.")


def _is_link_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_link_local)


def unknown_placeholder(template: str, known: tuple[str, ...]) -> str | None:
    """What is wrong with a template that holds a placeholder nobody fills, or None; follows the key's path."""
    for match in PLACEHOLDER.finditer(template):
        word = match[0][1:-1]
        if word not in known:
            like = nearest(word.strip(), known)
            hint = f"did you mean {{{like}}}?" if like else f"it may use {_braced(known)}."
            return f"has the unknown placeholder {{{ascii_line(word, 40)}}}: {hint}"
    return None


def _braced(words: tuple[str, ...]) -> str:
    return ", ".join(f"{{{word}}}" for word in words)


def secret(value: object) -> str:
    """The name of a secret: env:NAME. What was written instead may be the secret itself, so it is not quoted."""
    if not isinstance(value, str) or not SECRET.fullmatch(value):
        refuse(
            "must name an environment variable, such as env:PAGERDUTY_ROUTING_KEY: keep the key itself out."
        )
    return value


NAME = r"[a-z0-9][a-z0-9._-]{0,62}"
Seconds = Annotated[float, BeforeValidator(seconds)]
Share = Annotated[float, BeforeValidator(share)]
Zone = Annotated[str, BeforeValidator(zone)]
Url = Annotated[str, BeforeValidator(url)]
Secret = Annotated[str, BeforeValidator(secret)]
Slug = Annotated[
    str,
    BeforeValidator(
        text_like(r"[a-z0-9][a-z0-9-]{0,62}", "lower-case letters, digits and hyphens, such as checkout")
    ),
]
Name = Annotated[str, BeforeValidator(text_like(NAME, "a lower-case name such as release-managers"))]
Repo = Annotated[
    str,
    BeforeValidator(
        text_like(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}", "owner/name, such as acme/checkout")
    ),
]
Login = Annotated[
    str, BeforeValidator(text_like(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}", "a GitHub login such as ana-dev"))
]
GithubTeam = Annotated[
    str,
    BeforeValidator(
        text_like(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}", "organization/team, such as acme/sre")
    ),
]
SlackUser = Annotated[
    str,
    BeforeValidator(
        text_like(r"[UW][A-Z0-9]{2,20}", "a Slack member id such as U0ANA, never a name or e-mail")
    ),
]
SlackGroup = Annotated[
    str, BeforeValidator(text_like(r"S[A-Z0-9]{2,20}", "a Slack user group id such as S0WEB"))
]
PagerId = Annotated[str, BeforeValidator(text_like(r"[A-Z0-9]{2,40}", "a PagerDuty id such as PSCHED1"))]
Channel = Annotated[
    str,
    BeforeValidator(
        text_like(
            r"[^\sA-Z#@<>&,.:/\\]{1,80}|[CG][A-Z0-9]{2,20}", "a Slack channel without #, such as deploys"
        )
    ),
]
Workflow = Annotated[
    str,
    BeforeValidator(text_like(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.ya?ml", "a file name such as deploy.yml")),
]
Ref = Annotated[
    str,
    BeforeValidator(
        # A run tells the short name of what it was dispatched on: by the long one it would never be known again.
        text_like(
            r"(?!.*(?:\.\.|//|/$))(?!refs/)[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}",
            "one branch or tag such as main, without refs/heads/ before it",
        )
    ),
]
JsonPath = Annotated[
    str, BeforeValidator(text_like(r"\$(\.[A-Za-z0-9_-]{1,64}){1,10}", "a path into JSON such as $.version"))
]
TimeOfDay = Annotated[
    str, BeforeValidator(text_like(r"([01][0-9]|2[0-3]):[0-5][0-9]", 'a time such as "22:00"'))
]
DAY = r"(mon|tue|wed|thu|fri|sat|sun)"
Days = Annotated[
    str, BeforeValidator(text_like(rf"{DAY}(-{DAY})?(,{DAY}(-{DAY})?)*", "days such as mon-fri or sat,sun"))
]
Budget = Annotated[
    str, BeforeValidator(text_like(r"[0-9]{1,3} per (day|week|month)", "a budget such as 2 per month"))
]
Text = Annotated[str, BeforeValidator(text_like(r"(?s).{1,2000}", "text"))]
