"""What STORE_URL may say of a Redis: every shape that is supported, and one sentence for everything else."""

import re
from pathlib import Path

import pytest

from bot.store.redis_url import PARAMETERS, RedisPlace, WrongUrl, place_of

SHAPES = (
    "redis://host:6379/0, rediss://host:6379/0?ca=/path/ca.pem, "
    "redis+sentinel://host1:26379,host2:26379/service/0 or redis://host:6379?cluster=true"
)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://db", RedisPlace("one", (("db", 6379),))),
        ("redis://db:7000/3", RedisPlace("one", (("db", 7000),), db=3)),
        ("redis://[::1]:7000", RedisPlace("one", (("::1", 7000),))),
        ("redis://:p%40ss%2Fword@db", RedisPlace("one", (("db", 6379),), password="p@ss/word")),
        ("redis://bot:secret@db", RedisPlace("one", (("db", 6379),), username="bot", password="secret")),
        (
            "redis://db?name=blue&unproven=true",
            RedisPlace("one", (("db", 6379),), name="blue", unproven=True),
        ),
        ("rediss://db", RedisPlace("one", (("db", 6379),), tls=True)),
        ("rediss://db/0?ca=/etc/ca.pem", RedisPlace("one", (("db", 6379),), tls=True, ca="/etc/ca.pem")),
        (
            "redis+sentinel://:secret@s1,s2:26380/main/2",
            RedisPlace("sentinel", (("s1", 26379), ("s2", 26380)), service="main", db=2, password="secret"),
        ),
        (
            "redis+sentinel://s1/main?ca=/ca.pem",
            RedisPlace("sentinel", (("s1", 26379),), service="main", tls=True, ca="/ca.pem"),
        ),
        ("redis://a,b:7001?cluster=true", RedisPlace("cluster", (("a", 6379), ("b", 7001)))),
        ("rediss://a?cluster=true", RedisPlace("cluster", (("a", 6379),), tls=True)),
        ("redis://a?cluster=false&unproven=false", RedisPlace("one", (("a", 6379),))),
    ],
)
def test_every_shape_is_understood(url: str, place: RedisPlace) -> None:
    """One server, TLS, sentinels and a cluster, with who logs in and under which name the keys lie."""
    assert place_of(url) == place


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://db", f"names no store: set one such as {SHAPES}"),
        ("redis://", f"names no server: set one such as {SHAPES}"),
        ("redis://[::1", f"cannot be read: set one such as {SHAPES}"),
        ("redis://:se#cret-1@db", "has a # in it: write %23 where a password has one"),
        ("redis://:secret-1@db:0", f"names no server: set one such as {SHAPES}"),
        ("redis://db:99999", "has a port that is none: set a number from 1 to 65535"),
        ("redis://db:secret-1", "has a port that is none: set a number from 1 to 65535"),
        ("redis://db/secret-1", "ends in no database: set a number such as /0 there"),
        ("redis://db/0/1", "ends in no database: set a number such as /0 there"),
        ("redis://a,b", "names several servers: add ?cluster=true, or set redis+sentinel://"),
        (
            "redis://a/1?cluster=true",
            "asks for a cluster with a service or a database: set redis://host:6379?cluster=true",
        ),
        ("redis+sentinel://s1", "names no service: set redis+sentinel://host:26379/service/0"),
        (
            "redis://db?password=secret-1",
            "has a parameter that is not known: only name, ca, cluster, unproven are",
        ),
        (
            "redis://db?name=a&name=b",
            "gives a parameter twice: give each of name, ca, cluster, unproven once",
        ),
        (
            "redis://db?unproven=yes",
            "says neither true nor false to unproven: set unproven=true or leave it out",
        ),
        ("redis://db?cluster=1", "says neither true nor false to cluster: set cluster=true or leave it out"),
        (
            "redis://db?ca=/ca.pem",
            "names a certificate authority for a connection without TLS: set rediss://",
        ),
        ("rediss://db?ca=", "names no file after ca=: set the path of the authority's certificate (PEM)"),
        (
            "redis://db?name={x}",
            "has a name that cannot begin a key: set name= to letters, digits and dashes",
        ),
        ("redis://db?name=", "has a name that cannot begin a key: set name= to letters, digits and dashes"),
    ],
)
def test_what_cannot_work_is_named_in_one_sentence(url: str, sentence: str) -> None:
    """The sentence says what to set and repeats nothing that may be a password."""
    with pytest.raises(WrongUrl) as wrong:
        place_of(url)
    assert str(wrong.value) == sentence
    assert "secret-1" not in sentence


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://bot:secret@db/1?name=x", "redis://db:6379/1"),
        ("rediss://:secret@[::1]", "rediss://[::1]:6379/0"),
        ("redis+sentinel://:secret@a,b/main", "redis+sentinel://a:26379,b:26379/main/0"),
        ("redis://:secret@a?cluster=true", "redis://a:6379/0"),
    ],
)
def test_a49_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    """A49: neither the text nor the representation of a place has the password."""
    assert str(place_of(url)) == shown
    assert "secret" not in repr(place_of(url))


def test_the_documented_urls_are_understood() -> None:
    """What docs/redis.md shows works as it stands there, and every parameter is in it."""
    text = (Path(__file__).parents[2] / "docs" / "redis.md").read_text()
    shown = re.findall(r"`(redis[a-z+]*://[^`]+)`", text)
    assert {place_of(url).kind for url in shown} == {"one", "sentinel", "cluster"}
    assert all(f"| `{parameter}` |" in text for parameter in PARAMETERS)
