"""compose.yml: what it says is understood, nothing in it may do more than it must, and its Redis is one that we trust."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings, load_settings
from bot.store.redis_create import create
from tests.deploy.dockerfile import stages
from tests.deploy.judges import judged
from tests.documents import ROOT
from tests.redis_place import RedisServer

FILE = ROOT / "deploy" / "compose.yml"
COMPOSE: Mapping[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: Mapping[str, Any] = COMPOSE["services"]
BOTS = ("greenlight", "greenlight-sqlite")
PASSWORD = "for-a-test-only"


class ComposedRedis(RedisServer):
    """The Redis that compose.yml starts, by its very command, with its paths and its port as they are here."""

    def here(self, text: str) -> str:
        """A shell line of the file, as compose hands it to the shell."""
        given = " ".join(
            f"{name}='{filled(value)}';" for name, value in SERVICES["redis"]["environment"].items()
        )
        return given + text.replace("$$", "$").replace("redis-cli", f"redis-cli -p {self.port}")

    def _command(self) -> Sequence[str]:
        shell, option, line = SERVICES["redis"]["command"]
        placed = self.here(line).replace("/data", str(self.directory))
        return (shell, option, f"{placed} --bind 127.0.0.1 --port {self.port}")


def filled(text: str) -> str:
    """What compose makes of a text, with the password of these tests in .env."""
    return text.replace("${REDIS_PASSWORD:-}", PASSWORD)


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[ComposedRedis]:
    """The Redis of compose.yml, empty."""
    server = ComposedRedis(tmp_path)
    server.tls = {"password": PASSWORD}
    try:
        await server.start()
        yield server
    finally:
        server.kill()


def test_compose_would_take_it() -> None:
    """The Compose Specification's own schema."""
    code, said = judged("check-jsonschema", "--builtin-schema", "vendor.compose-spec", FILE)
    assert code == 0, said


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_no_more_than_it_must(name: str) -> None:
    """No capability, no way to gain one, a file system that is read-only, and it is started again."""
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert service["restart"] == "unless-stopped"
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"}


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_read_only_gets_no_secret_that_compose_would_have_to_write(name: str) -> None:
    """Compose mounts a secret that is a file, and writes any other into the container: it refuses one that is read-only."""
    given = [COMPOSE["secrets"][secret] for secret in SERVICES[name].get("secrets", ())]
    assert [secret for secret in given if "file" not in secret] == []


@pytest.mark.parametrize("name", BOTS)
def test_the_catalog_is_given_as_a_folder(name: str) -> None:
    """A file that is mounted stays the one that it was when an editor, or git, puts a new one in its place."""
    (catalog,) = [one for one in SERVICES[name]["volumes"] if one["type"] == "bind"]
    assert (catalog["source"], catalog["read_only"]) == ("../catalog", True)
    assert SERVICES[name]["environment"]["CATALOG"] == f"{catalog['target']}/promotions.yml"
    assert stages()[-1].all("ENV")[-1].pairs["CATALOG"] == SERVICES[name]["environment"]["CATALOG"]


async def test_a_redis_without_a_password_does_not_start(tmp_path: Path) -> None:
    """Who forgot it is told its name, and nobody gets a Redis that asks for none."""
    shell, option, line = SERVICES["redis"]["command"]
    ran = await asyncio.create_subprocess_exec(
        shell, option, line.replace("$$", "$").replace("/data", str(tmp_path)),
        env={"PATH": os.environ["PATH"], "REDIS_PASSWORD": ""}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await ran.communicate()
    assert ran.returncode != 0
    assert "REDIS_PASSWORD: is not set in .env" in said.decode()


@pytest.mark.parametrize("name", BOTS)
def test_the_bot_is_reached_from_this_host_alone(name: str) -> None:
    """The proxy that does TLS is on this host; nobody else talks to the bot without it."""
    assert SERVICES[name]["ports"] == ["127.0.0.1:3000:3000"]


def test_redis_is_reached_by_the_bot_alone() -> None:
    """It has no port, and its network has no way out."""
    assert "ports" not in SERVICES["redis"]
    assert SERVICES["redis"]["networks"] == ["store"]
    assert COMPOSE["networks"]["store"] == {"internal": True}


@pytest.mark.parametrize("name", BOTS)
def test_the_bot_takes_the_environment_that_it_is_given(name: str) -> None:
    """Each name is a setting, and with the secrets of .env they are all that it needs."""
    given = dict(SERVICES[name]["environment"])
    assert {setting.lower() for setting in given} <= set(Settings.model_fields)
    given["STORE_URL"] = filled(given["STORE_URL"])
    secrets = {"SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": "s", "GITHUB_TOKEN": "g"}
    settings = load_settings({**secrets, **given})
    assert str(settings.catalog) == given["CATALOG"]


def test_what_must_last_is_on_a_volume() -> None:
    """The store of the one without Redis is where the image has its volume, and Redis keeps its files in one."""
    (volume,) = [one["target"] for one in SERVICES["greenlight-sqlite"]["volumes"] if one["type"] == "volume"]
    assert volume == stages()[-1].last("VOLUME").rest
    assert SERVICES["greenlight-sqlite"]["environment"]["STORE_URL"] == f"sqlite:///{volume}/greenlight.db"
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]


def test_the_one_without_redis_starts_only_when_it_is_named() -> None:
    """Two bots on one Slack app would answer everything twice, and one of them from an empty store."""
    assert SERVICES["greenlight-sqlite"]["profiles"] == ["sqlite"]
    assert [name for name, service in SERVICES.items() if "profiles" not in service] == [
        "greenlight",
        "redis",
    ]


async def test_its_redis_is_one_that_the_bot_trusts(
    redis: ComposedRedis, caplog: pytest.LogCaptureFixture
) -> None:
    """It keeps what it acknowledged, throws nothing away and asks for the password: without a warning, let alone a refusal."""
    url = filled(SERVICES["greenlight"]["environment"]["STORE_URL"])
    await create(url.replace("redis:6379", f"127.0.0.1:{redis.port}"))
    assert [record.getMessage() for record in caplog.records if record.levelname != "DEBUG"] == []
    for name, value in (("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction")):
        assert value in await redis.ask("CONFIG", "GET", name)
    stranger = RedisServer(redis.directory, port=redis.port)
    with pytest.raises(Exception, match="Authentication required"):
        await stranger.ask("PING")


async def test_its_health_check_tells_the_living_from_the_dead(redis: ComposedRedis) -> None:
    """The bot is started when Redis answers, and not before."""
    kind, line = SERVICES["redis"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert await _code_of(redis.here(line)) == 0
    redis.kill()
    assert await _code_of(redis.here(line)) != 0


async def _code_of(line: str) -> int:
    shell = await asyncio.create_subprocess_exec(
        "sh", "-c", line, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await shell.wait()
