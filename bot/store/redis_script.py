"""The Lua scripts, which lie in lua/ as they are sent."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Script:
    """One Lua script. Its first key is `{name}:meta`; every other key shares the hash tag in it."""

    name: str
    text: str

    @property
    def sha(self) -> str:
        """What Redis knows a loaded script by."""
        return _sha(self.text)


def lua(name: str) -> Script:
    """The script of bot/store/lua/<name>.lua."""
    return Script(name, files(__package__).joinpath("lua", f"{name}.lua").read_text(encoding="utf-8"))


@cache
def _sha(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
