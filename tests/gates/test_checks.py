"""The gate that reads checks: green means every one, and at least one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import GateRule, Verdict
from bot.domain.readings import ChecksReading, Unreadable
from bot.gates import checks, observe
from bot.gates.checks import Settings, judge, rule
from bot.ports import Check, VendorError
from tests.gates.conftest import Outside

NAMES = st.lists(st.sampled_from(["build", "test", "lint"]), max_size=3).map(tuple)
READINGS = st.builds(ChecksReading, passed=st.integers(0, 5), failed=NAMES, pending=NAMES, missing=NAMES)


def green(required: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> GateRule:
    return rule("checks", "after", Settings(required, ignore))


@given(READINGS)
def test_met_means_something_passed_and_nothing_else_is_left(reading: ChecksReading) -> None:
    """Green is at least one pass with nothing failed, running or missing; zero checks is not green."""
    clean = reading.passed > 0 and not (reading.failed or reading.pending or reading.missing)
    assert (judge(reading) is Verdict.MET) == clean


@given(READINGS)
def test_a_failed_check_is_never_waited_for(reading: ChecksReading) -> None:
    """Unmet is said as soon as one check failed, and only then."""
    assert (judge(reading) is Verdict.UNMET) == bool(reading.failed)


def test_a_look_that_failed_is_not_a_yes() -> None:
    """What could not be read does not pass."""
    assert judge(Unreadable("GitHub answered 502")) is Verdict.UNMET


CHECKS = st.lists(
    st.builds(
        Check,
        name=st.sampled_from(["build", "test", "lint"]),
        state=st.sampled_from(["passed", "failed", "pending", "skipped"]),
        url=st.just(""),
        app=st.sampled_from(["", "github-actions"]),
    )
)


@given(CHECKS, st.sets(st.sampled_from(["build", "test"])))
def test_a_required_check_is_seen_or_missing(found: list[Check], required: set[str]) -> None:
    """Whatever is required and did not run there, for an App, is named as missing."""
    reading = checks.read(found, green(tuple(sorted(required))))
    assert set(reading.missing) == required - {
        check.name for check in found if check.app and check.state != "skipped"
    }
    assert reading.passed == sum(check.state == "passed" for check in found)


def test_a40_a_required_check_comes_from_an_app() -> None:
    """Anybody who may push can set a commit status: it counts where the catalog says so, an App where it is named."""
    status, ours = Check("build", "passed", ""), Check("build", "passed", "", "github-actions")
    for found, settings, missing in (
        (status, Settings(("build",)), ("build",)),
        (status, Settings(("build",), statuses=True), ()),
        (ours, Settings(("build",)), ()),
        (ours, Settings(("build",), apps=("jenkins",)), ("build",)),
        (ours, Settings(("build",), apps=("github-actions",)), ()),
    ):
        assert checks.read([found], rule("checks", "after", settings)).missing == missing


def test_a63_what_was_skipped_is_no_evidence() -> None:
    """A path filter that skips every job leaves nothing green: awaited, and told as skipped."""
    skipped = [
        Check("build", "skipped", "", "github-actions"),
        Check("test", "skipped", "", "github-actions"),
    ]
    reading = checks.read(skipped, green(("build",)))
    assert reading == ChecksReading(passed=0, missing=("build",), skipped=2)
    assert judge(reading) is Verdict.PENDING
    assert judge(checks.read(skipped, green())) is Verdict.PENDING


def test_a_long_list_is_signed_by_its_digest() -> None:
    """Two hundred names of a matrix would not fit beside every approval; another name is another basis all the same."""
    names = tuple(
        f"test (ubuntu-24.04, python 3.{minor}, shard {shard})" for minor in range(20) for shard in range(10)
    )
    assert len(green(names).basis) < 200
    assert green(names).basis != green((*names[:-1], "another")).basis
    assert green(names).basis != green((), names).basis


def test_the_order_of_names_is_not_a_change() -> None:
    """Approvals signed for [build, test] still hold when the catalog says [test, build]."""
    assert green(("build", "test")) == green(("test", "build"))


async def test_green_checks_are_met(outside: Outside) -> None:
    """Build, test and the coverage status of the SHA pass."""
    reading, link = await observe(green(("build", "test")), outside.view, None)
    assert reading == ChecksReading(passed=3)
    assert link


async def test_a63_zero_checks_are_awaited(outside: Outside) -> None:
    """A SHA of which nobody said anything is not green."""
    outside.has_no_checks()
    reading, link = await observe(green(), outside.view, None)
    assert (judge(reading), link) == (Verdict.PENDING, "")


async def test_a63_a_missing_required_check_is_awaited(outside: Outside) -> None:
    """A required check that never reported holds the gate."""
    reading, _ = await observe(green(("e2e",)), outside.view, None)
    assert reading == ChecksReading(passed=3, missing=("e2e",))
    assert judge(reading) is Verdict.PENDING


async def test_a_failed_check_is_unmet_and_linked(outside: Outside) -> None:
    """The link goes to the check that is red."""
    outside.says("lint-preview", "completed", "failure")
    reading, link = await observe(green(), outside.view, None)
    assert reading == ChecksReading(passed=3, failed=("lint-preview",))
    assert judge(reading) is Verdict.UNMET
    assert link


async def test_an_ignored_check_does_not_matter(outside: Outside) -> None:
    """A red check that the catalog ignores changes nothing."""
    outside.says("lint-preview", "completed", "failure")
    reading, _ = await observe(green(ignore=("lint-preview",)), outside.view, None)
    assert judge(reading) is Verdict.MET


async def test_a_running_check_is_awaited(outside: Outside) -> None:
    """A check that is still running holds the gate."""
    outside.says("e2e", "in_progress", None)
    reading, _ = await observe(green(), outside.view, None)
    assert reading == ChecksReading(passed=3, pending=("e2e",))


async def test_an_unreadable_vendor_is_not_swallowed(outside: Outside) -> None:
    """When GitHub fails, whoever performs the look hears of it."""
    outside.world.vendor_always["github"] = 503
    with pytest.raises(VendorError):
        await observe(green(), outside.view, None)
