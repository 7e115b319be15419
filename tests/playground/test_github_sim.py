"""The simulated GitHub lets calls in, starts runs and refuses as the vendor does."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from githubkit import AppAuthStrategy, TokenAuthStrategy
from githubkit import GitHub as Client
from githubkit.exception import RequestFailed

from bot.playground.world import RunMode, sha_for
from tests.playground.github_place import INPUTS, NEW, OLD, TOKEN, Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as made:
        yield made


async def test_dispatch_starts_a_run_on_the_trusted_refs_tip(place: Place) -> None:
    """The new API version answers 200 with the id of a run whose head is main's tip, not the promoted SHA."""
    answer = await place.dispatches()
    assert answer.status == 200
    run = await place.repo(f"/actions/runs/{answer['workflow_run_id']}")
    assert run["display_title"] == "Deploy v2.14.3 to production (c0ffee)"
    assert run["head_sha"] == sha_for("checkout", "v2.15.0") != INPUTS["sha"]
    assert (run["head_branch"], run["event"], run["path"]) == (
        "main",
        "workflow_dispatch",
        ".github/workflows/deploy.yml",
    )
    assert (run["status"], run["conclusion"], run["run_attempt"]) == ("queued", None, 1)
    assert place.run().actor == "greenlight[bot]"


async def test_old_api_version_answers_204_unless_details_are_asked_for(place: Place) -> None:
    """2022-11-28 starts the run and says nothing, unless the body has return_run_details."""
    assert (await place.dispatches(api=OLD)).status == 204
    path = "/repos/acme/checkout/actions/workflows/deploy.yml/dispatches"
    body = {"ref": "main", "inputs": {**INPUTS, "correlation_id": "other"}, "return_run_details": True}
    assert (await place.asks(path, method="POST", json=body, version=OLD)).status == 200
    assert len(place.github.runs.all) == 2


async def test_personal_token_acts_as_its_owner(place: Place) -> None:
    """A ghp_playground_LOGIN token is that person: GET /user says so, and so does the run's actor."""
    assert (await place.asks("/user", token="ghp_playground_ana-dev"))["login"] == "ana-dev"
    await place.dispatches(token="ghp_playground_ana-dev")
    assert place.run().actor == "ana-dev"
    assert (await place.asks("/user")).status == 403


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({"workflow": "deplo.yml"}, 404, "Not Found"),
        ({"workflow": "ci.yml"}, 422, "Workflow does not have 'workflow_dispatch' trigger"),
        ({"ref": "nowhere"}, 422, "No ref found for: nowhere"),
        ({"ref": sha_for("checkout", "v2.14.3")}, 422, f"No ref found for: {sha_for('checkout', 'v2.14.3')}"),
        ({"colour": "red"}, 422, 'Unexpected inputs provided: ["colour"]'),
        ({"environment": ""}, 422, "Required input 'environment' not provided"),
        ({"version": "", "sha": ""}, 422, "Required input 'version' not provided"),
        ({"triggered_by": "x" * 65_536}, 422, "inputs are too large."),
    ],
)
async def test_refused_dispatch_starts_nothing(
    place: Place, asked: dict[str, str], status: int, sentence: str
) -> None:
    """GitHub's own sentence and no run, for each thing that a dispatch can get wrong."""
    answer = await place.dispatches(**asked)
    assert (answer.status, answer["message"]) == (status, sentence)
    assert place.github.runs_state() == []


async def test_disabled_workflow_is_refused(place: Place) -> None:
    """A workflow that someone switched off says so and cannot be dispatched."""
    place.github.disables_workflow("checkout", "deploy.yml")
    assert (await place.repo("/actions/workflows/deploy.yml"))["state"] == "disabled_manually"
    assert (await place.dispatches()).status == 422


@pytest.mark.parametrize(
    ("token", "version", "status"),
    [
        ("ghp_" + "a" * 36, NEW, 401),
        ("ghs_" + "a" * 36, NEW, 401),
        ("github_pat_" + "a" * 40, NEW, 401),
        ("", NEW, 401),
        (TOKEN, "v3", 400),
        (TOKEN, OLD, 200),
    ],
)
async def test_tokens_that_look_real_and_unknown_versions_are_refused(
    place: Place, token: str, version: str, status: int
) -> None:
    """Only a playground token gets in, with one of the two API versions."""
    assert (await place.asks("/repos/acme/checkout", token=token, version=version)).status == status


@pytest.mark.parametrize("mode", ["502", "422", "404", "403"])
async def test_refusing_modes_start_nothing(place: Place, mode: RunMode) -> None:
    """The bent answers that mean no leave no run behind."""
    place.world.run.mode = mode
    assert (await place.dispatches()).status == int(mode)
    assert place.github.runs.all == []


@pytest.mark.parametrize(("mode", "status"), [("accept-then-502", 502), ("204", 204)])
async def test_a_run_may_start_behind_an_unhelpful_answer(place: Place, mode: RunMode, status: int) -> None:
    """The answer is 502 or empty, and yet there is one run that its correlation id finds."""
    place.world.run.mode = mode
    assert (await place.dispatches()).status == status
    listed = (await place.repo("/actions/runs?event=workflow_dispatch")).listed("workflow_runs")
    assert ["c0ffee" in str(run["display_title"]) for run in listed] == [True]


async def test_accept_then_reset_closes_the_connection_on_a_started_run(place: Place) -> None:
    """The client sees a broken connection; the ledger still has the call, with no status."""
    place.world.run.mode = "accept-then-reset"
    with pytest.raises(aiohttp.ClientOSError, match="reset"):
        await place.dispatches()
    assert len(place.github.runs.all) == 1
    assert [(call.method, call.status) for call in place.world.ledger] == [("POST", 0)]


async def test_accept_then_hang_answers_nothing(place: Place) -> None:
    """The run starts at once; the answer never comes."""
    place.world.run.mode = "accept-then-hang"
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(place.dispatches(), 0.3)
    assert len(place.github.runs.all) == 1


async def test_forced_accept_then_502_does_the_call_and_denies_it(place: Place) -> None:
    """The world's fault of that name works for every call, not only for runs as planned."""
    place.world.vendor["github"] = ["accept-then-502"]
    assert (await place.dispatches()).status == 502
    assert len(place.github.runs.all) == 1


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503])
async def test_bent_answers(place: Place, status: int) -> None:
    """A forced status comes once, in GitHub's error document; 429 says when to come again."""
    place.world.vendor["github"] = [status]
    answer = await place.repo()
    assert (answer.status, answer["status"]) == (status, str(status))
    assert ("Retry-After" in answer.headers) == (status == 429)
    assert (await place.repo()).status == 200


async def test_primary_rate_limit(place: Place) -> None:
    """Headers count down; when nothing remains, 403 until the reset."""
    left = [(await place.repo()).headers["X-RateLimit-Remaining"] for _ in range(2)]
    assert int(left[0]) - int(left[1]) == 1
    place.github.exhausts_rate_limit(60)
    refused = await place.repo()
    assert (refused.status, refused.headers["X-RateLimit-Remaining"]) == (403, "0")
    await place.passes(61)
    assert (await place.repo()).status == 200


async def test_ledger_has_every_call(place: Place) -> None:
    """Refused calls are in it as well, each with what was sent and answered."""
    await place.dispatches()
    await place.asks("/repos/acme/checkout/tags?per_page=1", token="ghp_real")
    first, second = place.world.ledger
    assert (first.vendor, first.method, first.status) == ("github", "POST", 200)
    assert first.path == "/repos/acme/checkout/actions/workflows/deploy.yml/dispatches"
    assert first.body == {"ref": "main", "inputs": INPUTS}
    assert (second.path, second.body, second.status) == ("/repos/acme/checkout/tags", {"per_page": "1"}, 401)


async def test_githubkit_dispatches_and_reads(place: Place) -> None:
    """The client library that the bot uses understands the answers, typed ones too."""
    async with Client(
        TokenAuthStrategy(TOKEN), base_url=place.base, http_cache=False, auto_retry=False
    ) as client:
        path = "/repos/acme/checkout/actions/workflows/deploy.yml/dispatches"
        body = {"ref": "main", "inputs": INPUTS}
        answer = await client.arequest("POST", path, json=body, headers={"X-GitHub-Api-Version": NEW})
        run_id = answer.json()["workflow_run_id"]
        run = (await client.rest.actions.async_get_workflow_run("acme", "checkout", run_id)).parsed_data
        assert (run.id, run.event, run.head_branch) == (run_id, "workflow_dispatch", "main")
        await place.passes(16)
        jobs = (
            await client.rest.actions.async_list_jobs_for_workflow_run("acme", "checkout", run_id)
        ).parsed_data
        assert [job.conclusion for job in jobs.jobs] == ["success"]
        commit = (await client.rest.repos.async_get_commit("acme", "checkout", "v2.14.3")).parsed_data
        assert commit.sha == INPUTS["sha"]
        checks = (await client.rest.checks.async_list_for_ref("acme", "checkout", commit.sha)).parsed_data
        assert {run.name for run in checks.check_runs} == {"build", "test"}
        compared = await client.rest.repos.async_compare_commits("acme", "checkout", "v2.14.2...v2.14.3")
        assert compared.parsed_data.ahead_by == 3
        repository = (await client.rest.repos.async_get("acme", "checkout")).parsed_data
        assert repository.default_branch == "main"
        with pytest.raises(RequestFailed):
            await client.arequest("GET", "/repos/acme/checkout/commits/v9")


async def test_githubkit_raw_requests_name_no_api_version(place: Place) -> None:
    """A raw request without the header is one of the oldest version, so that a dispatch names no run."""
    async with Client(TokenAuthStrategy(TOKEN), base_url=place.base, http_cache=False) as client:
        path = "/repos/acme/checkout/actions/workflows/deploy.yml/dispatches"
        answer = await client.arequest("POST", path, json={"ref": "main", "inputs": INPUTS})
    assert (answer.status_code, len(place.github.runs.all)) == (204, 1)


async def test_githubkit_logs_in_as_an_app(place: Place) -> None:
    """An App's JWT buys one token of its installation, which then opens everything else."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    async with Client(AppAuthStrategy(4242, pem.decode()), base_url=place.base, http_cache=False) as app:
        installed = (await app.rest.apps.async_get_repo_installation("acme", "checkout")).parsed_data
        client = app.with_auth(app.auth.as_installation(installed.id))
        async with client:
            for _ in range(2):
                assert (await client.arequest("GET", "/repos/acme/checkout")).json()["name"] == "checkout"
    bought = [call.status for call in place.world.ledger if call.path.endswith("/access_tokens")]
    assert bought == [201]
