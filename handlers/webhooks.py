"""What GitHub and PagerDuty send on their own: a wake-up, and progress. The end of a run is read, not believed."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable

from bot.deploys.workflow import fits, is_by, is_followed, is_ours, repos_of
from bot.domain.incident_messages import IncidentAnnounced
from bot.domain.messages import Fact, RunNotOurs, RunSeen, Woken
from bot.domain.promotion import Phase, Promotion
from bot.ports import Repository, RunLook, VendorError
from bot.service import Service, Unavailable
from bot.store.protocol import Store, StoreDown
from handlers.news import JobNews, RunNews, incident_news, job_news, run_news
from handlers.outside import Outside
from handlers.payloads import Malformed

log = logging.getLogger(__name__)
ASKING = 3.0  # seconds in which GitHub tells who we are, once: it waits ten for the answer to a delivery
ACCEPTED, MALFORMED, UNAVAILABLE = 202, 400, 503


async def github(
    service: Service,
    store: Store,
    repos: Callable[[], frozenset[str]],
    event: str,
    body: bytes,
    repository: Repository,
    outside: Outside,
) -> int:
    """One GitHub delivery: the status to answer. What is not about our runs is accepted and ignored."""
    try:
        if event == "workflow_run":
            news = run_news(body)
            promotion = await _promotion_of(store, news.run_id, news.title)
            if promotion is None:
                await outside.seen(news, repository.login)
            return await _run(service, promotion, repos(), news, repository)
        if event == "workflow_job":
            return await _job(service, store, repos(), job_news(body))
    except Malformed:
        return MALFORMED
    except StoreDown as down:
        return _down(down)
    return ACCEPTED


async def pagerduty(service: Service, store: Store, body: bytes) -> int:
    """One PagerDuty delivery about an incident of ours: its promotion looks again, and reads what it tells of."""
    try:
        news = incident_news(body)
    except Malformed:
        return MALFORMED
    promotion = news.key.rpartition("/")[2] if news.key.startswith("greenlight/") else ""
    try:
        if promotion and await store.load(promotion) is not None:
            fact = IncidentAnnounced(promotion) if news.changes_status else Woken(promotion)
            return _status(await service.handle(fact))
    except StoreDown as down:
        return _down(down)
    return ACCEPTED


async def _ignored(service: Service, what: str, subject: str, why: str) -> int:
    """A true message that changes nothing is accepted once that is written down."""
    await service.records.ignored(what, subject, why)
    return ACCEPTED


def _down(down: StoreDown) -> int:
    log.warning("store down", extra={"why": str(down)})
    return UNAVAILABLE


async def _run(
    service: Service,
    promotion: Promotion | None,
    repos: frozenset[str],
    news: RunNews,
    repository: Repository,
) -> int:
    """A run is ours by what was dispatched, also when the catalog names another repository by now."""
    may_be_ours = promotion is not None and _may_be_ours(news, promotion)
    me = await _login(repository) if may_be_ours else repository.login
    if promotion is not None and is_ours(_look(news), news.repo, promotion, me):
        return _status(await service.handle(_seen(promotion, news)))
    if news.repo.casefold() not in repos:
        return await _ignored(service, "webhook", news.repo, "not in the catalog")
    if promotion is None:
        return ACCEPTED
    if not me and may_be_ours:
        return _status(await service.handle(Woken(promotion.id)))
    return await _not_ours(service, promotion, news, me)


def _may_be_ours(news: RunNews, promotion: Promotion) -> bool:
    """Whether only who started it is open."""
    return fits(_look(news), news.repo, promotion) and not is_followed(_look(news), promotion)


async def _login(repository: Repository) -> str:
    """Who we are in GitHub. As long as it does not tell, a run that is new to us is left to the next look."""
    try:
        async with asyncio.timeout(ASKING):
            return repository.login or await repository.me()
    except (VendorError, TimeoutError):
        return ""


async def _not_ours(service: Service, promotion: Promotion, news: RunNews, me: str) -> int:
    """It carries our correlation id and is not our run: written down, and told when somebody else started it."""
    log.warning("run is not ours", extra={"promotion": promotion.id, "run": news.run_id})
    if me and not is_by(_look(news), me):
        answer = await service.handle(RunNotOurs(promotion.id, news.run_id, news.starter))
        if isinstance(answer, Unavailable):
            return UNAVAILABLE
    why = f"{news.repo} run {news.run_id} carries its correlation id but is not its run"
    return await _ignored(service, "run", promotion.id, why)


async def _job(service: Service, store: Store, repos: frozenset[str], news: JobNews) -> int:
    """Steps of a job that is the run's only one so far; several jobs are read from the API instead."""
    found = await store.find_by_run(news.run_id)
    promotion = await store.load(found) if found else None
    is_its_repo = promotion is not None and _is_from(news.repo, promotion)
    if not is_its_repo and news.repo.casefold() not in repos:
        return await _ignored(service, "webhook", news.repo, "not in the catalog")
    if promotion is None or not news.steps or promotion.phase is Phase.UNKNOWN:
        # A job proves nothing, and while the outcome is unknown the run is only somebody's word.
        return ACCEPTED
    if not is_its_repo or not _tells_all(news, promotion):
        return ACCEPTED
    fact = RunSeen(
        promotion=promotion.id,
        source="webhook",
        run_id=news.run_id,
        url="",
        status="in_progress" if news.status != "queued" else "queued",
        conclusion="",
        attempt=news.attempt,
        actor="",
        steps=news.steps,
    )
    return _status(await service.handle(fact))


def _is_from(repo: str, promotion: Promotion) -> bool:
    """Whether a delivery comes from the run's repository; another one of ours must not speak for it."""
    return repo.casefold() in {one.casefold() for one in repos_of(promotion)}


def _tells_all(news: JobNews, promotion: Promotion) -> bool:
    """Whether a job's steps are the run's: those of one job among several must not take the others' place."""
    known = promotion.run.steps if promotion.run.attempt == news.attempt else ()
    told = (
        news.job,
        *(step.name for step in news.steps),
    )  # a job that is queued stands there by its own name
    return not Counter(step.name for step in known) - Counter(told)


async def _promotion_of(store: Store, run_id: int, title: str) -> Promotion | None:
    """By the run where it is known, else by the correlation id that its name carries."""
    found = await store.find_by_run(run_id)
    if found is None:
        for word in title.replace("(", " ").replace(")", " ").split():
            if len(word) == CORRELATION_LENGTH:
                found = await store.find_by_correlation(word)
            if found is not None:
                break
    return await store.load(found) if found is not None else None


CORRELATION_LENGTH = 32  # hex characters of a 128-bit nonce


def _look(news: RunNews) -> RunLook:
    return RunLook(
        run_id=news.run_id,
        url=news.url,
        status=news.status,
        conclusion=news.conclusion,
        attempt=news.attempt,
        path=news.path,
        event=news.event,
        branch=news.branch,
        title=news.title,
        actor=news.actor,
        created=0.0,
        starter=news.starter,
    )


def _seen(promotion: Promotion, news: RunNews) -> Fact:
    return RunSeen(
        promotion=promotion.id,
        source="webhook",
        run_id=news.run_id,
        url=news.url,
        status=news.status,
        conclusion=news.conclusion,
        attempt=news.attempt,
        actor=news.actor,
        steps=None,
        repo=news.repo,
    )


def _status(answer: object) -> int:
    """What was not stored is not acknowledged, so that it can be sent again."""
    return UNAVAILABLE if isinstance(answer, Unavailable) else ACCEPTED
