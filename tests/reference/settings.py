"""docs/settings.md: every setting with its default, explained by the comments of .env.example."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot.settings import Settings
from tests.documents import ROOT
from tests.reference.tables import ORIGIN, code, table

HEAD = """\
# Settings

The process is told by its environment, or by a `.env` file in the folder where it starts; the environment wins. `cp .env.example .env`
gives a file with all of them. A missing or wrong one is named in one line that says what to set and never quotes what was set; so is a
secret that no header can carry, such as a placeholder that was left. What the catalog names as `env:NAME` is left out of every log line.
`greenlight doctor` looks at all of them. What may go where is in the catalog: [Configuration](configuration.md)."""
FOOT = """\
An unset webhook secret switches its route off; an empty one refuses to start, because it would let everyone sign. A routing key that
the catalog names as `env:NAME` is set by that name beside these. The bot serves plain HTTP: put a proxy that ends TLS in front of it.
What a Redis in `STORE_URL` may look like: [Redis](redis.md#the-address)."""

_SECTION = re.compile(r"^# --- (.+?) -*$")
_SETTING = re.compile(r"^(?:# )?([A-Z][A-Z_]+)=")


@dataclass(slots=True)
class Explained:
    """One or more settings below one comment."""

    section: str
    comment: str
    names: list[str]


def render() -> str:
    """The page as it should be now."""
    found = list(explained())
    parts = [HEAD, ORIGIN]
    for section in dict.fromkeys(one.section for one in found):
        rows = [
            (code(name), default(name), one.comment)
            for one in found
            if one.section == section
            for name in one.names
        ]
        parts += [f"## {section}", table(("setting", "default", "what it is"), rows)]
    return "\n\n".join((*parts, FOOT)) + "\n"


def explained() -> Iterator[Explained]:
    """What .env.example says of each setting, in its order; several lines may share one comment."""
    section, comment, names = "", [""], [""]
    for line in [*(ROOT / ".env.example").read_text().splitlines(), "# "]:
        setting = _SETTING.match(line)
        if setting:
            names.append(setting[1])
            continue
        if names[1:]:
            yield Explained(section, " ".join(comment[1:]), names[1:])
            comment, names = [""], [""]
        heading = _SECTION.match(line)
        section = heading[1] if heading else section
        comment = [*comment, line[2:]] if line.startswith("# ") and not heading else [""]


def default(name: str) -> str:
    """What a setting is when nobody sets it."""
    value = Settings.model_fields[name.lower()].default
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return ""
    return code(value.get_secret_value() if isinstance(value, SecretStr) else str(value))
