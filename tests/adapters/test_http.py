"""The probe: reads what the catalog names, and cannot be turned against the network the bot runs in."""

import asyncio
import socket
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.addresses import host_of, is_forbidden
from bot.adapters.http import MOST_BODY, HttpProbe
from bot.playground.services import Services
from bot.ports import Probe, Refused, Unclear, Unreachable
from tests.adapters.scripted import Said, nobody, vendor
from tests.playground.simulators import served, small_world

# A50: each of these is asked of a probe whose catalog names that very host.
HOSTILE = [
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254.:80/",
    "http://169.254.0.1/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fd20:ce::254]/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://[::ffff:100.100.100.200]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::ffff:0.0.0.0]/",
    "http://224.0.0.1/",
    "http://[ff02::1]/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://169.254.43518/",
    "http://1.2.3.4.5/",
    "http://127.0.0.1.0x1/",
    "http://a@checkout.example/",
    "http://a:b@checkout.example/",
    "http://@checkout.example/",
    "http://:@checkout.example/",
    "http://checkout.example@169.254.169.254/",
    "http://checkout.example:80@evil.example/",
    "http://checkout.example\\@evil.example/",
    "http:\\\\checkout.example/",
    "http:///checkout.example/",
    "http:checkout.example",
    "//checkout.example/",
    "checkout.example/health",
    "",
    "http://",
    "http://:80/",
    "file:///etc/passwd",
    "ftp://checkout.example/",
    "gopher://checkout.example/_",
    "unix:///var/run/docker.sock",
    "data:text/plain,x",
    "javascript:alert(1)",
    "http://checkout.example:99999/",
    "http://checkout.example:-1/",
    "http://checkout.example:0/",
    "http://checkout.example:80a/",
    "http://checkout.example/ HTTP/1.1\r\nX: y",
    "http://checkout.example/a b",
    "http://checkout.example/\x00",
    "http://checkout.example\t/",
    " http://checkout.example/",
    "http://check\u00adout.example/",
    "http://\u2460\u2461\u2466.0.0.1/",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://checkout\u3002example/",
    "http://ch%65ckout.example/",
    "http://checkout.example%2f@evil.example/",
    "http://-checkout.example/",
    "http://checkout..example/",
    "http://[::1/",
    "http://[127.0.0.1]/",
    "http://[v1.fe80::a]/",
    "http://" + "a" * 2_000 + ".example/",
]


@pytest.mark.parametrize("url", HOSTILE)
async def test_a50_hostile_url_is_refused_for_itself(url: str) -> None:
    """No spelling reaches a link-local, metadata or disguised address, a user or another scheme: such a URL
    is refused before anyone asks whether the catalog names its host (code `host`)."""
    async with HttpProbe([urlsplit(url).netloc] if url.isascii() and "[" not in url else []) as probe:
        with pytest.raises(Refused) as refused:
            await probe.get(url)
    assert refused.value.code in ("url", "address")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://127.0.0.1:8000/",
        "http://checkout.example:8080/",
        "http://sub.checkout.example/",
        "http://checkout.example.evil.example/",
        "http://10.0.0.1/",
    ],
)
async def test_a50_host_that_the_catalog_does_not_name_is_refused(url: str) -> None:
    """Only the very host and port count: no parent, no child, no other port, no loopback by default."""
    async with HttpProbe(["checkout.example", "127.0.0.1:9"]) as probe:
        with pytest.raises(Refused) as refused:
            await probe.get(url)
    assert refused.value.code == "host"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Checkout.Example/health?x=1#y", "checkout.example"),
        ("https://checkout.example:443/", "checkout.example"),
        ("http://checkout.example:443/", "checkout.example:443"),
        ("http://127.0.0.1:8080/x", "127.0.0.1:8080"),
        ("http://[::1]:8080/x", "[::1]:8080"),
        ("http://[::1]/x", "[::1]"),
    ],
)
def test_host_of(url: str, host: str) -> None:
    """A host is compared in lower case, its port when it is not the scheme's own."""
    assert host_of(url) == host


def test_a51_name_that_resolves_to_loopback_is_refused_but_loopback_itself_is_not() -> None:
    """Loopback counts only when the URL says so: a name that DNS points there is an attack."""
    assert is_forbidden("127.0.0.1", "checkout.example")
    assert is_forbidden("::1", "checkout.example")
    assert is_forbidden("::ffff:127.0.0.1", "checkout.example")
    assert not is_forbidden("127.0.0.1", "localhost")
    assert not is_forbidden("127.0.0.1", "127.0.0.1")


def test_private_addresses_may_be_read_because_health_urls_live_there() -> None:
    """A service inside the network is what the probe is for."""
    for address in ("10.0.0.7", "192.168.3.4", "172.16.0.1", "fd12:3456::1", "203.0.113.7"):
        assert not is_forbidden(address, "checkout.example")


class Names(AbstractResolver):
    """A name server that answers each question with the next of its lists of addresses."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["203.0.113.7", "127.0.0.1"], ["169.254.169.254"], ["::1"], ["fe80::1%eth0"]]
)
async def test_a51_name_that_leads_inside_is_never_connected_to(answer: list[str]) -> None:
    """A named host whose address is the bot's own machine or a metadata service is refused: nothing is heard."""
    async with vendor(Said(200, "secret")) as inside:
        host = f"checkout.example:{urlsplit(inside.url).port}"
        async with HttpProbe([host], names=Names(answer)) as probe:
            with pytest.raises(Refused, match="never read"):
                await probe.get(f"http://{host}/")
    assert inside.connections == 0


async def test_a51_connection_goes_to_the_address_that_was_judged() -> None:
    """A name that answers something else the second time is asked once for each connection, and judged each time."""
    async with vendor(Said(200, "fine")) as inside:
        host = f"localhost:{urlsplit(inside.url).port}"
        names = Names(["127.0.0.1"], ["169.254.169.254"])
        async with HttpProbe([host], names=names) as probe:
            assert (await probe.get(f"http://{host}/")).body == b"fine"
            assert names.asked == 1
            with pytest.raises(Refused):
                await probe.get(f"http://{host}/")
    assert inside.connections == 1


async def test_a51_redirect_is_an_answer_and_not_followed() -> None:
    """Where a health URL points is its own matter: nothing is asked there."""
    async with (
        vendor(Said(200)) as inside,
        vendor(Said(302, "", {"Location": inside.url})) as outside,
        HttpProbe([host_of(outside.url), host_of(inside.url)]) as probe,
    ):
        answer = await probe.get(outside.url)
    assert answer.status == 302
    assert inside.heard == []


async def test_a53_body_is_cut_and_never_unpacked() -> None:
    """A huge body is cut at 64 kB; a gzip bomb is not asked for, and stays packed when it comes."""
    bomb = Said(200, "\x1f\x8b" + "x" * 100, {"Content-Encoding": "gzip"})
    async with (
        vendor(Said(200, "x" * 3_000_000), bomb) as service,
        HttpProbe([host_of(service.url)]) as probe,
    ):
        huge = await probe.get(service.url)
        packed = await probe.get(service.url)
    assert len(huge.body) == MOST_BODY
    assert packed.body.endswith(b"x" * 100)
    assert service.heard[0].headers["accept-encoding"] == "identity"


async def test_a53_dripping_body_is_a_timeout() -> None:
    """The deadline is for the whole answer: a byte now and then does not keep a look alive."""

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while request.transport is not None:
            await response.write(b".")
            await asyncio.sleep(0.05)
        return response

    async with served([web.get("/", drip)]) as origin, HttpProbe([host_of(origin)], deadline=0.4) as probe:
        with pytest.raises(Unclear, match="did not answer"):
            await probe.get(origin + "/")


async def test_f92_hang_broken_answer_and_closed_port_are_told_apart() -> None:
    """A service that does not answer, breaks off, or is not there: none of it is a health answer."""
    absent = nobody()
    async with (
        vendor(Said(end="hang"), Said(end="close")) as service,
        HttpProbe([host_of(service.url), host_of(absent)], deadline=0.5) as probe,
    ):
        with pytest.raises(Unclear, match="did not answer"):
            await probe.get(service.url)
        with pytest.raises(Unclear, match="broke off"):
            await probe.get(service.url)
        with pytest.raises(Unreachable):
            await probe.get(absent)


async def test_reloaded_catalog_replaces_the_hosts() -> None:
    """What a new catalog no longer names is no longer read."""
    async with vendor(Said(200, "fine")) as service, HttpProbe([]) as probe:
        probe.allow([host_of(service.url)])
        assert (await probe.get(service.url)).body == b"fine"
        probe.allow([])
        with pytest.raises(Refused):
            await probe.get(service.url)


async def test_health_of_the_playground_is_read() -> None:
    """Status and body of a simulated service arrive as they are."""
    services = Services(small_world())
    async with served(services.routes()) as origin, HttpProbe([host_of(origin)]) as probe:
        fine = await probe.get(f"{origin}/sim/services/checkout/production/health")
        services.world.health["checkout", "production"] = "failing"
        port: Probe = probe
        failing = await port.get(f"{origin}/sim/services/checkout/production/health")
        services.world.health["checkout", "production"] = "huge"
        huge = await port.get(f"{origin}/sim/services/checkout/production/health")
        await services.close()
    assert (fine.status, b"v2.14.2" in fine.body) == (200, True)
    assert failing.status == 503
    assert len(huge.body) == MOST_BODY


@given(st.text(st.characters(), max_size=60))
def test_a50_any_text_is_a_host_or_a_refusal(text: str) -> None:
    """Whatever stands in a catalog's URL is either a host to compare or refused; nothing else is raised."""
    try:
        host = host_of("http://" + text)
    except Refused:
        return
    assert host_of(f"http://{host}/") == host
