"""The gate that asks the service itself: a good answer, of the right version, often enough."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import GateRule, Verdict
from bot.domain.readings import ChecksReading, HealthReading, Reading, Unreadable
from bot.gates import health, observe
from bot.gates.health import Settings, is_version, judge, rule, version_in
from bot.ports import Refused
from tests.gates.conftest import SHA, Outside

READINGS = st.builds(HealthReading, good_in_a_row=st.integers(0, 20), attempts=st.integers(0, 20))


def healthy(**settings: object) -> GateRule:
    return rule("health", "after", Settings(**settings))  # type: ignore[arg-type]


VERIFY = rule("health", "target", Settings(attempts=5, version="$.version", in_a_row=2))


async def looks(outside: Outside, times: int, gate: GateRule) -> HealthReading:
    """The reading after so many looks, each going on from the last."""
    reading: Reading | None = None
    for _ in range(times):
        reading, _link = await observe(gate, outside.view, reading)
    assert isinstance(reading, HealthReading)
    return reading


@given(READINGS, st.integers(1, 20), st.integers(1, 5))
def test_the_verdict_is_total_and_never_takes_back_a_yes(
    reading: HealthReading, attempts: int, in_a_row: int
) -> None:
    """Enough in a row is met whatever the count of looks; else the looks decide whether to go on."""
    verdict = judge(reading, attempts=attempts, in_a_row=in_a_row)
    if reading.good_in_a_row >= in_a_row:
        assert verdict is Verdict.MET
    elif reading.attempts >= attempts:
        assert verdict is Verdict.UNMET
    else:
        assert verdict is Verdict.PENDING


@given(st.sampled_from([Unreadable("not read"), ChecksReading(passed=9)]))
def test_another_reading_is_not_a_yes(reading: Reading) -> None:
    """What is not a health reading does not pass."""
    assert judge(reading, attempts=1, in_a_row=1) is Verdict.UNMET


async def test_one_good_answer_is_enough_before_a_deploy(outside: Outside) -> None:
    """The environment before answers 200: met at once."""
    reading, link = await observe(healthy(), outside.view, None)
    assert reading == HealthReading(good_in_a_row=1, attempts=1, status=200)
    assert link.endswith("/sim/services/checkout/staging/health")


async def test_after_a_deploy_the_version_must_be_seen_twice(outside: Outside) -> None:
    """The first good answer may come from the one new replica: a second one has to follow."""
    assert VERIFY.judge(await looks(outside, 1, VERIFY)) is Verdict.PENDING
    reading = await looks(outside, 2, VERIFY)
    assert reading == HealthReading(2, 2, 200, "v2.14.3")
    assert VERIFY.judge(reading) is Verdict.MET


async def test_a_failing_service_uses_up_its_looks(outside: Outside) -> None:
    """503 three times with three attempts is unmet, not before."""
    outside.world.health["checkout", "staging"] = "failing"
    gate = healthy(attempts=3)
    assert gate.judge(await looks(outside, 2, gate)) is Verdict.PENDING
    last = await looks(outside, 3, gate)
    assert last == HealthReading(0, 3, 503, wrong="answered 503, not 200")
    assert gate.judge(last) is Verdict.UNMET


async def test_a_look_after_the_end_begins_a_new_tally(outside: Outside) -> None:
    """Met or used up, the next look counts from one."""
    outside.world.health["checkout", "staging"] = "failing"
    used_up = await looks(outside, 2, healthy(attempts=2))
    outside.world.health["checkout", "staging"] = "ok"
    healed, _ = await observe(healthy(attempts=2), outside.view, used_up)
    again, _ = await observe(healthy(attempts=2), outside.view, healed)
    assert (healed, again) == (HealthReading(1, 1, 200), HealthReading(1, 1, 200))


async def test_f91_the_old_version_is_not_healthy(outside: Outside) -> None:
    """A green answer of the wrong version says which one answered, and counts for nothing."""
    outside.world.health["checkout", "staging"] = "wrong-version"
    reading = await looks(outside, 2, VERIFY)
    assert reading == HealthReading(0, 2, 200, "v0.0.0", "answers v0.0.0, not v2.14.3")


async def test_a_flapping_service_starts_over(outside: Outside) -> None:
    """One good answer, then a bad one: the row is broken."""
    first = await looks(outside, 1, VERIFY)
    outside.world.health["checkout", "staging"] = "failing"
    second, _ = await observe(VERIFY, outside.view, first)
    assert second == HealthReading(0, 2, 503, "v2.14.3", wrong="answered 503, not 200")


@pytest.mark.parametrize("bent", ["html", "huge"])
async def test_f92_a_body_that_names_no_version_is_not_quoted(outside: Outside, bent: str) -> None:
    """HTML, or JSON cut at 64 kB, names no version; nothing of it is repeated."""
    outside.world.health["checkout", "staging"] = bent
    reading = await looks(outside, 1, VERIFY)
    assert (reading.version, reading.wrong) == (None, "names no version at $.version")


@pytest.mark.parametrize("named", ["<!channel> ok", "v1\nv2", "x" * 100, "*bold*"])
async def test_what_is_no_version_is_not_repeated(outside: Outside, named: str) -> None:
    """A body cannot put its own words on a card."""
    outside.body.text = json.dumps({"version": named})
    view = outside.service_with(health=outside.origin + "/own")
    reading, _ = await observe(VERIFY, view, None)
    assert reading == HealthReading(0, 1, 200, None, "answers another version, not v2.14.3")


async def test_nothing_that_answers_is_a_bad_look(outside: Outside) -> None:
    """A service that is down is unhealthy; it is not a look that failed."""
    view = outside.service_with(health=outside.origin.replace("127.0.0.1", "localhost") + "/own")
    gone = outside.service_with(health=f"http://127.0.0.1:{outside.closed_port}/health")
    reading, _ = await observe(healthy(), gone, None)
    assert reading == HealthReading(0, 1, None, None, "nothing answered")
    with pytest.raises(Refused):
        await observe(healthy(), view, None)


async def test_a63_a_service_without_a_url_is_not_met(outside: Outside) -> None:
    """Nothing to ask is not the same as healthy."""
    reading, _ = await observe(healthy(), outside.service_with(health=None), None)
    assert reading == Unreadable("checkout has no health URL in the catalog")


@pytest.mark.parametrize(
    ("body", "path", "found"),
    [
        ('{"version": "v1"}', "$.version", "v1"),
        ('{"build": {"sha": "abc1234"}}', "$.build.sha", "abc1234"),
        ('{"version": 3}', "$.version", None),
        ('{"version": ""}', "$.version", None),
        ('{"version": {"a": 1}}', "$.version", None),
        ('["version"]', "$.version", None),
        ("[" * 50_000, "$.version", None),
        ("9" * 5_000, "$.version", None),
        ("", "$.version", None),
    ],
)
def test_the_version_is_read_where_the_catalog_says(body: str, path: str, found: str | None) -> None:
    """Only text at exactly that place of a JSON body is a version."""
    assert version_in(body.encode(), path) == found


def test_bytes_that_are_no_text_name_no_version() -> None:
    """A binary body is not an error."""
    assert version_in(b"\xff\xfe{", "$.version") is None


@given(st.integers(7, 40))
def test_a_sha_is_named_by_seven_characters_or_more(length: int) -> None:
    """A prefix of the SHA is the version, whatever its case."""
    assert is_version(SHA[:length].upper(), "v2.14.3", SHA)


@given(st.text(max_size=6))
def test_six_characters_of_a_sha_are_too_few(named: str) -> None:
    """Short text is the version only when it is exactly the version."""
    assert is_version(named, "v2.14.3", SHA) == (named == "v2.14.3")


def test_what_is_signed_names_every_threshold() -> None:
    """The basis changes with each setting, so that approvals of other limits do not count."""
    bases = {
        healthy().basis,
        healthy(attempts=4).basis,
        healthy(every=11.0).basis,
        healthy(expect=204).basis,
        healthy(version="$.v").basis,
        healthy(version="$.v", in_a_row=2).basis,
    }
    assert len(bases) == 6
    assert VERIFY.every == 10.0
    assert health.SHORTEST_SHA == 7
