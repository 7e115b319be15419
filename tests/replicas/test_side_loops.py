"""What replicas do beside promotions: adoptions, deploys beside Greenlight, teams. Each is told once, and none is lost
with the replica that was asked."""

from tests.replicas.crew import Crew
from tests.replicas.judge import said_twice
from tests.stories.deploys import is_asked
from tests.stories.rules import rules_change
from tests.stories.said import heard
from tests.stories.vendors import comes_back, goes_down

ADOPT = "/promote adopt inventory@v1.0.0 in production because it was live before Greenlight"
RECORDED = "Recorded: inventory production runs v1.0.0. Nothing was deployed; a rollback can go back to it."
OTHERS = "  other-team:       {members: [eli]}"
SRE = {
    OTHERS: f"{OTHERS}\n  sre:              {{github_team: acme/managers}}",
    "from: release-managers": "from: sre",
}


async def test_f26_an_adoption_is_recorded_and_told_once(three: Crew) -> None:
    """F26: GitHub is down when Bo adopts, and for all the time in which three replicas look: one record, told once."""
    goes_down(three, "github")
    await three.bo.types(ADOPT)
    for _ in range(4):
        three.passes(25.0)
        await _tries_again(three)
    comes_back(three, "github")
    await three.sees(lambda: RECORDED in heard(three.bo), "the answer")
    for _ in range(3):
        three.passes(70.0)
        await three.rests()

    assert heard(three.bo).count(RECORDED) == 1
    assert await _adopted(three) == 1


async def test_f03_an_adoption_outlives_the_replica_that_was_asked(three: Crew) -> None:
    """F03: the replica that said it would look v1.0.0 up dies before GitHub answers: another one does it, and tells."""
    goes_down(three, "github")
    await three.bo.types(ADOPT)
    (asked,) = [one for one in three.replicas if one.port == three.front.asked("/slack/events")[-1]]
    await _tries_again(three)
    await asked.dies()
    comes_back(three, "github")
    await three.sees(lambda: RECORDED in heard(three.bo), "the answer of another")

    assert heard(three.bo).count(RECORDED) == 1
    assert await _adopted(three) == 1


async def test_f26_f47_a_deploy_beside_greenlight_is_told_once(three: Crew) -> None:
    """F26, F47: Eli starts the workflow in GitHub, and each webhook of it comes twice, to two replicas: told once."""
    three.world.webhooks = "doubled"
    three.world.run.seconds = 5.0
    inputs = {"service": "checkout", "environment": "dev", "version": "v2.14.2", "correlation_id": "theirs"}
    three.playground.github.starts_run("checkout", "deploy.yml", "eli-dev", inputs)
    await three.sees(lambda: len(three.front.asked("/github/webhooks")) >= 6, "all webhooks")
    await three.sees(lambda: len(three.messages()) >= 1, "the message")
    await three.rests()

    assert len(set(three.front.asked("/github/webhooks"))) == len(three.replicas)
    assert len(three.messages()) == 1
    assert said_twice(three) == []


async def test_f26_a_team_that_is_looked_at_by_one_is_known_to_all(three: Crew) -> None:
    """F26: approvers are a GitHub team: it is read once for three replicas, and whoever is in it may approve at each."""
    three.playground.github.shelf.teams["managers"] = ["bo-dev", "cy-dev"]
    await rules_change(three, SRE)
    await three.sees(lambda: _know(three), "the new rules everywhere")
    three.world.run.seconds = 2.0
    await is_asked(three)
    await three.rests()
    assert len(three.asked("github", "/teams/managers", "GET")) == 1
    for replica, person in zip(three.replicas, (three.bo, three.cy), strict=False):
        three.front.next_is(replica.port)
        await person.types("/promote approve P-1")
    await three.until("P-1", "succeeded")
    await three.settles()

    assert len(three.dispatches()) == len(three.runs) == 1
    assert said_twice(three) == []


def _know(crew: Crew) -> bool:
    digests = {one.bot.catalog.current.digest for one in crew.replicas}
    return len(digests) == 1


async def _tries_again(crew: Crew) -> None:
    """GitHub is asked once more for the version."""
    before = _lookups(crew)
    await crew.sees(lambda: _lookups(crew) > before, "another try")


def _lookups(crew: Crew) -> int:
    return len(crew.asked("github", "/acme/inventory"))


async def _adopted(crew: Crew) -> int:
    """How often the version was recorded as live, by the audit log."""
    rows = await crew.bot.store.audit(0, 100_000)
    return len([row for row in rows if row.action == "adopt" and "v1.0.0" in row.detail])
