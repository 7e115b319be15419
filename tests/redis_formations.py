"""Several redis-servers that belong together, and one behind TLS: replica, sentinels, cluster, certificates."""

import datetime
import ipaddress
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.redis_place import PATIENCE, RedisServer, free_port, redis

MASTER = "main"  # the master's name among the sentinels
DOWN_AFTER = 300  # milliseconds without an answer, then a sentinel thinks the master is down


@dataclass(frozen=True, slots=True)
class Replicated:
    """A master and a server that copies it."""

    master: RedisServer
    replica: RedisServer

    async def level(self) -> None:
        """Return when the replica has everything. (WAIT counts from what its own connection saw: hence the PING.)"""
        async with self.master.client() as client:
            await client.ping()
            assert await client.wait(1, int(PATIENCE * 1000)) == 1

    async def promote(self) -> None:
        """The replica takes over; the old master does not know."""
        await self.replica.ask("REPLICAOF", "NO", "ONE")

    async def demote(self) -> None:
        """The old master becomes a replica of the new one, and loses what it alone had."""
        await self.master.ask("REPLICAOF", "127.0.0.1", self.replica.port)
        await in_step(self.master)

    async def back(self) -> None:
        """The old master takes over again."""
        await self.master.ask("REPLICAOF", "NO", "ONE")


@asynccontextmanager
async def replicated(directory: Path) -> AsyncIterator[Replicated]:
    """A master and its replica, in step, as long as the block."""
    async with redis(directory / "a") as master, redis(directory / "b") as replica:
        await replica.ask("REPLICAOF", "127.0.0.1", master.port)
        await in_step(replica)
        yield Replicated(master, replica)


async def in_step(replica: RedisServer) -> None:
    """Return when a replica has caught up with its master."""
    await replica.comes("INFO", "replication", what="master_link_status:up")


@dataclass(frozen=True, slots=True)
class Guarded:
    """A master, a replica and three sentinels that put the replica in its place when it dies."""

    servers: Replicated
    sentinels: tuple[RedisServer, ...]

    @property
    def url(self) -> str:
        """Where the sentinels are."""
        hosts = ",".join(f"127.0.0.1:{one.port}" for one in self.sentinels)
        return f"redis+sentinel://{hosts}/{MASTER}/0"

    async def failed_over(self) -> None:
        """Return when a majority names the replica as the master."""
        new = str(self.servers.replica.port)
        for sentinel in self.sentinels[:2]:
            await sentinel.comes("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER, what=new)


@asynccontextmanager
async def guarded(directory: Path) -> AsyncIterator[Guarded]:
    """Three sentinels that know each other and the replica, as long as the block."""
    async with replicated(directory) as servers, AsyncExitStack() as stack:
        sentinels = [
            await stack.enter_async_context(redis(directory / f"s{number}", sentinel=_watch(servers.master)))
            for number in range(3)
        ]
        for sentinel in sentinels:
            await sentinel.comes("SENTINEL", "CKQUORUM", MASTER, what="OK 3 usable")
            await sentinel.comes("SENTINEL", "REPLICAS", MASTER, what=str(servers.replica.port))
        yield Guarded(servers, tuple(sentinels))


def _watch(master: RedisServer) -> str:
    return (
        f"sentinel monitor {MASTER} 127.0.0.1 {master.port} 2\n"
        f"sentinel down-after-milliseconds {MASTER} {DOWN_AFTER}\n"
        f"sentinel failover-timeout {MASTER} 2000\n"
    )


@asynccontextmanager
async def cluster(directory: Path) -> AsyncIterator[RedisServer]:
    """A cluster of one node that has every slot, as long as the block."""
    bus = str(free_port())
    async with redis(directory, "--cluster-enabled", "yes", "--cluster-port", bus) as node:
        await node.ask("CLUSTER", "ADDSLOTSRANGE", 0, 16_383)
        await node.comes("CLUSTER", "INFO", what="cluster_state:ok")
        yield node


@asynccontextmanager
async def secured(directory: Path) -> AsyncIterator[tuple[RedisServer, Path]]:
    """A server that speaks TLS only, and the file of the authority that signed for it."""
    authority, certificate, key = _certificates(directory)
    port = str(free_port())
    options = ("--tls-port", port, "--port", "0", "--tls-auth-clients", "no")
    files = (
        "--tls-cert-file",
        str(certificate),
        "--tls-key-file",
        str(key),
        "--tls-ca-cert-file",
        str(authority),
    )
    server = RedisServer(directory, *options, *files, port=int(port))
    server.url = f"rediss://127.0.0.1:{port}/0?ca={authority}"
    server.tls = {"ssl": True, "ssl_ca_certs": str(authority)}
    try:
        await server.start()
        yield server, authority
    finally:
        server.kill()


def _certificates(directory: Path) -> tuple[Path, Path, Path]:
    """An authority, a certificate for 127.0.0.1 that it signed, and the key."""
    directory.mkdir(parents=True, exist_ok=True)
    signer, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _name("test authority")
    signed_root = _built(root, root, signer.public_key()).add_extension(
        x509.BasicConstraints(True, None), True
    )
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = _built(_name("redis"), root, key.public_key()).add_extension(loopback, False)
    paths = (directory / "ca.pem", directory / "redis.pem", directory / "redis.key")
    pem = serialization.Encoding.PEM
    paths[0].write_bytes(signed_root.sign(signer, hashes.SHA256()).public_bytes(pem))
    paths[1].write_bytes(signed.sign(signer, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    paths[2].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return paths


def _built(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
