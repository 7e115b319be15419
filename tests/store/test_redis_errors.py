"""What Redis answers when it says no, word for word, and what a person is told of it."""

import ssl

import pytest
from redis._parsers.base import BaseParser
from redis.exceptions import ConnectionError

from bot.store.redis_errors import LOST, SENTENCES, UNTRUSTED, Again, Trouble, Unfit, trouble_of


@pytest.mark.parametrize(
    ("said", "code", "again"),
    [
        (
            "OOM command not allowed when used memory > 'maxmemory'. script: 1, on @user_script:1.",
            "OOM",
            "no",
        ),
        (
            "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
            "MISCONF",
            "no",
        ),
        ("MISCONF Errors writing to the AOF file: No space left on device", "MISCONF", "no"),
        ("READONLY You can't write against a read only replica.", "READONLY", "elsewhere"),
        (
            "NOREPLICAS Not enough good replicas to write. script: 1, on @user_script:1.",
            "NOREPLICAS",
            "elsewhere",
        ),
        ("LOADING Redis is loading the dataset in memory", "LOADING", "elsewhere"),
        (
            "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
            "MASTERDOWN",
            "elsewhere",
        ),
        ("NOAUTH Authentication required.", "NOAUTH", "no"),
        ("WRONGPASS invalid username-password pair or user is disabled.", "WRONGPASS", "no"),
        ("ERR invalid password", "WRONGPASS", "no"),
        ("NOPERM this user has no permissions to run the 'evalsha' command", "NOPERM", "no"),
        ("CLUSTERDOWN The cluster is down", "CLUSTERDOWN", "elsewhere"),
        ("MOVED 3999 127.0.0.1:6381", "MOVED", "elsewhere"),
        ("TRYAGAIN Multiple keys request during rehashing of slot", "TRYAGAIN", "elsewhere"),
        ("EPOCH another store", "EPOCH", "no"),
        ("NEWER a newer version has taken this store over", "NEWER", "no"),
    ],
)
def test_each_refusal_of_redis_has_its_sentence(said: str, code: str, again: Again) -> None:
    """F16, F19: the sentence names the fix, and only what another server may do is tried again."""
    assert trouble_of(BaseParser.parse_error(said)) == Trouble(SENTENCES[code], again)


def test_what_an_older_redis_says_of_a_script_is_understood() -> None:
    """Redis 6.2 wraps what a write in a script was refused with; the sentence is the same."""
    wrapped = (
        "ERR Error running script (call to d05e85801446f5c3b3262aa9928ebf556baf9d64): "
        "@user_script:1: @user_script: 1: -NOREPLICAS Not enough good replicas to write."
    )
    assert trouble_of(BaseParser.parse_error(wrapped)) == Trouble(SENTENCES["NOREPLICAS"], "elsewhere")


def test_what_was_never_expected_is_named_by_its_code_alone() -> None:
    """The rest of the answer may hold what a person typed."""
    trouble = trouble_of(BaseParser.parse_error("WRONGTYPE Operation against a key: secret-1"))
    assert trouble == Trouble("it refused a command (WRONGTYPE), which is not expected", "no")
    unnamed = trouble_of(BaseParser.parse_error("ERR wrong number of arguments for 'secret-1'"))
    assert unnamed.why == "it refused a command (ERR), which is not expected"


def test_a_lost_connection_may_have_done_it() -> None:
    """Whether the call arrived is not known."""
    assert trouble_of(ConnectionError("Error 104 while writing to socket")) == Trouble(LOST, "unless sent")
    assert trouble_of(ConnectionResetError()) == Trouble(LOST, "unless sent")


def test_what_lies_under_an_error_counts() -> None:
    """redis-py wraps what happens while it connects."""
    wrapped = ConnectionError("x")
    wrapped.__cause__ = Unfit(Trouble("no sentinel", "elsewhere"))
    untrusted = ConnectionError("y")
    untrusted.__context__ = ssl.SSLCertVerificationError("self-signed")
    assert trouble_of(wrapped) == Trouble("no sentinel", "elsewhere")
    assert trouble_of(untrusted) == Trouble(UNTRUSTED, "no")
