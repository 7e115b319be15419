"""Refusals: every one has a code, a sentence without blame, and a next step."""

import re
from collections.abc import Sequence
from typing import get_args

import pytest
from inline_snapshot import snapshot

from blocks import replies
from blocks.words import code, refusal
from bot.domain import errors
from bot.domain.errors import Refusal
from bot.domain.promotion import Phase
from tests.blocks.faces import ANA, ASKED, BO, CY
from tests.blocks.judge import assert_message

PATH = ("dev", "staging", "production")
SERVICES = ("checkout", "inventory", "storefront")
REFUSED: Sequence[Refusal] = (
    errors.UnknownService("chekout", "checkout", SERVICES),
    errors.UnknownService("zzz", None, ("checkout",)),
    errors.UnknownEnvironment("checkout", "prod", "production", PATH),
    errors.UnknownEnvironment("checkout", "qa", None, PATH),
    errors.BadVersion("v1;rm -rf"),
    errors.CannotParse("on staging for checkout", "/promote checkout to staging"),
    errors.CannotParse("", ""),
    errors.ReasonNeeded("reject", 1, "/promote reject P-142 because not ready"),
    errors.ReasonNeeded("request", 8, ""),
    errors.UnknownGate("P-142", "smok", ("checks", "health")),
    errors.NotInPeople("U0EVE"),
    errors.Stranger(),
    errors.NotChecked("membership"),
    errors.TooFast("", 0.4),
    errors.TooFast("checkout", 42.0),
    errors.NotAllowed("rollback", ("owner", "release-managers"), (BO, CY)),
    errors.NotAllowed("skip the wait of", (), (), "P-142"),
    errors.NotApprover("P-142", "production", ("release-managers",), ("payments",), (CY,)),
    errors.NotApprover("P-142", "production", ("release-managers",), (), ()),
    errors.SelfApproval("P-142", (BO, CY)),
    errors.AuthorApproval("P-142", ("#812", "3f2a9c1"), (CY,)),
    errors.AuthorApproval("P-142", (), (BO, CY)),
    errors.SharedChannel("P-142", "C0DEPLOYS"),
    errors.NotChecked("channel"),
    errors.NoSuchPromotion("P-999"),
    errors.WrongPhase("P-142", "retry", Phase.SUCCEEDED, "/promote checkout@v2.14.3 to production"),
    errors.WrongPhase("P-142", "skipwait", Phase.DEPLOYING),
    errors.AlreadyDecided("P-142", Phase.DEPLOYING, (BO, CY), ASKED),
    errors.AlreadyDecided("P-142", Phase.EXPIRED, (), ASKED),
    errors.AlreadyApproved("P-142", 1, 2),
    errors.AlreadyApproved("P-142", 2, 2),
    errors.NotReadyForApproval("P-142", ("health",), ("checks",)),
    errors.NotReadyForApproval("P-142", (), ()),
    errors.StaleCard("P-142", ("gate health",)),
    errors.StaleCard("P-142", ()),
    errors.StrangeSurface("P-142"),
    errors.TooManyApprovals("P-142"),
    errors.AlreadyAsked("P-142", ANA),
    errors.AlreadyLive("checkout", "production", "v2.14.3", ASKED, "P-139"),
    errors.NothingToRollBack("checkout", "production"),
    errors.NothingToRollBack("checkout", "production", ("v2.14.2", "v2.14.1"), "v1"),
    errors.NoIncident("P-142"),
    errors.IncidentOver("P-142", CY, ASKED),
    errors.IncidentOver("P-142", None, ASKED),
    errors.TooManyNotes("P-142", 20),
    errors.ServesAnother("checkout", "production", "v2.14.4", "P-144", "P-142"),
    errors.ServesAnother("checkout", "production", "v2.14.4", ""),
    errors.ServesAnother("checkout", "production", "", ""),
    errors.RunMissing("P-142", "8840"),
)
BLAME = re.compile(
    r"\b(error|invalid|illegal|wrong|failed to|you must|you should|oops|sorry|forbidden|denied)\b", re.I
)
NEXT_STEP = re.compile(r"`/|Ask |Try |Look again|An admin|Copy |send it again|somebody|next step", re.I)
CODE = re.compile(r"`[^`]*`")
END = re.compile(r"[.?!](?=\s|$)")


def _ids(refused: Refusal) -> str:
    return type(refused).__name__


def test_every_refusal_of_the_domain_is_covered_here() -> None:
    """A new refusal needs its words before it can be merged."""
    assert {type(one) for one in REFUSED} == set(get_args(Refusal))


def test_every_code_belongs_to_one_refusal() -> None:
    """A code in a screenshot leads to one rule."""
    codes = {code(one): type(one) for one in REFUSED}
    assert len(codes) == len(get_args(Refusal))


@pytest.mark.parametrize("refused", REFUSED, ids=_ids)
def test_a_refusal_blames_nobody_and_tells_the_next_step(refused: Refusal) -> None:
    """R14: what was refused, the rule, who can unblock it, and what to do next, in three sentences at most."""
    words = refusal(refused)
    assert BLAME.findall(words) == []
    assert NEXT_STEP.search(words), words
    assert len(END.findall(CODE.sub("", words))) <= 3, words


@pytest.mark.parametrize("refused", REFUSED, ids=_ids)
def test_a_refusal_is_a_message_with_its_code_in_small_letters(refused: Refusal) -> None:
    """The code is there for whoever asks for help, below the sentence."""
    rendition = replies.refused(refused)
    [blocks] = rendition.rungs
    assert_message(rendition.text, blocks)
    assert code(refused) in str(blocks[-1])
    assert code(refused) not in rendition.text


def test_the_sentences() -> None:
    """What people read, one line each."""
    assert [f"{code(one)} {refusal(one)}" for one in REFUSED] == snapshot(
        [
            "E01 I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3.",
            "E01 I do not know a service called “zzz”. `/promote status all` lists those I know.",
            "E02 checkout has no environment “prod”. Its path is dev › staging › production. Try `/promote checkout to production`.",
            "E02 checkout has no environment “qa”. Its path is dev › staging › production. Try `/promote checkout to production`.",
            "E29 “v1;rm -rf” cannot be a tag, a branch or a commit. Name one that exists, as in `/promote checkout@v2.14.3 to production`.",
            "E27 I did not understand “on staging for checkout”. Did you mean `/promote checkout to staging`?",
            "E27 Something is missing. Did you mean `/promote help`?",
            "E30 A reason is needed to reject: whoever reads the audit log later relies on it. For example: `/promote reject P-142 because not ready`",
            "E30 A reason of at least 8 characters is needed to request: whoever reads the audit log later relies on it. Write one and send it again.",
            "E31 P-142 has no gate “smok”. Its gates are checks and health; `/promote why P-142` shows them.",
            "E32 I do not know <@U0EVE>, so nothing was done. An admin can add the Slack id `U0EVE` under `people` in the catalog.",
            "E46 I take requests from full members of this workspace only, so nothing was done. Ask somebody of the owner team to do it with you.",
            "E34 I do not know yet whether you are on a team that may do that, and I let nobody through unchecked. I am reading the team: try again in a few seconds.",
            "E47 You ask faster than I take requests from one person, so this was not recorded. Try again in 1 s.",
            "E47 checkout is being asked for too much at this moment, so this was not recorded. Try again in 42 s; a rollback still goes through.",
            "E33 You cannot roll back: that needs the owner team or release-managers. Ask one of @bo or @cy.",
            "E33 You cannot skip the wait of P-142: that needs a role that nobody has in the catalog. An admin can name somebody in the catalog.",
            "E07 You cannot approve P-142. production needs release-managers; you are in payments. Ask @cy.",
            "E07 You cannot approve P-142. production needs release-managers; you are in none of them. Ask somebody of release-managers.",
            "E08 You asked for P-142, so someone else must approve it (rule `self_approval`). Ask one of @bo or @cy.",
            "E52 You wrote #812 and 3f2a9c1 in P-142, so someone else must approve it (rule `author_approval`). Ask @cy.",
            "E52 You wrote some of what changes in P-142, so someone else must approve it (rule `author_approval`). Ask one of @bo or @cy.",
            "E56 <#C0DEPLOYS> is shared with another company, so P-142 was not approved there. Approve it on my Home. An admin can end the sharing.",
            "E34 I do not know yet whether this channel is shared with another company, so nothing was approved. I am looking: try again in a few seconds, or approve on my Home.",
            "E35 I know no promotion “P-999”. `/promote status` lists what is on its way.",
            "E36 I cannot retry P-142: it has succeeded. Try `/promote checkout@v2.14.3 to production`.",
            "E36 I cannot skip the wait of P-142: it is being deployed. `/promote why P-142` tells what comes next.",
            "E09 P-142 is being deployed since <!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC>, decided by @bo and @cy. Nothing was changed now; `/promote why P-142` tells more.",
            "E09 P-142 has expired <!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC>. Nothing was changed now; `/promote why P-142` tells more.",
            "E37 You have approved P-142 already; it has 1 of 2. Somebody else’s approval is the next step.",
            "E37 You have approved P-142 already, and it has all 2 it needs. `/promote why P-142` tells what comes next.",
            "E38 P-142 cannot be approved yet: checks did not pass, health still to be seen. `/promote why P-142` shows each rule.",
            "E38 P-142 cannot be approved yet: its evidence is not complete. `/promote why P-142` shows each rule.",
            "E10 This card of P-142 was out of date, so I have refreshed it and done nothing else. Different now: gate health. Look again before you press.",
            "E10 This card of P-142 was out of date, so I have refreshed it and done nothing else. Look again before you press.",
            "E39 This is a copy of the card of P-142, so its buttons do nothing. `/promote why P-142` leads to the real one.",
            "E40 P-142 holds 20 approvals already, the most it can. If it is stuck, cancel it and ask again; `/promote why P-142` tells what it waits for.",
            "E42 P-142 asks for the same thing already (asked by @ana). `/promote why P-142` tells what it waits for.",
            "E04 checkout production already runs v2.14.3 since <!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC> (P-139). Nothing to do; `/promote status checkout` shows the rest.",
            "E23 There is no earlier verified release of checkout in production that I recorded. Promote a version that works instead: `/promote checkout`",
            "E23 v1 is no verified release of checkout in production that I recorded. Choose v2.14.2 or v2.14.1: `/rollback checkout in production to v2.14.2 because …`",
            "E53 P-142 has no incident, so nothing was done: a promotion gets one when its deploy fails. Check which one you mean; `/promote why P-142` tells how this one stands.",
            "E54 The incident of P-142 was resolved by @cy <!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC>, so nothing was changed. Write what is worth keeping with `/promote note P-142 …`; another failure opens another incident.",
            "E54 The incident of P-142 was resolved <!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC>, so nothing was changed. Write what is worth keeping with `/promote note P-142 …`; another failure opens another incident.",
            "E55 P-142 holds 20 notes already and has no room for this one, so it was not kept. Try a message of your own below the incident’s card: everybody reads it there.",
            "E51 P-142 does not serve any more: v2.14.4 (P-144) serves checkout in production now. To roll that back: `/rollback checkout in production`",
            "E51 v2.14.4 serves checkout in production now. To roll that back: `/rollback checkout in production`",
            "E51 Nobody knows what serves checkout in production now. To roll that back: `/rollback checkout in production`",
            "E41 “8840” is no run that P-142 could have started. Copy the run’s number from its page in GitHub and try again.",
        ]
    )
