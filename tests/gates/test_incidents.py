"""The gate that asks PagerDuty whether an incident is open."""

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import GateRule, Verdict
from bot.domain.readings import IncidentsReading, OpenIncident, Unreadable
from bot.gates import incidents, observe
from tests.gates.conftest import Outside

OPEN = st.lists(st.builds(OpenIncident, st.integers(), st.text(), st.text())).map(tuple)


def none_open(severity: Literal["high", "any"] = "high") -> GateRule:
    return incidents.rule("incidents", "after", incidents.Settings(severity))


@given(OPEN)
def test_only_no_incident_is_met(found: tuple[OpenIncident, ...]) -> None:
    """One open incident is enough to wait."""
    expected = Verdict.UNMET if found else Verdict.MET
    assert incidents.judge(IncidentsReading(found)) is expected


def test_a_look_that_failed_is_not_a_yes() -> None:
    """What could not be read does not pass."""
    assert incidents.judge(Unreadable("PagerDuty answered 500")) is Verdict.UNMET


async def test_no_open_incident_is_met(outside: Outside) -> None:
    """A quiet service passes."""
    assert await observe(none_open(), outside.view, None) == (IncidentsReading(), "")


async def test_an_open_incident_is_unmet_and_linked(outside: Outside) -> None:
    """The reading names the incident, the link opens it."""
    outside.pagerduty.open_incident("checkout", "critical", "refunds fail")
    reading, link = await observe(none_open(), outside.view, None)
    assert isinstance(reading, IncidentsReading)
    assert [incident.title for incident in reading.open] == ["refunds fail"]
    assert link == reading.open[0].url


async def test_severity_says_which_incidents_count(outside: Outside) -> None:
    """A low-urgency incident matters to `any` and not to `high`."""
    outside.pagerduty.open_incident("checkout", "info", "disk at 70 %")
    high, _ = await observe(none_open("high"), outside.view, None)
    every, _ = await observe(none_open("any"), outside.view, None)
    assert (incidents.judge(high), incidents.judge(every)) == (Verdict.MET, Verdict.UNMET)


async def test_a63_a_service_without_pagerduty_is_not_met(outside: Outside) -> None:
    """Nothing to ask is not the same as nothing open."""
    alone = outside.service_with(pagerduty=None)
    reading, _ = await observe(none_open(), alone, None)
    assert reading == Unreadable("checkout has no PagerDuty service in the catalog")
