"""Versioned documents: the next version must read what is stored, and the last one must not harm it.

A document is one JSON object, `{"v": 1, ...}`. When a type changes, its version goes up by one and an
upcaster says how the old shape becomes the new one; stored documents are brought up when they are read and
written in the new shape when they change. A document that a newer process wrote is refused, because an older
one that loaded it would drop what it does not know at its next write.

What a field is when nobody has said anything is not written: it is most of a young promotion. So a default belongs
to the version as the fields do, and a new one needs a new version.

    DocumentError
    ├── NewerDocument    written by a newer version: left alone
    ├── BrokenDocument   not a document at all, or a value that JSON cannot carry
    └── TooLarge         over the limit of 16 KB
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, from_json

from bot.domain.channels import Channels
from bot.domain.documents import Adoption, AdoptionList, HomeSeen, TeamLook
from bot.domain.preferences import Preferences, Readers
from bot.domain.promotion import Live, Promotion

LIMIT = 16 * 1024  # bytes of one document

T = TypeVar("T")
Fields = dict[str, Any]
Upcasters = Mapping[int, Callable[[Fields], Fields]]  # from this version to the next one


def _bound(fields: Fields) -> Fields:
    """Version 2 of a promotion: a try that may have left binds it to the commit of that try."""
    intent = fields.get("intent")
    if intent is None:
        return fields
    sha = fields.get("sha") or ""
    return {**fields, "intent": {**intent, "sha": sha, "bound": sha if fields.get("returned") else ""}}


def _unchanged(fields: Fields) -> Fields:
    """A version that only adds what nobody had said before."""
    return fields


def _over(fields: Fields) -> Fields:
    """Version 3 of a promotion: an incident that was resolved after the rollback is over, by nobody's hand.

    What happened before is no news: a room in which nobody was told lines of a timeline is not told old ones.
    """
    incident, ledger = fields.get("incident"), fields.get("ledger", {})
    if incident is None:
        return fields
    done, back = ledger.get("resolve", {}).get("done"), fields.get("undone_by")
    over = {**incident, "resolved_at": done} if done is not None else incident
    old = [f"told:resolved:{done:.0f}"] if done is not None else []
    old += [f"told:rolled_back:{back}"] if back else []
    told = {key: {"begun": fields.get("since", 0.0)} for key in old}
    return {**fields, "incident": over, "ledger": {**ledger, **told}}


UPCASTERS: dict[int, Callable[[Fields], Fields]] = {1: _bound, 2: _over}  # of promotions
LIVE_UPCASTERS: dict[int, Callable[[Fields], Fields]] = {1: _unchanged}  # version 2 knows the usual time
ADOPTION_UPCASTERS: dict[int, Callable[[Fields], Fields]] = {1: _unchanged}  # version 2 knows the thread
TEAM_UPCASTERS: dict[int, Callable[[Fields], Fields]] = {}

# For the adapters of codecs: they adapt a tuple of one, as pydantic takes no config for a bare dataclass.
STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, ser_json_inf_nan="constants")
NO_NUMBERS = (b"NaN", b"Infinity")  # also words that people may write
_WRITTEN_BY_A_NEWER_VERSION = frozenset({"unexpected_keyword_argument", "enum", "literal_error"})


class DocumentError(ValueError):
    """A document that this version cannot read or will not write."""


class NewerDocument(DocumentError):
    """A newer version wrote this: it must not be rewritten by this one."""


class BrokenDocument(DocumentError):
    """Bytes that are no document, or a value that cannot become one."""


class TooLarge(DocumentError):
    """A document over the limit: something in it was not clipped."""


class Codec(Generic[T]):
    """Turns values of one frozen dataclass into versioned JSON and back."""

    def __init__(self, name: str, adapter: TypeAdapter[tuple[T]], upcasters: Upcasters) -> None:
        self._name = name
        self._adapter = adapter
        self._upcasters = upcasters
        self._opening = b'{"v":%d,' % self.version  # of what this process writes

    @property
    def version(self) -> int:
        """The version that this process writes: one more than the last upcaster starts from."""
        return max(self._upcasters, default=0) + 1

    def dump(self, value: T) -> bytes:
        """The document of a value; raises TooLarge over 16 KB, BrokenDocument for what JSON cannot carry."""
        raw = self.raw(value)
        check_size(raw, self._name)
        return raw

    def raw(self, value: T) -> bytes:
        """The document of a value, whatever its size; raises BrokenDocument for what JSON cannot carry."""
        try:
            raw = self._adapter.dump_json((value,), exclude_defaults=True)
        except PydanticSerializationError as error:  # half of a surrogate pair
            raise BrokenDocument(f"this {self._name} cannot be stored: {error}") from error
        if any(word in raw for word in NO_NUMBERS) and not _is_json(raw):
            raise BrokenDocument(f"this {self._name} cannot be stored: JSON has no such number")
        fields = raw[len(b"[{") : -len(b"]")]
        return self._opening.rstrip(b",") + fields if fields == b"}" else self._opening + fields

    def load(self, raw: bytes | str) -> T:
        """The value of a document of this version or an older one; raises NewerDocument or BrokenDocument."""
        try:
            return self._adapter.validate_json(self._listed(raw))[0]
        except ValidationError as error:
            raise self._named(error) from error

    def _listed(self, raw: bytes | str) -> bytes:
        """The document as the list of one that the adapter reads; what this version wrote is read only once."""
        written = raw.encode() if isinstance(raw, str) else raw
        if written.startswith(self._opening):
            return b"[{" + written[len(self._opening) :] + b"]"
        return _compact([self._upcast(self._fields(raw))])

    def _fields(self, raw: bytes | str) -> Fields:
        try:
            fields = from_json(raw, allow_inf_nan=False)
        except ValueError as error:
            raise BrokenDocument(f"a stored {self._name} is not JSON: {error}") from error
        if not isinstance(fields, dict) or type(fields.get("v")) is not int or fields["v"] < 1:
            raise BrokenDocument(f"a stored {self._name} does not say its version")
        return fields

    def _upcast(self, fields: Fields) -> Fields:
        version = fields.pop("v")
        if version > self.version:
            raise NewerDocument(
                f"a stored {self._name} has version {version}, this process knows {self.version}"
            )
        for step in range(version, self.version):
            fields = self._upcasters[step](fields)
        return fields

    def _named(self, error: ValidationError) -> DocumentError:
        found = error.errors(include_url=False, include_input=False)
        newer = next((one for one in found if one["type"] in _WRITTEN_BY_A_NEWER_VERSION), None)
        worst = newer or found[0]
        where = ".".join(str(part) for part in worst["loc"][1:])
        if worst["type"] == "json_invalid":
            return BrokenDocument(f"a stored {self._name} is not JSON: {worst['msg']}")
        sentence = f"a stored {self._name} does not fit this version at {where}: {worst['msg']}"
        return NewerDocument(sentence) if newer else BrokenDocument(sentence)


def check_size(raw: bytes, name: str) -> None:
    """Raise TooLarge when a document is over the limit."""
    if len(raw) > LIMIT:
        raise TooLarge(f"{name} is {len(raw)} bytes, a document has at most {LIMIT}")


def dump_promotion(promotion: Promotion) -> bytes:
    """The stored document of a promotion."""
    return _PROMOTION.dump(promotion)


def size_of(promotion: Promotion) -> int:
    """The bytes that a promotion's document takes, whether or not they are too many."""
    return len(_PROMOTION.raw(promotion))


def load_promotion(raw: bytes | str) -> Promotion:
    """The promotion of a stored document."""
    return _PROMOTION.load(raw)


def dump_live(live: Live) -> str:
    """The body of the small document that says what serves in one environment."""
    return _LIVE.dump(live).decode()


def load_live(body: bytes | str, revision: int | None = None) -> Live:
    """What serves, from a small document's body. Pass the document's revision: the body has an older one."""
    live = _LIVE.load(body)
    return live if revision is None else replace(live, revision=revision)


def dump_team(look: TeamLook) -> str:
    """The body of the small document that says who is in a team."""
    return _TEAM.dump(look).decode()


def load_team(body: bytes | str) -> TeamLook:
    """Who is in a team, from a small document's body."""
    return _TEAM.load(body)


def dump_adoptions(waiting: tuple[Adoption, ...]) -> str:
    """The body of the small document that keeps the adoptions which wait."""
    return _ADOPTIONS.dump(AdoptionList(waiting)).decode()


def load_adoptions(body: bytes | str) -> tuple[Adoption, ...]:
    """The adoptions that wait, from the small document's body."""
    return _ADOPTIONS.load(body).waiting


def dump_preferences(wishes: Preferences) -> str:
    """The body of the small document that keeps one person's wishes."""
    return _PREFERENCES.dump(wishes).decode()


def load_preferences(body: bytes | str) -> Preferences:
    """One person's wishes, from the small document's body."""
    return _PREFERENCES.load(body)


def dump_readers(readers: Readers) -> str:
    """The body of the small document that says who wants which letters."""
    return _READERS.dump(readers).decode()


def load_readers(body: bytes | str) -> Readers:
    """Who wants which letters, from the small document's body."""
    return _READERS.load(body)


def dump_home(seen: HomeSeen) -> str:
    """The body of the small document that says when somebody last saw their Home."""
    return _HOME.dump(seen).decode()


def load_home(body: bytes | str) -> HomeSeen:
    """When somebody last saw their Home, from the small document's body."""
    return _HOME.load(body)


def dump_channels(channels: Channels) -> str:
    """The body of the small document that says which channels are shared with another company."""
    return _CHANNELS.dump(channels).decode()


def load_channels(body: bytes | str) -> Channels:
    """Which channels are shared with another company, from the small document's body."""
    return _CHANNELS.load(body)


def _is_json(raw: bytes) -> bool:
    try:
        from_json(raw, allow_inf_nan=False)
    except ValueError:
        return False
    return True


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


_PROMOTION = Codec("promotion", TypeAdapter(tuple[Promotion], config=STRICT), UPCASTERS)
_LIVE = Codec("live document", TypeAdapter(tuple[Live], config=STRICT), LIVE_UPCASTERS)
_TEAM = Codec("team document", TypeAdapter(tuple[TeamLook], config=STRICT), TEAM_UPCASTERS)
_ADOPTIONS = Codec("adoptions document", TypeAdapter(tuple[AdoptionList], config=STRICT), ADOPTION_UPCASTERS)
_PREFERENCES = Codec("preferences document", TypeAdapter(tuple[Preferences], config=STRICT), {})
_READERS = Codec("readers document", TypeAdapter(tuple[Readers], config=STRICT), {})
_HOME = Codec("home document", TypeAdapter(tuple[HomeSeen], config=STRICT), {})
_CHANNELS = Codec("channels document", TypeAdapter(tuple[Channels], config=STRICT), {})
