"""Which URLs and addresses a probe may read: hosts that the catalog names, and some not even then."""

import ipaddress
import re

from yarl import URL

from bot.ports import Refused

MOST_URL = 2_000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Metadata services of clouds that do not live on a link-local address.
METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192")
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

_PLAIN = re.compile(r"[!#-\[\]^-~]+", re.ASCII)  # no space, no control, no backslash, no quote
_AUTHORITY_END = re.compile(r"[/?#]")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")


def host_of(url: str) -> str:
    """The host of a URL as probes compare it: lower case, with the port when it is not the scheme's own."""
    target = parsed_target(url)
    host = f"[{target.host}]" if ":" in (target.host or "") else target.host
    return f"{host}" if target.is_default_port() else f"{host}:{target.port}"


def parsed_target(url: str) -> URL:
    """The URL of a health or metrics endpoint. Raises Refused for what could be read in two ways."""
    if len(url) > MOST_URL or not _PLAIN.fullmatch(url):
        raise _refused("it has characters that do not belong into a URL")
    try:
        target = URL(url)
        port = target.port
    except ValueError as wrong:
        raise _refused("it is not a URL") from wrong
    if target.scheme not in ("http", "https") or not target.host or not port:
        raise _refused("it is not an http or https URL with a host")
    if "@" in _AUTHORITY_END.split(url.partition("//")[2])[0]:
        raise _refused("a URL that names a user is not read")
    _judge_host(target.host)
    return target


def is_forbidden(address: str, named: str) -> bool:
    """Whether `address` must not be connected to; loopback only when the URL says so itself, never by DNS."""
    if "%" in address:
        return True
    found = _inner(ipaddress.ip_address(address))
    if found.is_loopback:
        return not _says_loopback(named)
    return (
        found in METADATA
        or found.is_link_local
        or found.is_unspecified
        or found.is_multicast
        or found.is_reserved
    )


def _judge_host(host: str) -> None:
    literal = _literal(host)
    if literal is not None:
        if is_forbidden(host, host):
            raise Refused("services", f"{host} is an address that is never read", "address")
        return
    if not _NAME.fullmatch(host):
        raise _refused("its host is not a host name")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise _refused(
            "its host is a number in disguise"
        )  # 0x7f.1, 2130706433: the system would resolve them


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _says_loopback(named: str) -> bool:
    literal = _literal(named)
    if literal is None:
        return named == "localhost" or named.endswith(".localhost")
    return literal.is_loopback and _inner(literal) is literal


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address carries, else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or _teredo_client(address) or address


def _teredo_client(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return address.teredo[1] if address.teredo else None


def _refused(why: str) -> Refused:
    return Refused("services", f"this URL is not read: {why}", "url")
