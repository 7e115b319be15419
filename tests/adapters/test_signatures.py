"""Signatures: what is right is taken, everything else is refused, and nothing that strangers send raises."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.signatures import github_signed, pagerduty_signed, slack_signed

SECRET = b"a secret of the tests"
BODY = b'{"a": 1}'
NOW = 1_800_000_000.0

ANYTHING = st.text(st.characters(), max_size=200)  # lone surrogates, controls, everything


def mac(signed: bytes, secret: bytes = SECRET) -> str:
    return hmac.new(secret, signed, hashlib.sha256).hexdigest()


def slack_header(at: int, body: bytes = BODY) -> str:
    return "v0=" + mac(b"v0:" + str(at).encode() + b":" + body)


@pytest.mark.parametrize("drift", [-300, -1, 0, 299, 300])
def test_slack_signature_within_five_minutes_is_taken(drift: int) -> None:
    """A true signature counts while its timestamp is at most five minutes away."""
    at = int(NOW) + drift
    assert slack_signed(SECRET, BODY, str(at), slack_header(at), NOW)


@pytest.mark.parametrize("drift", [-301, 301, -100_000])
def test_a03_slack_signature_from_another_time_is_refused(drift: int) -> None:
    """A true signature that is older, or from the future, is a replay."""
    at = int(NOW) + drift
    assert not slack_signed(SECRET, BODY, str(at), slack_header(at), NOW)


def test_a06_signature_of_another_body_is_refused() -> None:
    """The signature of one body does not open another, at any vendor."""
    at = int(NOW)
    other = BODY + b" "
    assert not slack_signed(SECRET, other, str(at), slack_header(at), NOW)
    assert not github_signed(SECRET, other, "sha256=" + mac(BODY))
    assert not pagerduty_signed(SECRET, other, "v1=" + mac(BODY))


def test_a09_github_takes_sha256_and_nothing_else() -> None:
    """The SHA-256 header counts; a SHA-1 one, a bare digest, another case or none does not."""
    sha1 = hmac.new(SECRET, BODY, hashlib.sha1).hexdigest()
    assert github_signed(SECRET, BODY, "sha256=" + mac(BODY))
    for header in ("sha1=" + sha1, mac(BODY), "SHA256=" + mac(BODY), "sha256=", "", None):
        assert not github_signed(SECRET, BODY, header)


def test_pagerduty_takes_one_true_signature_of_several() -> None:
    """While a secret is rotated PagerDuty signs with both: one that fits is enough."""
    old = "v1=" + mac(BODY, b"the other secret")
    new = "v1=" + mac(BODY)
    assert pagerduty_signed(SECRET, BODY, f"{old},{new}")
    assert pagerduty_signed(SECRET, BODY, f"{new}, {old}")
    assert not pagerduty_signed(SECRET, BODY, f"{old},{old}")


def test_a02_an_empty_secret_verifies_nothing() -> None:
    """Anybody can sign with an empty key, so it never fits."""
    at = int(NOW)
    forged = "v0=" + mac(b"v0:" + str(at).encode() + b":" + BODY, b"")
    assert not slack_signed(b"", BODY, str(at), forged, NOW)
    assert not github_signed(b"", BODY, "sha256=" + mac(BODY, b""))
    assert not pagerduty_signed(b"", BODY, "v1=" + mac(BODY, b""))


@pytest.mark.parametrize(
    "at", [None, "", " 1800000000", "1800000000\n", "1_800_000_000", "+1800000000", "1e9", "١٨"]
)
def test_a05_malformed_timestamp_is_refused(at: str | None) -> None:
    """Only plain digits are a timestamp, even when the signature over them is true."""
    signed = "v0=" + mac(b"v0:" + (at or "").encode() + b":" + BODY)
    assert not slack_signed(SECRET, BODY, at, signed, NOW)


@given(body=st.binary(max_size=200), at=st.none() | ANYTHING, header=st.none() | ANYTHING)
def test_a05_whatever_strangers_send_is_false_and_never_raises(
    body: bytes, at: str | None, header: str | None
) -> None:
    """No header, however broken, is taken or makes the check fail."""
    assert not slack_signed(SECRET, body, at, header, NOW)
    assert not github_signed(SECRET, body, header)
    assert not pagerduty_signed(SECRET, body, header)
