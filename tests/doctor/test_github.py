"""What is wrong with GitHub is named, with what to do about it: credentials, the App, repositories, teams."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.playground.github.hook_api import Hook
from bot.playground.webhooks import Delivery
from tests.doctor.clinic import Clinic, not_well, place


@pytest.fixture
def clinic(clinic: Clinic) -> Clinic:
    """No bot runs that GitHub could reach, so webhooks are left out."""
    del clinic.environment["GITHUB_WEBHOOK_SECRET"]
    return clinic


@pytest.fixture
def app(clinic: Clinic) -> Clinic:
    """The bot is a GitHub App with its own key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    del clinic.environment["GITHUB_TOKEN"]
    clinic.environment |= {"GITHUB_APP_ID": "4242", "GITHUB_APP_PRIVATE_KEY": pem.decode()}
    return clinic


async def test_a_healthy_github_passes(clinic: Clinic) -> None:
    """Nothing to know of, nothing to mend."""
    assert not_well(await clinic.looks("github")) == []


async def test_a_healthy_app_passes(app: Clinic) -> None:
    """The same as a GitHub App."""
    assert not_well(await app.looks("github")) == []


async def test_github_token_bad(clinic: Clinic) -> None:
    """One FAIL with GitHub's sentence, not one for each repository."""
    clinic.environment["GITHUB_TOKEN"] = "ghp_of_somebody_else"
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "credentials", "GITHUB_TOKEN")
    assert "Bad credentials" in found.says
    assert "Set GITHUB_TOKEN" in found.fix


async def test_github_down(clinic: Clinic) -> None:
    """One FAIL."""
    clinic.playground.world.vendor_always["github"] = 503
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "credentials", "GITHUB_TOKEN")
    assert "did not answer" in found.says


async def test_github_limit_spent(clinic: Clinic) -> None:
    """A limit of the hour is nobody's mistake: something to know of, once."""
    clinic.playground.github.exhausts_rate_limit(600)
    found = await clinic.finds("github")
    assert place(found) == ("WARN", "credentials", "GITHUB_TOKEN")
    assert "asks to wait" in found.says


async def test_app_not_installed(app: Clinic) -> None:
    """The owner is named, and its repositories are not asked for."""
    app.playground.github.shelf.is_installed = False
    found = await app.finds("github")
    assert place(found) == ("FAIL", "installation", "acme")
    assert "Install it on acme" in found.fix


async def test_app_installed_on_selected_repositories(app: Clinic) -> None:
    """Each is asked for: one that is public can be read without being selected, and nothing starts there."""
    app.playground.github.repository("inventory").is_selected = False
    found = await app.finds("github")
    assert place(found) == ("FAIL", "installation", "acme/inventory")
    assert "Add acme/inventory to the App" in found.fix
    asked = [one.path for one in app.playground.world.ledger if one.path.endswith("/installation")]
    assert {one.split("/repos/")[-1] for one in asked} >= {
        f"acme/{name}/installation" for name in ("checkout", "storefront", "inventory")
    }


async def test_app_permission_missing(app: Clinic) -> None:
    """Reading runs is not starting them: the permission, what it is, and what it has to be."""
    app.playground.github.permissions["actions"] = "read"
    found = await app.finds("github")
    assert place(found) == ("FAIL", "permission", "actions")
    assert "has only read" in found.says
    assert "Set actions to write" in found.fix


async def test_app_permission_superfluous(app: Clinic) -> None:
    """What nothing needs is a thing to know of."""
    app.playground.github.permissions["administration"] = "write"
    found = await app.finds("github")
    assert place(found) == ("WARN", "permission", "administration")


async def test_repository_not_reachable(clinic: Clinic) -> None:
    """There is none of that name, or the token does not cover it: GitHub does not tell which."""
    clinic.writes("repo: acme/inventory", "repo: acme/stocks")
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "repository", "acme/stocks")
    assert "(inventory)" in found.says
    assert "Let GITHUB_TOKEN cover acme/stocks" in found.fix


async def test_repository_renamed(clinic: Clinic) -> None:
    """The old name still answers, with an address that nothing follows."""
    clinic.playground.github.renames("inventory", "stocks")
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "repository", "acme/inventory")
    assert "renamed" in found.says


async def test_environment_missing(clinic: Clinic) -> None:
    """GitHub would make it at the first run, without what protects the others."""
    clinic.playground.github.repository("checkout").environments.remove("production")
    found = await clinic.finds("github")
    assert place(found) == ("WARN", "environments", "acme/checkout")
    assert "no environment production" in found.says
    assert "Settings > Environments" in found.fix


async def test_team_not_readable(clinic: Clinic) -> None:
    """A team that is there passes; one that cannot be read is named."""
    clinic.writes("  other-team:       {members: [eli]}", "  other-team: {github_team: acme/sre}")
    assert not_well(await clinic.looks("github")) == []
    del clinic.playground.github.shelf.teams["sre"]
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "team", "acme/sre")
    assert "Members: read" in found.fix


@pytest.mark.parametrize(
    ("status", "grade", "says"),
    [
        (202, "PASS", "arrives (proved by its newest workflow_run)"),
        (401, "FAIL", "is not that of GITHUB_WEBHOOK_SECRET: its newest workflow_run was answered 401"),
        (404, "FAIL", "was answered 404"),
        ("refused", "FAIL", "did not reach the bot"),
        (502, "FAIL", "did not reach the bot"),
    ],
)
async def test_webhook_of_an_app(app: Clinic, status: int | str, grade: str, says: str) -> None:
    """It cannot be pinged: its newest delivery says whether it arrives, once for all repositories."""
    app.environment["GITHUB_WEBHOOK_SECRET"] = "playground-github-webhook-secret"
    github = app.playground.github
    github.hooks.of_app = Hook(0)
    github.courier.deliveries.append(
        Delivery(
            "github", "workflow_run.completed", "1", "/github/webhooks", b"", {}, app.clock.now(), status
        )
    )
    (found,) = [one for one in (await app.looks("github")).findings if one.check == "webhook"]
    assert found.grade == grade
    assert says in found.says
    assert [one.path for one in app.playground.world.ledger if one.path.endswith("/pings")] == []


async def test_webhooks_of_repositories_that_an_app_works_with(app: Clinic) -> None:
    """An App without a webhook of its own: each repository's is looked at."""
    app.environment["GITHUB_WEBHOOK_SECRET"] = "playground-github-webhook-secret"
    found = [one for one in (await app.looks("github")).findings if one.check == "webhook"]
    assert [one.about for one in found] == ["acme/checkout", "acme/storefront", "acme/inventory"]
    assert {one.grade for one in found} == {"FAIL"}
