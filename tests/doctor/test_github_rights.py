"""Whether workflows may be started is judged by what GitHub tells of it, and where it tells nothing that is said."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

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


async def test_a_classic_token_may_start_workflows(clinic: Clinic) -> None:
    """Its scope and its person's role say so."""
    found = [one for one in (await clinic.looks("github")).findings if one.check == "token"]
    assert [place(one) for one in found] == [("PASS", "token", "GITHUB_TOKEN")]


async def test_a_person_who_may_only_read(clinic: Clinic) -> None:
    """Every read succeeds, and no workflow would ever be started: the repository is named."""
    clinic.playground.github.repository("checkout").may_push = False
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "token", "acme/checkout")
    assert "Write on acme/checkout" in found.fix


async def test_a_classic_token_without_the_scope(clinic: Clinic) -> None:
    """Once, however many repositories there are."""
    clinic.playground.github.door.scopes = {"read:org"}
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "token", "GITHUB_TOKEN")
    assert "scope repo" in found.fix


async def test_a_fine_grained_token_proves_nothing(clinic: Clinic) -> None:
    """GitHub does not tell what it may do, so nobody says that a workflow can be started."""
    clinic.environment["GITHUB_TOKEN"] = "github_pat_playground_ana-dev"
    found = await clinic.looks("github")
    (own,) = not_well(found)
    assert place(own) == ("WARN", "token", "GITHUB_TOKEN")
    assert "cannot be proved" in own.says
    assert not [one for one in found.findings if "can be started" in one.says]


async def test_an_app_and_a_repository_that_moved(app: Clinic) -> None:
    """One FAIL for the old name, by the look at the repository."""
    app.playground.github.renames("inventory", "stocks")
    assert place(await app.finds("github")) == ("FAIL", "repository", "acme/inventory")


async def test_the_installation_of_an_app_is_looked_at_on_each_repository(app: Clinic) -> None:
    """One that was not selected can be read, when it is public, and no workflow of it be started."""
    app.playground.github.repository("inventory").is_selected = False
    found = await app.finds("github")
    assert place(found) == ("FAIL", "installation", "acme/inventory")
    assert "Add acme/inventory to the App's installation" in found.fix
    asked = {one.path for one in app.playground.world.ledger if one.path.endswith("/installation")}
    assert asked >= {f"/repos/acme/{name}/installation" for name in ("checkout", "storefront", "inventory")}
