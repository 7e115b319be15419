"""What a Redis URL says. Pure: nothing here connects, and no sentence repeats what may be a password."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SCHEMES = ("redis://", "rediss://", "redis+sentinel://")
PORT, SENTINEL_PORT = 6379, 26379
NAME = "greenlight"
PARAMETERS = ("name", "ca", "cluster", "unproven")
SHAPES = (
    "redis://host:6379/0, rediss://host:6379/0?ca=/path/ca.pem, "
    "redis+sentinel://host1:26379,host2:26379/service/0 or redis://host:6379?cluster=true"
)

Kind = Literal["one", "sentinel", "cluster"]
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class RedisPlace:
    """Where a store is in Redis, and how it is reached."""

    kind: Kind
    addresses: tuple[Address, ...]  # of the server, the sentinels, or some nodes of the cluster
    service: str = ""  # the master's name among the sentinels
    db: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca: str | None = None  # file of the authority that signed the server's certificate; None: the system's
    name: str = NAME  # our keys begin with {name}:
    unproven: bool = False  # run on a Redis whose settings lose data, or which does not tell them

    def __str__(self) -> str:
        """The URL without who logs in: safe to show."""
        scheme = "redis+sentinel" if self.kind == "sentinel" else "rediss" if self.tls else "redis"
        hosts = ",".join(
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.addresses
        )
        path = f"/{self.service}/{self.db}" if self.service else f"/{self.db}"
        return f"{scheme}://{hosts}{path}"


class WrongUrl(ValueError):
    """A URL that names no Redis, in words that follow the name of a setting."""


def place_of(url: str) -> RedisPlace:
    """What the URL says; raises WrongUrl with half a sentence: what is wrong, and what to set."""
    parts = _split(url)
    options = _options(parts.query)
    sentinel, cluster = parts.scheme == "redis+sentinel", options.get("cluster") == "true"
    userinfo, _, hosts = parts.netloc.rpartition("@")
    username, _, password = userinfo.partition(":")
    service, db = _path(parts.path, sentinel)
    if cluster and (sentinel or db):
        raise WrongUrl("asks for a cluster with a service or a database: set redis://host:6379?cluster=true")
    tls = parts.scheme == "rediss" or (sentinel and "ca" in options)
    if "ca" in options and not tls:
        raise WrongUrl("names a certificate authority for a connection without TLS: set rediss://")
    return RedisPlace(
        kind="sentinel" if sentinel else "cluster" if cluster else "one",
        addresses=tuple(_addresses(hosts, SENTINEL_PORT if sentinel else PORT, several=sentinel or cluster)),
        service=service,
        db=db,
        username=unquote(username) or None,
        password=unquote(password) or None,
        tls=tls,
        ca=options.get("ca"),
        name=options.get("name", NAME),
        unproven=options.get("unproven") == "true",
    )


def _split(url: str) -> SplitResult:
    if not url.startswith(SCHEMES):
        raise WrongUrl(f"names no store: set one such as {SHAPES}")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise WrongUrl(f"cannot be read: set one such as {SHAPES}") from error
    if parts.fragment:
        raise WrongUrl("has a # in it: write %23 where a password has one")
    return parts


def _options(query: str) -> Mapping[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    if len(options) < len(pairs):
        raise WrongUrl(f"gives a parameter twice: give each of {', '.join(PARAMETERS)} once")
    if options.keys() - set(PARAMETERS):
        raise WrongUrl(f"has a parameter that is not known: only {', '.join(PARAMETERS)} are")
    for switch in ("cluster", "unproven"):
        if options.get(switch, "true") not in ("true", "false"):
            raise WrongUrl(f"says neither true nor false to {switch}: set {switch}=true or leave it out")
    if not options.get("ca", "x"):
        raise WrongUrl("names no file after ca=: set the path of the authority's certificate (PEM)")
    name = options.get("name", NAME)
    if not (name.isascii() and name.replace("-", "").isalnum() and len(name) <= 40):
        raise WrongUrl("has a name that cannot begin a key: set name= to letters, digits and dashes")
    return options


def _path(path: str, sentinel: bool) -> tuple[str, int]:
    pieces = [unquote(piece) for piece in path.split("/")[1:]]
    service = ""
    if sentinel:
        service = pieces.pop(0) if pieces else ""
        if not service:
            raise WrongUrl("names no service: set redis+sentinel://host:26379/service/0")
    number = pieces.pop(0) if pieces else ""
    if pieces or (number and not (number.isascii() and number.isdigit() and len(number) < 6)):
        raise WrongUrl("ends in no database: set a number such as /0 there")
    return service, int(number or 0)


def _addresses(hosts: str, port: int, *, several: bool) -> Iterator[Address]:
    listed = hosts.split(",")
    if len(listed) > 1 and not several:
        raise WrongUrl("names several servers: add ?cluster=true, or set redis+sentinel://")
    for one in listed:
        try:
            parts = urlsplit(f"//{one}")
            host, given = parts.hostname, parts.port
        except ValueError as error:
            raise WrongUrl("has a port that is none: set a number from 1 to 65535") from error
        if not host or given == 0:
            raise WrongUrl(f"names no server: set one such as {SHAPES}")
        yield host, given or port
