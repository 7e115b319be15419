"""What all adapters do with bytes from outside: read the fields that are used, and say when that fails."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from yarl import URL

from bot.ports import Unclear, Vendor

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Model = TypeVar("Model", bound=BaseModel)


def read(vendor: Vendor, model: type[Model], body: bytes) -> Model:
    """`body` as `model`, unknown fields ignored. Raises Unclear when it is not that."""
    try:
        return model.model_validate_json(body)
    except ValidationError as wrong:
        raise Unclear(vendor, f"the answer could not be read ({_where(wrong)})") from wrong


def read_object(vendor: Vendor, model: type[Model], fields: object) -> Model:
    """The same for JSON that a library has parsed already."""
    try:
        return model.model_validate(fields)
    except ValidationError as wrong:
        raise Unclear(vendor, f"the answer could not be read ({_where(wrong)})") from wrong


def is_loopback(url: str) -> bool:
    """Whether a base URL names this machine: proxies of the environment do not apply to it."""
    return URL(url).host in LOOPBACK


def _where(wrong: ValidationError) -> str:
    first = wrong.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}"[:120]
