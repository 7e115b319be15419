"""GitHub's answers and silences: each is a definite no, a no for now, nothing done, or nobody knows."""

import asyncio
import json
import time

import pytest

from bot.adapters.github import GitHubRepository
from bot.adapters.github_steps import MOST_STEPS, Job, JobStep, steps_of
from bot.ports import Limited, Refused, Resolved, Unclear, Unreachable, VendorError
from tests.adapters.scripted import Said, Vendor, nobody, vendor

SECONDARY = '{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}'


def at(github: Vendor, deadline: float = 2.0) -> GitHubRepository:
    return GitHubRepository("ghp_x", base_url=github.url, deadline=deadline, now=lambda: 1_000.0)


async def dispatched(said: Said, deadline: float = 2.0) -> tuple[VendorError, list[str]]:
    """The error of a dispatch that got this answer, and the methods that the wire saw."""
    async with vendor(said) as github, at(github, deadline) as repository:
        with pytest.raises(VendorError) as raised:
            await repository.dispatch("acme/checkout", "deploy.yml", "main", {"sha": "1"})
    return raised.value, [heard.method for heard in github.heard]


async def test_a_token_that_no_header_can_carry_is_no_limit() -> None:
    """Nothing is sent, nobody waits, and the error does not hold the token."""
    async with (
        vendor(Said(200, "{}")) as github,
        GitHubRepository("ghp_…", base_url=github.url) as repository,
    ):
        with pytest.raises(Refused) as raised:
            await repository.dispatch("acme/checkout", "deploy.yml", "main", {"sha": "1"})
    assert github.heard == []
    assert raised.value.code == "unsendable"
    assert raised.value.__cause__ is None
    assert "ghp_" not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Said(400, '{"message": "Problems parsing JSON"}'), Refused),
        (Said(401, '{"message": "Bad credentials"}'), Refused),
        (Said(403, '{"message": "Resource not accessible"}'), Refused),
        (Said(403, '{"message": "ok"}', {"X-RateLimit-Remaining": "17"}), Refused),
        (Said(404, "<html>", {"Content-Type": "text/html"}), Refused),
        (Said(409, "[]"), Refused),
        (Said(422, "7"), Refused),
        (Said(301, '{"message": "Moved"}', {"Location": "/elsewhere"}), Refused),
        (Said(307, "", {"Location": "/elsewhere"}), Refused),
        (Said(429, "{}"), Limited),
        (Said(429, "{}", {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), Limited),
        (Said(403, SECONDARY), Limited),
        (Said(403, "{}", {"Retry-After": "5"}), Limited),
        (Said(403, "{}", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1060"}), Limited),
        (Said(403, "{}", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}), Limited),
        (Said(408, "{}"), Unclear),
        (Said(500, "{}"), Unclear),
        (Said(502, "<html>"), Unclear),
        (Said(503, "{}", {"Retry-After": "5"}), Unclear),
        (Said(200, "{"), Unclear),
        (Said(200, "[]"), Unclear),
        (Said(200, '{"workflow_run_id": "soon"}'), Unclear),
        (Said(end="close"), Unclear),
    ],
)
async def test_f38_f41_f63_dispatch_is_sent_once_and_its_answer_has_an_error(
    said: Said, error: type[VendorError]
) -> None:
    """Whatever GitHub answers to a dispatch, the wire saw one POST, and the error says what it means."""
    raised, methods = await dispatched(said)
    assert type(raised) is error
    assert methods == ["POST"]


async def test_f39_dispatch_that_is_never_answered_is_unclear_within_the_deadline() -> None:
    """Our own deadline ends the wait; the POST is not repeated."""
    started = time.monotonic()
    raised, methods = await dispatched(Said(end="hang"), deadline=0.5)
    assert type(raised) is Unclear
    assert methods == ["POST"]
    assert time.monotonic() - started < 5


async def test_github_that_is_not_there_was_never_reached() -> None:
    """A refused connection means that nothing was started."""
    async with GitHubRepository("ghp_x", base_url=nobody()) as repository:
        with pytest.raises(Unreachable):
            await repository.dispatch("acme/checkout", "deploy.yml", "main", {})


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0"}, 1.0),
        ({"Retry-After": "36000"}, 900.0),
        ({"Retry-After": "soon"}, 60.0),
        ({}, 60.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1200"}, 200.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "900"}, 1.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999"}, 900.0),
    ],
)
async def test_f63_limits_tell_how_long_within_bounds(headers: dict[str, str], wait: float) -> None:
    """Retry-After counts, else the reset of a spent limit, else a minute; never more than a quarter of an hour."""
    raised, _ = await dispatched(Said(429, SECONDARY, headers))
    assert isinstance(raised, Limited)
    assert raised.retry_after == wait


async def test_f41_refusal_is_githubs_sentence_with_its_first_detail() -> None:
    """People read what GitHub said, clipped."""
    said = {"message": "Validation Failed", "errors": [{"message": "ref is missing"}, {"message": "more"}]}
    raised, _ = await dispatched(Said(422, json.dumps(said)))
    assert raised.sentence == "Validation Failed: ref is missing"
    raised, _ = await dispatched(Said(422, json.dumps({"message": "x" * 10_000})))
    assert len(raised.sentence) == 300
    raised, _ = await dispatched(Said(404, ""))
    assert raised.sentence == "GitHub answered 404"


async def test_a47_errors_do_not_carry_the_token() -> None:
    """Neither the sentence nor its causes name the token."""
    raised, _ = await dispatched(Said(401, '{"message": "Bad credentials"}'))
    error: BaseException | None = raised
    while error is not None:
        assert "ghp_x" not in f"{error!r}{error}"
        error = error.__cause__


async def test_every_call_names_its_api_version_and_token() -> None:
    """The version decides whether a dispatch tells its run, so each call says which it speaks."""
    async with vendor(Said(200, '{"workflow_run_id": 7}')) as github, at(github) as repository:
        await repository.dispatch("acme/checkout", "deploy.yml", "main", {"sha": "1"})
    (heard,) = github.heard
    assert heard.path == "/repos/acme/checkout/actions/workflows/deploy.yml/dispatches"
    assert heard.headers["x-github-api-version"] == "2026-03-10"
    assert heard.headers["authorization"] == "Bearer ghp_x"
    assert heard.fields == {"ref": "main", "inputs": {"sha": "1"}}


async def test_connections_are_kept_over_calls_of_different_tasks() -> None:
    """githubkit keeps its client in a context variable; calls from other tasks still share its connection."""
    run = '{"id": 7, "created_at": "2026-11-20T17:06:00Z", "jobs": []}'
    async with vendor(Said(200, run)) as github, at(github) as repository:
        for _ in range(5):
            await asyncio.create_task(repository.run("acme/checkout", 7))
    assert len(github.heard) == 10
    assert github.connections == 1


async def test_f62_list_that_lacks_entries_is_not_believed() -> None:
    """A server that counts more checks than it lists has hidden one: the look fails."""
    said = Said(200, '{"total_count": 2, "check_runs": [], "statuses": []}')
    async with vendor(said) as github, at(github) as repository:
        with pytest.raises(Unclear, match="0 of 2"):
            await repository.checks("acme/checkout", "1" * 40)


async def test_list_without_end_is_not_believed() -> None:
    """A list that always has a next page ends the look instead of running for ever."""
    endless = Said(200, '{"total_count": 0, "check_runs": []}', {"Link": '<http://x>; rel="next"'})
    async with vendor(endless) as github, at(github, 5.0) as repository:
        with pytest.raises(Unclear, match="more than"):
            await repository.checks("acme/checkout", "1" * 40)
    assert len(github.heard) == 10


async def test_annotated_tag_means_the_commit_behind_it() -> None:
    """A tag object is not a commit: GitHub is asked for what it points at."""
    tag = {"ref": "refs/tags/v1", "object": {"type": "tag", "sha": "a" * 40}}
    longer = {"ref": "refs/tags/v1.1", "object": {"type": "commit", "sha": "c" * 40}}
    script = [
        Said(200, json.dumps([tag, longer])),
        Said(200, json.dumps({"sha": "b" * 40, "commit": {"message": "x"}})),
        Said(200, "[]"),
    ]
    async with vendor(*script) as github, at(github) as repository:
        assert await repository.resolve("acme/checkout", "v1") == Resolved("b" * 40)
    assert github.heard[1].path == "/repos/acme/checkout/commits/tags%2Fv1"


def test_steps_of_several_jobs_name_their_job() -> None:
    """One job shows its steps, several show whose step it is; a job without steps shows itself."""
    build = Job(name="build", status="completed", conclusion="success", steps=[_step("Compile", "success")])
    waiting = Job(name="deploy", status="queued")
    assert [step.name for step in steps_of([build]).shown] == ["Compile"]
    assert [(step.name, step.status) for step in steps_of([build, waiting]).shown] == [
        ("build / Compile", "succeeded"),
        ("deploy", "pending"),
    ]


def test_housekeeping_is_shown_only_when_it_failed() -> None:
    """Nobody wants to read "Set up job", unless that is what broke."""
    steps = [
        _step("Set up job", "failure"),
        _step("Post Run checkout", "success"),
        _step("Complete job", "success"),
    ]
    job = Job(name="deploy", status="completed", conclusion="failure", steps=steps)
    assert [(step.name, step.status) for step in steps_of([job]).shown] == [("Set up job", "failed")]


def test_step_that_failed_is_never_clipped() -> None:
    """Thirty steps are shown; a failed one beyond them takes the last place."""
    steps = [_step(f"step {number}", "failure" if number == 99 else "success") for number in range(100)]
    shown = steps_of([Job(name="deploy", status="completed", conclusion="failure", steps=steps)]).shown
    assert len(shown) == MOST_STEPS
    assert (shown[-1].name, shown[-1].status) == ("step 99", "failed")


@pytest.mark.parametrize(
    ("status", "conclusion", "word"),
    [
        ("queued", None, "pending"),
        ("waiting", None, "pending"),
        ("in_progress", None, "running"),
        ("completed", "success", "succeeded"),
        ("completed", "skipped", "skipped"),
        ("completed", "cancelled", "skipped"),
        ("completed", "failure", "failed"),
        ("completed", "timed_out", "failed"),
        ("completed", "something new", "failed"),
    ],
)
def test_words_of_steps(status: str, conclusion: str | None, word: str) -> None:
    """GitHub's status and conclusion become one of five words; an unknown conclusion is no success."""
    step = JobStep(name="a", status=status, conclusion=conclusion)
    assert [shown.status for shown in steps_of([Job(name="deploy", steps=[step])]).shown] == [word]


def _step(name: str, conclusion: str) -> JobStep:
    return JobStep(name=name, status="completed", conclusion=conclusion, number=1)
