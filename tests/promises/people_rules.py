"""What people do: ask, approve, say no, press what is there or what was there, twice, and again."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.face import Button
from tests.promises import judges
from tests.promises.bends import TAGS
from tests.promises.people import REASON
from tests.promises.stage import POSSIBLE, Stage

WISHES = (
    *POSSIBLE,
    ("checkout", "v2.15.0", "staging"),  # once it is in dev
    ("checkout", "v9.9.9", "dev"),  # there is no such version
)
people = st.sampled_from(("ana", "bo", "cy", "dee", "eli"))
managers = st.sampled_from(("bo", "cy", "dee"))
wishes = st.sampled_from(WISHES)
services = st.sampled_from(tuple(TAGS))
back = st.integers(0, 3)


class PeopleRules(Stage):
    """The hands of five people, and of Slack, which delivers again."""

    @rule(who=people, what=wishes, hostile=st.booleans())
    def asks(self, who: str, what: tuple[str, str, str], hostile: bool) -> None:
        """Somebody asks for a version."""
        service, version, environment = what
        reason = judges.HOSTILE if hostile else REASON
        self.types(who, f"/promote {service}@{version} to {environment} because {reason}")

    @rule(who=people, what=wishes, skip=st.booleans())
    def asks_by_form(self, who: str, what: tuple[str, str, str], skip: bool) -> None:
        """Somebody asks with the form, and may skip the health check."""
        reason = judges.HOSTILE if skip else ""
        self.said(f"{who} asks by form for {what}", self.do(self.people.asks_by_form(who, *what, reason)))

    @rule(who=people, service=services, environment=st.sampled_from(("production", "production", "staging")))
    def rolls_back(self, who: str, service: str, environment: str) -> None:
        """Somebody types a rollback."""
        self.types(who, f"/rollback {service} in {environment} because {judges.HOSTILE}")

    @rule(who=people, which=back)
    def approves(self, who: str, which: int) -> None:
        """Somebody types an approval."""
        self.speaks(who, "approve", which)

    @rule(who=people, which=back, action=st.sampled_from(("reject", "cancel", "cancel")))
    def says_no(self, who: str, which: int, action: str) -> None:
        """Somebody types a no, in words that hope to be markup."""
        self.speaks(who, action, which, f" because {judges.HOSTILE}")

    @rule(who=people, which=back)
    def looks_again(self, who: str, which: int) -> None:
        """Somebody asks for another look."""
        self.speaks(who, "retry", which)

    @rule(who=managers, which=st.integers(0, 8), times=st.sampled_from((1, 1, 2)))
    def presses(self, who: str, which: int, times: int) -> None:
        """Somebody presses a button that is there, perhaps twice."""
        shown = self.people.shown()
        if shown:
            self.press(who, shown[which % len(shown)], times)

    @rule(who=people, which=back, times=st.sampled_from((1, 2)))
    def presses_approve(self, who: str, which: int, times: int) -> None:
        """Somebody presses Approve on one of the newest cards."""
        shown = self.people.shown(action=Button.APPROVE)
        if shown:
            self.press(who, shown[which % len(shown)], times)

    @rule(who=people, which=st.integers(0, 39))
    def presses_what_is_old(self, who: str, which: int) -> None:
        """Somebody presses a button as it was shown some time ago."""
        old = self.people.remembered
        if old:
            self.press(who, old[-1 - which % len(old)], 1)

    @rule(who=managers, action=st.sampled_from((Button.REJECT, Button.ROLL_BACK, Button.ROLL_BACK)))
    def sends_a_form(self, who: str, action: Button) -> None:
        """Somebody rejects or rolls back with the form of the newest such button."""
        shown = self.people.shown(action=action)
        if shown:
            said = self.do(self.people.sends(who, shown[0], judges.HOSTILE))
            self.said(f"{who} sends {action.value} of {shown[0].promotion}", said)

    @rule(which=st.integers(0, 5))
    def slack_sends_again(self, which: int) -> None:
        """Slack delivers an earlier request once more."""
        self.do(self.people.sends_again(which))
        self.said(f"Slack sends its {which + 1}. newest request again")
