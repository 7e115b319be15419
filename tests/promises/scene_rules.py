"""Whole scenes in one step: a promotion that goes through while something is wrong, so that stories get far."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.playground.world import Vendor
from tests.promises.dark import rolls_back_in_the_dark
from tests.promises.stage import POSSIBLE, Stage
from tests.promises.witness import MOMENTS
from tests.promises.world_rules import ends_of_runs, faults, modes, services

possible = st.sampled_from((*POSSIBLE, POSSIBLE[0]))
flights = st.sampled_from((5, 30, 80))
moments = st.sampled_from((*sorted(MOMENTS), "a dispatch", "a dispatch"))  # where the most can go wrong
voices = st.sampled_from((("bo", "cy"), ("bo", "cy", "dee"), ("eli", "ana", "cy", "bo"), ("dee",), ("bo",)))


class SceneRules(Stage):
    """Somebody asks, others approve, and this time something is different."""

    @rule(who=st.sampled_from(("ana", "ana", "bo")), what=possible, approvers=voices, glances=flights)
    def is_deployed(self, who: str, what: tuple[str, str, str], approvers: Any, glances: int) -> None:
        """Asked for and approved, with the world as it is."""
        self.goes_through(who, what, approvers)
        self.goes_on(glances)

    @rule(what=possible, how=ends_of_runs, mode=modes, lag=st.sampled_from((0.0, 30.0)), glances=flights)
    def ends_so(self, what: Any, how: tuple[str, str | None], mode: Any, lag: float, glances: int) -> None:
        """The dispatch is answered, and the run ends, in such a way."""
        self.world.runs(*how, 4.0, mode, lag)
        self.said(f"runs: {how}, {mode}, listed after {lag} s")
        self.goes_through("ana", what, ("bo", "cy"))
        self.goes_on(glances)

    @rule(what=possible, moment=moments, nth=st.sampled_from((1, 1, 1, 2, 5)), glances=flights)
    def is_cut_off(self, what: Any, moment: str, nth: int, glances: int) -> None:
        """The bot dies in the middle of it, and is started again."""
        self.revives()
        self.witness.dooms(moment, nth)
        self.said(f"the bot will die at {moment}, the {nth}.")
        self.goes_through("ana", what, ("bo", "cy"))
        self.goes_on(glances)
        self.revives()
        self.goes_on(glances)

    @rule(
        what=possible, vendor=st.sampled_from(("slack", "github", "pagerduty")), fault=faults, glances=flights
    )
    def is_deployed_by_the_lame(self, what: Any, vendor: Vendor, fault: Any, glances: int) -> None:
        """A vendor breaks right after the approvals, and is well again after a while."""
        self.goes_through("ana", what, ("bo", "cy"))
        self.world.vendor(vendor, fault)
        self.said(f"{vendor} answers {fault}")
        self.goes_on(glances)
        self.world.vendor(vendor, None)
        self.said(f"{vendor} is well")

    @rule(who=st.sampled_from(("bo", "cy", "dee")), service=services)
    def is_rolled_back_in_the_dark(self, who: str, service: str) -> None:
        """Slack and PagerDuty are down, and a rollback is wanted at once."""
        self.revives()
        promotion, seconds = self.do(rolls_back_in_the_dark(self.world, self.people, who, service))
        self.said(f"{who} rolls {service} back in the dark", f"{promotion or 'nothing'} in {seconds:.0f} s")
