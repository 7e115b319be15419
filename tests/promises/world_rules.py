"""What the outside does: vendors break, webhooks stray, runs fail, tags move, rules change, time jumps, the bot dies."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.playground.world import Fault, Vendor
from tests.promises.bends import TAGS
from tests.promises.stage import Stage
from tests.promises.witness import MOMENTS
from tests.promises.written import ON_CALL, Rules

services = st.sampled_from(tuple(TAGS))
faults = st.sampled_from((429, 500, "accept-then-502", 503))
ends_of_runs = st.sampled_from(
    (("success", None), ("success", None), ("failure", "smoke"), ("failure", "roll out"), ("cancelled", None))
)
modes = st.sampled_from(
    ("ok", "ok", "204", "accept-then-502", "accept-then-reset", "accept-then-hang", "502", "422", "lag")
)
rules_written = st.builds(
    Rules,
    count=st.sampled_from((2, 2, 1)),
    managers=st.sampled_from((("bo", "cy"), ("bo", "cy", "dee"), ("cy", "dee"))),
    wait=st.sampled_from((10, 60)),
    attempts=st.sampled_from((3, 2)),
) | st.just(Rules(count=1, team=ON_CALL))


class WorldRules(Stage):
    """Everything around the bot, as it can go wrong, and the bot's own deaths."""

    @rule(mode=st.sampled_from(("on", "lost", "doubled", "late")))
    def webhooks_travel(self, mode: Any) -> None:
        """Webhooks are lost, doubled, late or well from now on."""
        self.world.webhooks(mode)
        self.said(f"webhooks: {mode}")

    @rule(which=st.integers(0, 5))
    def github_sends_again(self, which: int) -> None:
        """An older event arrives after the newer ones."""
        self.world.redelivers(which)
        self.said(f"GitHub sends its {which + 1}. newest event again")

    @rule(vendor=st.sampled_from(("slack", "github", "pagerduty")), fault=faults)
    def vendor_breaks(self, vendor: Vendor, fault: Fault) -> None:
        """A vendor is down from now on."""
        self.world.vendor(vendor, fault)
        self.said(f"{vendor} answers {fault}")
        self.goes_on(10)

    @rule(vendor=st.sampled_from(("slack", "github", "pagerduty", "github", "slack")))
    def vendor_is_well(self, vendor: Vendor) -> None:
        """A vendor is well again."""
        self.world.vendor(vendor, None)
        self.said(f"{vendor} is well")

    @rule(
        how=ends_of_runs,
        seconds=st.sampled_from((2.0, 15.0, 300.0)),
        mode=modes,
        lag=st.sampled_from((0.0, 5.0, 30.0)),
    )
    def next_runs(self, how: tuple[str, str | None], seconds: float, mode: Any, lag: float) -> None:
        """How dispatches and runs go from now on."""
        self.world.runs(*how, seconds, mode, lag)
        self.said(f"runs: {how}, {seconds} s, {mode}, listed after {lag} s")

    @rule(
        service=services,
        place=st.sampled_from(("staging", "production")),
        status=st.sampled_from(("ok", "failing", "wrong-version", "ok")),
    )
    def health_is(self, service: str, place: str, status: str) -> None:
        """What a service says of itself."""
        self.story.world.health[service, place] = status
        self.said(f"{service} in {place} is {status}")

    @rule(service=services, conclusion=st.sampled_from(("failure", "success")))
    def build_says(self, service: str, conclusion: str) -> None:
        """The build of what is asked for says something else."""
        self.world.breaks_check(service, conclusion)
        self.said(f"the build of {service} says {conclusion}")

    @rule(service=services, opens=st.booleans())
    def incident(self, service: str, opens: bool) -> None:
        """An incident opens, or all are resolved."""
        if opens:
            self.world.has_incident(service)
        else:
            self.world.resolves_incidents()
        self.said(f"an incident of {service} opens" if opens else "incidents are resolved")

    @rule(service=services)
    def tag_moves(self, service: str) -> None:
        """The tag that people ask for names another commit."""
        self.world.moves_tag(service)
        self.said(f"{service} {TAGS[service][0]} is {self.witness.meant[service, TAGS[service][0]][-1][:7]}")

    @rule(who=st.sampled_from(("ana", "dee")))
    def takes_the_pager(self, who: str) -> None:
        """Somebody else is on call."""
        self.story.playground.pagerduty.puts_on_call(who)
        self.said(f"{who} is on call")

    @rule(rules=rules_written)
    def edits_the_rules(self, rules: Rules) -> None:
        """Somebody edits the catalog."""
        self.do(self.world.edits_catalog(rules))
        self.said(f"the rules are {rules}")

    @rule(seconds=st.sampled_from((1.0, 6.0, 20.0, 190.0, 1900.0, 3600.0, 15_000.0)))
    def time_jumps(self, seconds: float) -> None:
        """That much time passes in one go."""
        self.story.passes(seconds)
        self.said(f"{seconds:.0f} s pass")
        self.goes_on(5)

    @rule(glances=st.sampled_from((10, 40, 80)))
    def time_flies(self, glances: int) -> None:
        """Everything takes its course for a while."""
        self.goes_on(glances)
        self.said(f"{glances} glances")

    @rule(seconds=st.sampled_from((0.0, 0.0, 200.0, -200.0, 600.0, -600.0)))
    def clock_is_wrong(self, seconds: float) -> None:
        """The host's clock is wrong by so much, or right again."""
        self.story.clock.ahead = seconds
        self.said(f"the host's clock is {seconds:+.0f} s")

    @rule()
    def dies(self) -> None:
        """The process is gone."""
        if not self.story.is_dead:
            self.witness.deaths += 1
        self.witness.spares()
        self.do(self.world.dies())
        self.said("the bot dies")

    @rule(moment=st.sampled_from(sorted(MOMENTS)), nth=st.integers(1, 4))
    def will_die_at(self, moment: str, nth: int) -> None:
        """The process will be gone at such a moment, in the middle of something."""
        self.witness.dooms(moment, nth)
        self.said(f"the bot will die at {moment}, the {nth}.")

    @rule()
    def starts(self) -> None:
        """The process is started again."""
        self.revives()

    @rule()
    def is_restarted(self) -> None:
        """An upgrade: asked to stop, started again."""
        self.revives()
        self.witness.spares()
        self.do(self.world.hurries(self.story.bot_stops()))
        self.do(self.world.starts())
        self.said("the bot is restarted")
