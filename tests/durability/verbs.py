"""What people and vendors do in the short stories, again and again until something came of it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.domain.incident import Incident
from bot.domain.plan_notices import CARD
from bot.domain.promotion import Phase, Promotion
from bot.playground.slack.raw import elements_in
from bot.playground.world import Fault, RunMode
from tests.durability.life import A_WHILE, Life

DAY, HOUR = 86_400.0, 3600.0
TRY = "/promote checkout@v2.15.0 to dev because trying it out"


async def asks(life: Life, person: str, text: str, channel: str = "deploys") -> str:
    """Somebody asks for something until there is a promotion; its id."""
    known = set(life.promotions)
    await life.insists(lambda: life.types(person, text, channel), lambda: set(life.promotions) - known)
    (new,) = set(life.promotions) - known
    return new


async def ends(life: Life, promotion: str, *phases: Phase) -> Promotion:
    """Let time pass until a promotion is in one of these phases."""
    await life.until(lambda: life.promotions[promotion].phase in phases, f"{promotion} {phases}")
    return life.promotions[promotion]


async def approves(life: Life, promotion: str, *people: str) -> None:
    """Each of them presses Approve until it is recorded."""
    for person in people:
        await life.insists(
            lambda who=person: life.clicks(who, "Approve", promotion),  # type: ignore[misc]
            lambda who=person: who in {one.by for one in life.promotions[promotion].approvals},  # type: ignore[misc]
        )


async def says(life: Life, person: str, line: str, came_of_it: Callable[[], object]) -> None:
    """Somebody types a line until something came of it."""
    await life.insists(lambda: life.types(person, line), came_of_it)


def incident(life: Life, promotion: str) -> Incident:
    """The incident of a promotion that has one."""
    found = life.promotions[promotion].incident
    assert found is not None
    return found


def is_done(life: Life, promotion: str, effect: str) -> bool:
    """Whether an effect is recorded as done: what a bot came by last is not told when it dies elsewhere just then."""
    entry = life.promotions[promotion].ledger.get(effect)
    return entry is not None and entry.done is not None


def is_begun(life: Life, promotion: str, effects: str) -> bool:
    """Whether an effect whose key begins so was tried: one that a death made unclear may never be done."""
    ledger = life.promotions[promotion].ledger
    return any(key.startswith(effects) and entry.begun is not None for key, entry in ledger.items())


def shows(life: Life, promotion: str, words: str) -> bool:
    """Whether the card of a promotion, the one that is recorded, says these words."""
    entry = life.promotions[promotion].ledger.get(CARD)
    posted = life.playground.slack.messages(entry.channel) if entry and entry.channel else []
    return any(entry and one.ts == entry.ref and words in str(one.blocks) for one in posted)


async def is_lost(life: Life, mode: RunMode) -> str:
    """GitHub's answer to every dispatch is lost and no run is listed, until the outcome is unknown."""
    life.world.run.mode, life.world.run.lag, life.world.webhooks = mode, DAY, "lost"
    tried = await asks(life, "ana", TRY)
    await life.insists(lambda: a_while_passes(life), lambda: life.promotions[tried].phase is Phase.UNKNOWN)
    life.world.run.lag, life.world.webhooks = 0.0, "on"
    return tried


async def a_while_passes(life: Life) -> None:
    """More than the time after which a dispatch is given up as unknown."""
    life.passes(A_WHILE)


def fails(life: Life, path: str, faults: Iterable[Fault], method: str = "POST") -> None:
    """Let GitHub's next calls whose path ends so fail, one after the other."""
    waiting, seen = iter(faults), len(life.world.ledger)

    def notice() -> None:
        nonlocal seen
        ledger = life.world.ledger
        if len(ledger) == seen:
            return
        seen, asked = len(ledger), ledger[-1]
        if asked.vendor == "github" and asked.method == method and asked.path.endswith(path):
            life.world.vendor.setdefault("github", []).insert(0, next(waiting))

    life.world.listeners.append(notice)


async def opens_home(life: Life, person: str) -> None:
    """Somebody opens Home."""
    await life.play("home", {"as": person})


async def wants_letters(life: Life, person: str) -> None:
    """Somebody asks on their Home to be written to when their approval is needed."""
    view = (await life.play("click", {"as": person, "button": "Preferences", "within": 2.0})).get("view")
    await life.submits(person, view, letters=["reminders", "approvals"])


def is_written(life: Life, promotion: str) -> bool:
    """Whether some letter is recorded as written: one that a death made unclear never is."""
    ledger = life.promotions[promotion].ledger
    return any(is_done(life, promotion, key) for key in ledger if key.startswith("letter:"))


async def letters_are_tried(life: Life, promotion: str) -> None:
    """Let time pass until a letter is recorded as written, or both approvers' were begun since now."""
    since = life.world.clock.now()

    def tried() -> bool:
        ledger = life.promotions[promotion].ledger
        begun = [ledger[key].begun or 0.0 for key in ("letter:bo", "letter:cy") if key in ledger]
        return is_written(life, promotion) or (len(begun) == 2 and min(begun) >= since)

    await life.until(tried, "a letter")


async def another_service(life: Life) -> None:
    """Ana opens the form and chooses another service in it."""
    view = (await life.types("ana", "/promote checkout")).get("view")
    await life.submits("ana", view, service="storefront", environment="production", version="", reason="")


async def a_copy_is_clicked(life: Life, promotion: str) -> None:
    """Somebody presses Approve on a copy of the card that the bot does not know, when it can be pressed by now."""
    slack, workspace = life.playground.slack, life.playground.slack.workspace
    for card in [one for one in slack.messages("deploys") if one.text.startswith(f"{promotion}:")][:1]:
        copy = workspace.put(replace(card, ts=workspace.next_ts(), metadata=None, edits=0))
        for button in [one for one in elements_in(copy.blocks) if one.action_id == "approve"]:
            await slack.people.click(life.world.people["bo"], copy, button, {})


async def is_delivered_again(life: Life, event: str) -> None:
    """The last webhook of a kind, as GitHub sends it when somebody presses Redeliver."""
    for last in [one for one in life.playground.github.deliveries if one.event == event][-1:]:
        await life.delivers(event.partition(".")[0], json.loads(last.body))


async def a_stranger_runs(life: Life) -> None:
    """GitHub tells of a run in a repository that is not in the catalog."""
    run = {"id": 4711, "name": "deploy", "display_title": "deploy", "path": ".github/workflows/deploy.yml"}
    run |= {
        "event": "workflow_dispatch",
        "head_branch": "main",
        "status": "completed",
        "conclusion": "success",
    }
    run |= {"run_attempt": 1, "html_url": "https://github.com", "actor": {"login": "mallory"}}
    news = {
        "action": "completed",
        "workflow_run": run,
        "repository": {"id": 1, "full_name": "mallory/checkout"},
    }
    await life.delivers("workflow_run", news)
